"""Every variable that `people` reads."""

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings; `database_url` is where contacts are remembered and where the keyring is."""
