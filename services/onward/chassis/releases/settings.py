"""What a service that follows releases reads from its environment beside every service's own."""

from pathlib import Path

from pydantic import Field, field_validator

from onward.chassis import settings
from onward.chassis.errors import ConfigurationError
from onward.releases.signing import KeyFileError, TrustedKeys, trusted_keys


class KeySettings(settings.Settings):
    """The chassis' settings, and whose signatures count."""

    rule_keys: Path | None = None
    """
    The file of trusted keys. Without it nothing that is published counts, and what was shipped stays live; nor does
    anybody's answer to whether two people are one.
    """

    @field_validator("rule_keys", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @property
    def trusted(self) -> TrustedKeys:
        """
        The keys that may sign; none without a file.

        Raises:
            ConfigurationError: The file cannot be used.
        """
        if self.rule_keys is None:
            return {}
        try:
            return trusted_keys(self.rule_keys.read_bytes())
        except (OSError, KeyFileError) as error:
            raise ConfigurationError(f"ONWARD_RULE_KEYS: {self.rule_keys} cannot be used: {error}") from error


class ReleaseSettings(KeySettings):
    """And who may publish rules and the directory: the same in every service that follows."""

    rules_at_least: int = Field(default=0, ge=0)
    """
    Do not become ready before the release of this number. With 1, the shipped rules never decide again: whoever empties
    the topic stops processes that start, and does not bring old rules back.
    """

    rules_made_anew: bool = False
    """
    The topic was made anew, and its releases are numbered from 1 again: what names a number of before waits for its
    directory alone. Only for as long as such records are on their way or wait for approval.
    """
