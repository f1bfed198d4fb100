"""The secrets that only some services have, each a part of settings: which of them a service has says what it may."""

from typing import TypeVar

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings

from onward.chassis.secret_values import keys_in, peppers_in
from onward.chassis.security.envelope import Use
from onward.chassis.security.wrapping import LocalKeys, WrappingKeys
from onward.chassis.settings import Settings

S = TypeVar("S", bound=BaseSettings)


class PepperSettings(Settings):
    """`people`: makes the pseudonyms by which somebody's numbers are looked up."""

    pepper: SecretStr

    @field_validator("pepper")
    @classmethod
    def _is_a_pepper(cls, value: SecretStr) -> SecretStr:
        peppers_in(value.get_secret_value())
        return value

    @property
    def peppers(self) -> tuple[bytes, ...]:
        """All of them, the newest first."""
        return peppers_in(self.pepper.get_secret_value())


class MasterKeySettings(Settings):
    """`people` and `dispatch`: wraps the keys that persons' identities are sealed under."""

    master_key: SecretStr

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        keys_in(value.get_secret_value())
        return value

    @property
    def master(self) -> WrappingKeys:
        """What wraps persons' keys."""
        return LocalKeys(Use.PERSON_KEY, keys_in(self.master_key.get_secret_value()))


class ReferenceKeySettings(Settings):
    """`people` and `tracking`: wraps the keys that partners' references for persons are sealed under."""

    reference_key: SecretStr

    @field_validator("reference_key")
    @classmethod
    def _is_a_reference_key(cls, value: SecretStr) -> SecretStr:
        keys_in(value.get_secret_value())
        return value

    @property
    def reference(self) -> WrappingKeys:
        """What wraps the keys to partners' references."""
        return LocalKeys(Use.REFERENCE_KEY, keys_in(self.reference_key.get_secret_value()))
