"""Where the person keys are read from."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from onward.chassis import database, keyring
from onward.chassis.record import Received
from onward.contracts.referral import Delivery


class KeyringLookup:
    """
    The keys of a batch's persons, in one query over one connection.

    Nothing is kept between two batches: a key that is destroyed now must not open an envelope a second later.
    """

    def __init__(self, database_url: str, *, master: bytes, answer_within: float = 20.0) -> None:
        """*answer_within*: seconds that PostgreSQL has for the query."""
        self._url = database_url
        self._answer_within = answer_within
        self._master = master
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def __call__(self, records: Sequence[Received[Delivery]]) -> Mapping[str, bytes]:
        """
        The keys that there are; a person whose key was destroyed is absent.

        Raises:
            psycopg.Error, TimeoutError: the database is away. The connection is dropped: the next call makes a new one.
            UnsealableError: the master key is not the one the keys were made with.
        """
        persons = {record.body.person for record in records if record.body.sealed}
        if not persons:
            return {}
        try:
            connection = await self._connected()
            with database.answering(connection, within=self._answer_within):
                return await keyring.keys_for(connection, persons, master=self._master)
        except (psycopg.Error, TimeoutError):
            await self.close()
            raise

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
