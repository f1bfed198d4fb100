"""The secrets that only some services have, each a part of settings: which of them a service has says what it may."""

from typing import TypeVar

from pydantic import FilePath, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from onward.chassis.key_services import wrapping_keys
from onward.chassis.secret_values import pepper_in
from onward.chassis.security.envelope import Use
from onward.chassis.security.wrapping import WrappingKeys
from onward.chassis.settings import Settings

S = TypeVar("S", bound=BaseSettings)


class PepperSettings(Settings):
    """`people`: makes the pseudonyms by which somebody's numbers are looked up."""

    pepper: SecretStr

    @field_validator("pepper")
    @classmethod
    def _is_a_pepper(cls, value: SecretStr) -> SecretStr:
        pepper_in(value.get_secret_value())
        return value

    @property
    def pseudonyms(self) -> bytes:
        """The pepper, which pseudonyms are made with."""
        return pepper_in(self.pepper.get_secret_value())


class KeyServiceSettings(Settings):
    """With which Vault is asked, where a key is there."""

    vault_token: SecretStr | None = None
    vault_ca_file: FilePath | None = None
    """The certificates that Vault's is signed by; without it those that the machine trusts."""

    def _wrapping(self, use: Use, text: SecretStr) -> WrappingKeys:
        token = None if self.vault_token is None else self.vault_token.get_secret_value()
        return wrapping_keys(use, text.get_secret_value(), token=token, authority=self.vault_ca_file)


class MasterKeySettings(KeyServiceSettings):
    """`people` and `dispatch`: wraps the keys that persons' identities are sealed under."""

    master_key: SecretStr

    @field_validator("master_key")
    @classmethod
    def _is_a_master_key(cls, value: SecretStr, known: ValidationInfo) -> SecretStr:
        _checked(Use.PERSON_KEY, value, known)
        return value

    @property
    def master(self) -> WrappingKeys:
        """What wraps persons' keys."""
        return self._wrapping(Use.PERSON_KEY, self.master_key)


class ReferenceKeySettings(KeyServiceSettings):
    """`people` and `tracking`: wraps the keys that partners' references for persons are sealed under."""

    reference_key: SecretStr

    @field_validator("reference_key")
    @classmethod
    def _is_a_reference_key(cls, value: SecretStr, known: ValidationInfo) -> SecretStr:
        _checked(Use.REFERENCE_KEY, value, known)
        return value

    @property
    def reference(self) -> WrappingKeys:
        """What wraps the keys to partners' references."""
        return self._wrapping(Use.REFERENCE_KEY, self.reference_key)


def _checked(use: Use, value: SecretStr, known: ValidationInfo) -> None:
    token: SecretStr | None = known.data.get("vault_token")
    given = None if token is None else token.get_secret_value()
    wrapping_keys(use, value.get_secret_value(), token=given, authority=known.data.get("vault_ca_file"))
