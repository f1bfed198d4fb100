"""`python -m onward.dispatch`."""

from onward.chassis.runtime import run
from onward.dispatch.app import build
from onward.dispatch.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
