"""`python -m onward.tracking`."""

from onward.chassis.runtime import run
from onward.chassis.settings import Settings
from onward.tracking.app import build

if __name__ == "__main__":
    run(build, Settings)
