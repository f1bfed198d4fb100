"""What a local stack is secured with. Who has which right is made elsewhere: this only starts servers with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from onward.chassis.kafka.connection import KafkaConnection
from onward.local.kafka_security import KafkaSecurity

if TYPE_CHECKING:
    from onward.local.stack import Stack

Variables: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class StackSecurity:
    """Certificates of the servers, and how whoever comes to them proves who it is."""

    folder: Path
    """Where secrets and logins are, closed to others."""
    kafka: KafkaSecurity
    certificate: tuple[Path, Path]
    """What stands before PostgreSQL shows, and its key."""
    admin: Callable[[str], KafkaConnection]
    """To the broker at an address, as its administrator."""
    prepare: Callable[["Stack"], None]
    """Makes logins, rights, roles and tables, once the servers run and the topics are made."""
    environment: Callable[[str, "Stack"], Variables]
    """The variables of one service, and of no other."""
