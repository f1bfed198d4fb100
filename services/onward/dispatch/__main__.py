"""`python -m onward.dispatch`."""

from onward.chassis.releases.settings import ReleaseSettings as Settings
from onward.chassis.runtime import run
from onward.dispatch.app import build

if __name__ == "__main__":
    run(build, Settings)
