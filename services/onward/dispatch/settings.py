"""Every variable that `dispatch` reads."""

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings; `database_url` is where the keyring is."""
