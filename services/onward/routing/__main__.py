"""`python -m onward.routing`."""

from onward.chassis.releases.settings import ReleaseSettings as Settings
from onward.chassis.runtime import run
from onward.routing.app import build

if __name__ == "__main__":
    run(build, Settings)
