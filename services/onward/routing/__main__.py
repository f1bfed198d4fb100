"""`python -m onward.routing`."""

from onward.chassis.service import run
from onward.routing.app import build
from onward.routing.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
