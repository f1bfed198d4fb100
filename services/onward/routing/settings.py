"""Every variable that `routing` reads."""

from onward.chassis.releases.settings import ReleaseSettings


class Settings(ReleaseSettings):
    """The chassis' settings, and who may publish rules. Routing has no database."""
