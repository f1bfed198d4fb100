"""Where the person keys are read from."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg
import structlog

from onward.chassis.postgres import database
from onward.chassis.record import Received
from onward.chassis.security import installation, keyring
from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.fingerprints import Secrets
from onward.chassis.security.wrapping import WrappingKeys
from onward.contracts.referral import Delivery

log = structlog.get_logger()

_DAMAGED = b""
"""Opens nothing: the delivery is refused as `identity_unreadable`."""


class KeyringLookup:
    """
    The keys of a batch's persons, in one query over one connection.

    Nothing is kept between two batches: a key that is destroyed now must not open an envelope a second later.
    """

    def __init__(self, database_url: str, *, master: WrappingKeys, answer_within: float = 20.0) -> None:
        """*answer_within*: seconds that PostgreSQL has for the query."""
        self._url = database_url
        self._answer_within = answer_within
        self._master = master
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def __call__(self, records: Sequence[Received[Delivery]]) -> Mapping[str, bytes]:
        """
        The keys that there are; a person whose key was destroyed is absent, one whose key is damaged has none of use.

        Raises:
            psycopg.Error, TimeoutError: the database is away. The connection is dropped: the next call makes a new one.
            SecretsDifferError: the database was made with another master key.
            UnsealableError: a key does not open, and the database does not say with which one it was made.
        """
        persons = {record.body.sealed_for or record.body.person for record in records if record.body.sealed}
        if not persons:
            return {}
        try:
            connection = await self._connected()
            with database.answering(connection, within=self._answer_within):
                return await self._keys_for(connection, persons)
        except (psycopg.Error, TimeoutError):
            await self.close()
            raise

    async def _keys_for(self, connection: database.Connection, persons: Collection[str]) -> Mapping[str, bytes]:
        try:
            return await keyring.keys_for(connection, persons, master=self._master)
        except UnsealableError:
            # Another database than at the start? If not, rows are damaged, which must hold up nobody else.
            ours = Secrets({"master-key": self._master.held} if self._master.held else {})
            if not await installation.compare_with_database(ours, self._url):
                raise
            log.exception("keys.unreadable", count=len(persons))
            return await keyring.keys_for(connection, persons, master=self._master, unreadable=_DAMAGED)

    async def prepare(self) -> None:
        """Make the keyring if `people` has not yet: `dispatch` may be the first to start. Once made, it only reads."""
        connection = await self._connected()
        if not await keyring.is_there(connection):
            await keyring.prepare(connection)

    async def close(self) -> None:
        """Close the connection; a later call makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                await connection.close()

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            # autocommit: a reading transaction left open would hold back the vacuum that really removes a key.
            self._connection = await database.connect(self._url, "dispatch", purpose="keyring")
        return self._connection
