"""Every variable that intake reads."""

from onward.chassis.settings import Settings as ChassisSettings


class Settings(ChassisSettings):
    """Those of the chassis."""
