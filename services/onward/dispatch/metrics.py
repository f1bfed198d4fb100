"""What dispatch tells beside every service's own."""

from onward.chassis.releases.metrics import DIRECTORIES

ALL = DIRECTORIES
"""Which directory it goes by, and what of `rulesets` it did not take."""
