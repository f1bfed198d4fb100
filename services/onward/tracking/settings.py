"""Every variable that `tracking` reads."""

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings; `database_url` is where the ledger is."""
