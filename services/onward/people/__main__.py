"""`python -m onward.people`."""

from onward.chassis.releases.settings import KeySettings as Settings
from onward.chassis.runtime import run
from onward.people.app import build

if __name__ == "__main__":
    run(build, Settings)
