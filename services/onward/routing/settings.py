"""Every variable that `routing` reads."""

from pathlib import Path

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings, and who may publish rules. Routing has no database."""

    rule_keys: Path | None = None
    """The file of trusted keys. Without it nothing that is published counts, and the shipped rules stay live."""
