"""What every service reads from its environment, prefix `ONWARD_`. Values are never logged."""

import base64
import binascii
from typing import Annotated, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator

from onward.chassis.kafka.connection import KafkaSettings

_NO_ADDRESS = (
    "is no address of a database; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and in the password"
    " @ as %40, : as %3A, / as %2F and % as %25"
)

_HEARTBEATS_PER_SESSION = 10
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
Seconds = Annotated[float, Field(gt=0)]


class Settings(KafkaSettings):
    """
    Settings of any service; a service that needs more makes a subclass.

    `pepper` keeps pseudonyms from being guessed, `master_key` (32 bytes, base64) seals parked records and the
    keys of persons. Both must be the same in every service and never change while topics hold data made with them.
    """

    database_url: str | None = Field(default=None, repr=False, exclude=True)
    pepper: SecretStr = Field(min_length=32)
    master_key: SecretStr

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65_535)
    """0 takes a free port, told in the log line `service.listening`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    batch_records: int = Field(default=500, ge=1, le=10_000)
    """The most records, over all its partitions, that a hop handles at once."""
    session_timeout_s: Seconds = 10
    """Silence after which the broker gives a process's partitions to others."""
    rebalance_timeout_s: Seconds = 15
    request_timeout_s: Seconds = 12
    """How long Kafka and PostgreSQL have to answer, a whole transaction included, before they count as gone."""
    topics_wait_s: Seconds = 60
    """How long to wait at start for topics that do not exist yet."""
    stop_within_s: Seconds = 15
    """How long a stop waits for the batch in hand."""
    watch_every_s: Seconds = 10
    """How often each process asks the broker how far every group is, for the metrics of lag and of the books."""
    failure_limit: int = Field(default=1000, ge=1)
    """The service stops when so many records in a row failed in its own code."""

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        if not _is_read_as_meant(value):
            raise ValueError(_NO_ADDRESS)
        if conninfo_to_dict(value).get("sslmode") not in (None, *_SSL_MODES):
            raise ValueError(f"has no sslmode that there is; there are {', '.join(_SSL_MODES)}")
        return value

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        try:
            size = len(base64.b64decode(value.get_secret_value(), validate=True))
        except binascii.Error:
            raise ValueError("must be base64; make one with `openssl rand -base64 32`") from None
        if size != 32:
            raise ValueError(f"must be 32 bytes, not {size}; make one with `openssl rand -base64 32`")
        return value

    @property
    def heartbeat_s(self) -> float:
        """Seconds between two signs of life to the group."""
        return self.session_timeout_s / _HEARTBEATS_PER_SESSION

    @property
    def master(self) -> bytes:
        """The master key itself: 32 bytes."""
        return base64.b64decode(self.master_key.get_secret_value())


def _is_read_as_meant(url: str) -> bool:
    """Whether libpq can read *url*, and did not cut it at an @ or / of the password, which it would then tell us of."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.Error:
        return False
    ports = parts.get("port", "").split(",")
    return (
        "@" not in parts.get("host", "")
        and not {"@", "/"} & set(parts.get("dbname", ""))
        and all(not port or port.isdecimal() for port in ports)
    )
