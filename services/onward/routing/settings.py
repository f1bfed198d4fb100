"""Every variable that `routing` reads."""

from pathlib import Path

from pydantic import field_validator

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings, and who may publish rules. Routing has no database."""

    rule_keys: Path | None = None
    """The file of trusted keys. Without it nothing that is published counts, and the shipped rules stay live."""

    @field_validator("rule_keys", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None
