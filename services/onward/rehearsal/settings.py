"""The settings that services are built with for a rehearsal."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from onward.chassis.key_settings import MasterKeySettings, PepperSettings, ReferenceKeySettings
from onward.chassis.releases.settings import ReleaseSettings
from onward.chassis.security.mending import MendingKey
from onward.releases.signing import TrustedKey, TrustedKeys

_PEPPER = "of rehearsals: nothing that is made with this leaves the process"
_KEY = base64.b64encode(b"r" * 32).decode()
MENDING_KEY = MendingKey(b"m" * 32)
"""Opens what is parked in rehearsals."""


def matcher_key() -> Ed25519PrivateKey:
    """The key that answers in rehearsals are signed with; no installation trusts it."""
    return Ed25519PrivateKey.from_private_bytes(b"only for rehearsals of stories!!")


class RehearsalSettings(PepperSettings, MasterKeySettings, ReferenceKeySettings, ReleaseSettings):
    """Of no installation, for every service: nothing is read from the environment, and no address leads anywhere."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @property
    def trusted(self) -> TrustedKeys:
        """The one key of those who say who is who in rehearsals."""
        public = base64.b64encode(matcher_key().public_key().public_bytes_raw()).decode()
        key = TrustedKey(name="rehearsal", role="matcher", public=public)
        return {key.id: key}

    @classmethod
    def made_up(cls, *, pepper: str = _PEPPER, id_key: str = _KEY) -> "RehearsalSettings":
        """
        Those of every rehearsal: the same each time, so that ids and pseudonyms are too.

        With the *pepper* and the *id_key* (32 bytes, base64) of an installation they are those that it gives.
        """
        return cls(
            kafka_bootstrap="nowhere:9092",
            database_url="postgresql://nobody@nowhere/nothing",
            pepper=SecretStr(pepper),
            id_key=SecretStr(id_key),
            parking_key=base64.b64encode(MENDING_KEY.parking_key.raw).decode(),
            master_key=SecretStr(_KEY),
            reference_key=SecretStr(_KEY),
        )
