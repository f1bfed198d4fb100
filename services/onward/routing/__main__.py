"""`python -m onward.routing`."""

from onward.chassis.runtime import run
from onward.routing.app import build
from onward.routing.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
