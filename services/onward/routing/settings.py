"""Every variable that `routing` reads."""

from pathlib import Path

from pydantic import Field, field_validator

from onward.chassis import settings


class Settings(settings.Settings):
    """The chassis' settings, and who may publish rules. Routing has no database."""

    rule_keys: Path | None = None
    """The file of trusted keys. Without it nothing that is published counts, and the shipped rules stay live."""

    rules_at_least: int = Field(default=0, ge=0)
    """
    Do not become ready before the release of this number. With 1, the shipped rules never decide again: whoever empties
    the topic stops processes that start, and does not bring old rules back.
    """

    @field_validator("rule_keys", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None
