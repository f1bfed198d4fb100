"""`python -m onward.dispatch`."""

from onward.chassis.releases.settings import ReleaseSettings
from onward.chassis.runtime import run
from onward.dispatch.app import build

if __name__ == "__main__":
    run(build, ReleaseSettings)
