"""`python -m onward.intake [--check]`."""

from onward.chassis.runtime import run
from onward.intake.app import build
from onward.intake.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
