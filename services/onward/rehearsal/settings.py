"""The settings that services are built with for a rehearsal."""

import base64

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from onward.chassis.releases.settings import ReleaseSettings

_PEPPER = "of rehearsals: nothing that is made with this leaves the process"


class RehearsalSettings(ReleaseSettings):
    """Settings of no installation: nothing is read from the environment, and no address leads anywhere."""

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

    @classmethod
    def made_up(cls) -> "RehearsalSettings":
        """Those of every rehearsal: the same each time, so that ids and pseudonyms are too."""
        return cls(
            kafka_bootstrap="nowhere:9092",
            database_url="postgresql://nobody@nowhere/nothing",
            pepper=SecretStr(_PEPPER),
            master_key=SecretStr(base64.b64encode(b"r" * 32).decode()),
        )
