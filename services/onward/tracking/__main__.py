"""`python -m onward.tracking`."""

from onward.chassis.runtime import run
from onward.tracking.app import build
from onward.tracking.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
