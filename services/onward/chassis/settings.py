"""What every service reads from its environment, prefix `ONWARD_`. Values are never logged."""

from typing import Annotated, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator

from onward.chassis.kafka.connection import KafkaSettings
from onward.chassis.secret_values import keys_in
from onward.chassis.security.mending import PARKING_KEY_BYTES, ParkingKey

_NO_ADDRESS = (
    "is no address of a database; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and in the password"
    " @ as %40, : as %3A, / as %2F and % as %25"
)

_HEARTBEATS_PER_SESSION = 10
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
Seconds = Annotated[float, Field(gt=0)]


class Settings(KafkaSettings):
    """
    Settings of any service; one that needs more makes a subclass, of those of `key_settings` for each secret it needs.

    No service has a key that opens what it need not open. Every one makes ids, with `id_key` (32 bytes, base64), and
    parks, to `parking_key`, which is public: what it parks it cannot open. Both are the same in every service.
    """

    database_url: str | None = Field(default=None, repr=False, exclude=True)
    id_key: SecretStr
    parking_key: str
    """The public key of those who mend what is parked; while it is changed, the new one and below it the old."""

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

    @field_validator("id_key")
    @classmethod
    def _is_one_key(cls, value: SecretStr) -> SecretStr:
        if len(keys_in(value.get_secret_value())) > 1:
            raise ValueError("holds several keys, and there is one: ids are never made anew")
        return value

    @field_validator("parking_key")
    @classmethod
    def _is_a_public_key(cls, value: str) -> str:
        for each in keys_in(value, size=PARKING_KEY_BYTES, made_by="`onward keys new`"):
            ParkingKey.of(each)
        return value

    @property
    def heartbeat_s(self) -> float:
        """Seconds between two signs of life to the group."""
        return self.session_timeout_s / _HEARTBEATS_PER_SESSION

    @property
    def ids(self) -> bytes:
        """The key that ids are made with: 32 bytes."""
        return keys_in(self.id_key.get_secret_value())[0]

    @property
    def parking(self) -> tuple[ParkingKey, ...]:
        """To whom is parked: the first; whose word on what went back is believed: of each."""
        return tuple(map(ParkingKey.of, keys_in(self.parking_key, size=PARKING_KEY_BYTES)))


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
