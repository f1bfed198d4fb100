"""Secrets from files as a source of settings; apart from the reading, which commands do without the settings."""

import os
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from onward.chassis.secret_files import PREFIX, SECRETS, secret


class SecretFiles(PydanticBaseSettingsSource):
    """Where settings come from, beside the environment."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - as its base
        """See `PydanticBaseSettingsSource`."""
        named = field_name in SECRETS and os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        return (secret(field_name) if named else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """What files hold."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def with_files(
    settings: type[BaseSettings], init: PydanticBaseSettingsSource, environment: PydanticBaseSettingsSource
) -> tuple[PydanticBaseSettingsSource, ...]:
    """What is given in the program first, then files, then the environment: one of the two, or `secret` refuses."""
    return init, SecretFiles(settings), environment
