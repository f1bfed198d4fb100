"""What a broker is started with that lets nobody in without TLS and a login."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final

ADMIN: Final = "admin"
"""Who may do everything, and makes logins and rights."""
_BROKER: Final = "broker"
_PROPERTIES: Final = Path(__file__).with_name("secured.properties")
_MODULE: Final = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@dataclass(frozen=True)
class KafkaSecurity:
    """A certificate, and the logins that do not stand in the broker's own metadata."""

    keystore: Path
    """PEM: the broker's key and its certificate, for 127.0.0.1."""
    authority: Path
    """PEM: who certified it."""
    admin_password: str = field(repr=False)
    broker_password: str = field(repr=False)
    """The broker's for itself: it speaks with its own transaction coordinator."""

    def secure(self, properties: Path, *, port: int, controller_port: int) -> None:
        """Add to a broker's configuration what closes it; nobody else may read the file from then on."""
        users = f'user_{ADMIN}="{self.admin_password}" user_{_BROKER}="{self.broker_password}"'
        login = f'{_MODULE} username="{_BROKER}" password="{self.broker_password}" {users};'
        text = properties.read_text(encoding="utf-8") + Template(_PROPERTIES.read_text(encoding="utf-8")).substitute(
            port=port,
            controller_port=controller_port,
            keystore=self.keystore,
            authority=self.authority,
            login=login,
            admin=ADMIN,
            broker=_BROKER,
        )
        properties.unlink()
        descriptor = os.open(properties, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
