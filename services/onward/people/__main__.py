"""`python -m onward.people`."""

from onward.chassis.runtime import run
from onward.people.app import build
from onward.people.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
