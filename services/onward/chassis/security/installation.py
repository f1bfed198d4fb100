"""
Before its first record a process sees that it has the secrets that this installation was made with.

Their fingerprints are kept on the topic `installation`, for services without a database, and beside the keyring. The
first process finds none and notes its own: under one transactional id, so that of two that start together with
different secrets the second finds what the first has noted, and refuses.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from psycopg import errors
from psycopg.rows import tuple_row

from onward.chassis.errors import ConfigurationError, SecretsDifferError
from onward.chassis.kafka.cluster import Cluster
from onward.chassis.kafka.connection import KafkaConnection
from onward.chassis.kafka.following import Contents, Following
from onward.chassis.kafka.producers import ProducerSettings, is_overtaken, let_go, publish
from onward.chassis.postgres import database
from onward.chassis.record import EncodedRecord, Received
from onward.chassis.security import keyring
from onward.chassis.security.envelope import UnsealableError, Use
from onward.chassis.security.fingerprints import Noted, Secrets, compare, missing
from onward.chassis.security.wrapping import LocalKeys
from onward.contracts import topics
from onward.contracts.ids import content_id
from onward.contracts.installation import InstallationSecret

log = structlog.get_logger()

TRANSACTIONAL_ID: Final = "onward.installation"
"""Whoever notes something takes this id over first: whoever was about to note something else is refused."""

_TOPIC: Final = f"the topic `{topics.INSTALLATION.name}`"
_DATABASE: Final = "the database"
_MOST_TRIES: Final = 50
_ANSWER_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Kafka:
    """Where the topic is, and who asks."""

    connection: KafkaConnection
    client_id: str
    timeout_s: float


async def check(ours: Secrets, kafka: Kafka, database_url: str | None) -> None:
    """
    See that *ours* are those of this installation, or note them for the next; gives up on a server that hangs.

    Raises:
        As `_check`.
    """
    async with asyncio.timeout(3 * kafka.timeout_s):
        await _check(ours, kafka, database_url)


async def _check(ours: Secrets, kafka: Kafka, database_url: str | None) -> None:
    """
    Compare *ours* with what is noted on the topic and, if it is given, in the database; note them where nothing is.

    Raises:
        SecretsDifferError: One is another one. Nothing was noted.
        ConfigurationError: What is noted cannot be read by this release, or by this user of the database.
        KafkaError, OSError, psycopg.OperationalError: A server is away; call it again.
    """
    places = await _places(kafka, database_url)
    await asyncio.to_thread(compare, ours, places)
    if not any(missing(ours, noted) for noted in places.values()):
        return
    if database_url is not None and "master-key" in missing(ours, places[_DATABASE]):
        await _see_that_a_key_opens(database_url, ours)
    wanted: dict[str, InstallationSecret] = {**places[_TOPIC], **places.get(_DATABASE, {})}
    for name in missing(ours, wanted):
        wanted[name] = await asyncio.to_thread(ours.first_note, name)
    noted = await _note_on_topic(kafka, wanted) if wanted.keys() - places[_TOPIC].keys() else places[_TOPIC]
    await asyncio.to_thread(compare, ours, {_TOPIC: noted})
    # What the topic holds, which may be another process's note of the same secrets.
    if database_url is not None and await _note_in_database(database_url, noted):
        await asyncio.to_thread(compare, ours, {_DATABASE: await noted_in_database(database_url)})


async def compare_with_database(ours: Secrets, url: str) -> bool:
    """
    Compare *ours* with what is noted in the database only, for whoever finds that a key does not open.

    Returns:
        Whether there was anything to compare with.

    Raises:
        As `check`.
    """
    noted = await noted_in_database(url)
    await asyncio.to_thread(compare, ours, {_DATABASE: noted})
    return bool(noted.keys() & ours.values.keys())


async def compare_with_topic(ours: Secrets, kafka: Kafka) -> None:
    """
    Compare *ours* with what is noted on the topic only, for a person at a terminal; without the topic nothing is.

    Raises:
        As `check`.
    """
    cluster = Cluster(kafka.connection, kafka.client_id)
    try:
        async with asyncio.timeout(kafka.timeout_s):
            known = await cluster.topics()
    finally:
        await cluster.close()
    if topics.INSTALLATION.name not in known:
        return  # its end would be asked for again and again, without a pause, until the time is over
    await asyncio.to_thread(compare, ours, {_TOPIC: await noted_on_topic(kafka)})


async def _places(kafka: Kafka, database_url: str | None) -> dict[str, Noted]:
    places: dict[str, Noted] = {_TOPIC: await noted_on_topic(kafka)}
    if database_url is not None:
        places[_DATABASE] = await noted_in_database(database_url)
    return places


async def note_change(kafka: Kafka, database_url: str, changed: InstallationSecret) -> None:
    """
    Note *changed* in the place of what is noted of that secret: in the database first, which counts where they differ.

    Raises:
        KafkaError, OSError, psycopg.OperationalError: A server is away; do it again.
    """
    async with _connected(database_url) as connection:
        await connection.execute(
            "insert into keyring.secret_fingerprint (secret, record) values (%s, %s)"
            " on conflict (secret) do update set record = excluded.record, noted_at = now()",
            [changed.secret, changed.model_dump_json()],
        )
    producer = ProducerSettings(kafka.connection, kafka.client_id, request_timeout_s=kafka.timeout_s).make(
        TRANSACTIONAL_ID
    )
    try:
        async with asyncio.timeout(kafka.timeout_s):
            await producer.start()
            await producer.begin_transaction()
            await publish(producer, [_written(changed)])
            await producer.commit_transaction()
    finally:
        await let_go(producer)


# The topic


class _Notes:
    """A view of the topic: the last record of each secret."""

    def __init__(self) -> None:
        self._read: dict[str, InstallationSecret] = {}
        self.noted: dict[str, InstallationSecret] = {}
        self.unreadable = False

    def take(self, record: Received[InstallationSecret]) -> None:
        """See `TopicView`."""
        self._read[record.body.secret] = record.body

    async def settle(self, contents: Contents[InstallationSecret]) -> None:
        """See `TopicView`; a record that was deleted since has no place any more."""
        self.noted = {name: body for name, body in self._read.items() if contents.place(name) is not None}

    def refused(self, reason: str) -> None:
        """See `TopicView`."""
        self.unreadable = self.unreadable or reason == "unreadable"


async def noted_on_topic(kafka: Kafka) -> Noted:
    """
    What is noted on the topic.

    Raises:
        ConfigurationError: This release cannot read it.
        KafkaError, OSError: The broker is away.
    """
    notes = _Notes()
    following = Following(topics.INSTALLATION, notes)
    following.open(kafka.connection, kafka.client_id)
    try:
        async with asyncio.timeout(kafka.timeout_s):
            await following.catch_up()
    finally:
        await following.close()
    if notes.unreadable:
        raise ConfigurationError(
            f"{_TOPIC} holds what this release cannot read: run the release that wrote it, or find out who did"
        )
    return notes.noted


async def _note_on_topic(kafka: Kafka, wanted: Noted) -> Noted:
    """Note what of *wanted* is not there yet; what is there then, by whomever."""
    settings = ProducerSettings(kafka.connection, kafka.client_id, request_timeout_s=kafka.timeout_s)
    for _ in range(_MOST_TRIES):
        producer = settings.make(TRANSACTIONAL_ID)
        try:
            async with asyncio.timeout(kafka.timeout_s):
                await producer.start()
                # Only now: whoever noted before us has committed or was ended, and whoever comes after ends us.
                noted = await noted_on_topic(kafka)
                if not (absent := [record for name, record in wanted.items() if name not in noted]):
                    return noted
                await producer.begin_transaction()
                await publish(producer, [_written(record) for record in absent])
                await producer.commit_transaction()
        except KafkaError as error:
            if not is_overtaken(error):
                raise
            await asyncio.sleep(random.random())  # noqa: S311 - jitter, not a secret
        else:
            # Not read again: what was committed is seen only when the broker has written its marks.
            return {**noted, **{record.secret: record for record in absent}}
        finally:
            await let_go(producer)
    raise ConfigurationError(f"others keep writing to {_TOPIC}: start the services one after the other")


def _written(record: InstallationSecret) -> EncodedRecord:
    message = topics.INSTALLATION.message(record, key=record.secret)
    value = record.model_dump_json().encode()
    headers = [
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_id", content_id(value).encode()),
        ("ce_source", b"/onward/installation"),
        ("ce_type", message.event_type.encode()),
    ]
    return EncodedRecord(message.topic, message.key.encode(), value, headers)


# The database


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[database.Connection]:
    async with await database.plain(url) as connection:
        with database.answering(connection, within=_ANSWER_SECONDS):
            yield connection


async def noted_in_database(url: str) -> Noted:
    """
    What is noted beside the keyring; nothing where there is no keyring yet.

    Raises:
        ConfigurationError: This release, or this user of the database, cannot read it.
        psycopg.OperationalError, TimeoutError: The database is away.
    """
    async with _connected(url) as connection, connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select to_regclass('keyring.secret_fingerprint') is not null")
        if await cursor.fetchone() != (True,):
            return {}
        try:
            await cursor.execute("select record from keyring.secret_fingerprint")
        except errors.InsufficientPrivilege:
            raise ConfigurationError(
                "this service's user may not read keyring.secret_fingerprint: grant it select on that table"
            ) from None
        rows: Sequence[tuple[str]] = await cursor.fetchall()
    try:
        found = [InstallationSecret.model_validate_json(record) for (record,) in rows]
    except ValueError:
        raise ConfigurationError(
            "keyring.secret_fingerprint holds what this release cannot read: run the release that wrote it"
        ) from None
    return {record.secret: record for record in found}


async def _note_in_database(url: str, wanted: Noted) -> bool:
    """Note what is not there yet; False for a user who may only read: `people`, who owns the keyring, will."""
    async with _connected(url) as connection:
        try:
            await keyring.prepare(connection)
            async with connection.transaction(), connection.cursor() as cursor:
                await cursor.executemany(
                    "insert into keyring.secret_fingerprint (secret, record) values (%s, %s) on conflict do nothing",
                    [(name, record.model_dump_json()) for name, record in wanted.items()],
                )
        except errors.InsufficientPrivilege:
            log.warning("secrets.not_noted", why="this user may not write to keyring.secret_fingerprint; people does")
            return False
    return True


async def _see_that_a_key_opens(url: str, ours: Secrets) -> None:
    """
    Hold the master key against what it should open: a database from before there were fingerprints has none to compare.

    Raises:
        SecretsDifferError: The oldest person's key does not open.
        ConfigurationError: An earlier release wrapped it in a form that this one does not open.
    """
    async with _connected(url) as connection:
        if not await keyring.is_there(connection):
            return
        try:
            await keyring.open_oldest(connection, master=LocalKeys(Use.PERSON_KEY, ours.values["master-key"]))
        except UnsealableError as error:
            if error.reason == "earlier_version":
                raise ConfigurationError(f"a person's key in the database {error}. Nothing was handled") from None
            raise SecretsDifferError(
                "this process's ONWARD_MASTER_KEY does not open the person keys in the database, which were made "
                "before fingerprints were kept: give it the key that they were made with. Nothing was handled"
            ) from None
