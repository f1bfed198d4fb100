"""`python -m onward.intake [--check]`."""

from onward.chassis.runtime import run
from onward.chassis.settings import Settings
from onward.intake.app import build

if __name__ == "__main__":
    run(build, Settings)
