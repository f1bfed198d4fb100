"""Every variable that `routing` reads."""

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings; routing has no database and needs nothing more."""
