"""`python -m onward.dispatch`."""

from onward.chassis.runtime import run
from onward.chassis.settings import Settings
from onward.dispatch.app import build

if __name__ == "__main__":
    run(build, Settings)
