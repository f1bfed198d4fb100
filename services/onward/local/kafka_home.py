"""What is made once and kept in the cache: the jars, a formatted directory to copy, and an AOT archive."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from onward.local import broker, jars, ports
from onward.local.cache import CACHE, exclusive, need_room
from onward.local.errors import LocalStackError, ServerDiedError
from onward.local.process import GuardedProcess, TemporaryDirectory

_ARCHIVE_ROOM = 150_000_000  # bytes: the archive and what is needed to make it
_FORMAT_SECONDS = 60
_START_SECONDS = 60
_ARCHIVE_SECONDS = 120


@dataclass(frozen=True)
class KafkaHome:
    """Everything a broker starts from. Nothing in it is ever written to by a broker."""

    jars: tuple[Path, ...]
    formatted: Path
    """A formatted data directory, to be copied."""
    archive: Path
    """An AOT archive: halves the start, or better. May be absent; a broker then starts without."""


def prepare(cache: Path, console: Console) -> KafkaHome:
    """
    Make what is missing in *cache*, once for all processes; touch no network when all is there.

    Every jar is checked against its recorded SHA-256 each time (some 70 ms).

    Raises:
        DownloadError, JarHashError, JarLockError, TooLittleDiskError: see there.
        ServerDiedError, NotReadyError: Kafka cannot be formatted.
    """
    wanted = jars.read_lock()
    base = cache / f"kafka-{jars.KAFKA_VERSION}"
    home = KafkaHome(
        jars=tuple(base / "jars" / jar.filename for jar in wanted),
        formatted=base / "formatted",
        archive=base / f"broker-{broker.java_version()}-{jars.sha256_of(jars.LOCK)[:8]}.aot",
    )
    if not jars.missing(wanted, base / "jars") and home.formatted.exists() and home.archive.exists():
        return home
    with exclusive(cache):
        # Another process may have made it while we waited.
        absent = jars.missing(wanted, base / "jars")
        if absent:
            jars.fetch(absent, base / "jars", console)
        if not home.formatted.exists():
            _format(home)
        if not home.archive.exists():
            _archive(home, console)
    return home


def _format(home: KafkaHome) -> None:
    directory = TemporaryDirectory("onward-format-")
    try:
        data = directory.path / "data"
        properties = directory.path / "server.properties"
        broker.write_properties(properties, port=1, controller_port=2, data=data)
        process = GuardedProcess(
            "Kafka's formatter", broker.format_command(home.jars, properties), log=directory.path / "format.log"
        )
        process.wait_until(lambda: process.exit_code() == 0, within=_FORMAT_SECONDS)
        process.stop(within=0)
        # Copied beside its place, then renamed: a copy that was broken off never looks whole.
        staging = home.formatted.with_suffix(".new")
        shutil.rmtree(staging, ignore_errors=True)
        shutil.copytree(data, staging)
        staging.rename(home.formatted)
    finally:
        directory.remove()


def _archive(home: KafkaHome, console: Console) -> None:
    """Run the broker once and let the JVM write down what it loaded. A failure costs speed only."""
    need_room(home.archive, _ARCHIVE_ROOM, what="Kafka's AOT archive", chosen_with=CACHE)
    directory = TemporaryDirectory("onward-archive-")
    staging = home.archive.with_suffix(".new")
    staging.unlink(missing_ok=True)
    try:
        with console.status("Preparing a faster start of Kafka (once)"):
            _train(home, directory.path, staging)
        staging.rename(home.archive)
    except (LocalStackError, OSError) as error:
        console.print(f"Kafka will start more slowly: its AOT archive could not be made ({type(error).__name__})")
    finally:
        directory.remove()


def _train(home: KafkaHome, directory: Path, archive: Path) -> None:
    shutil.copytree(home.formatted, directory / "data")
    port = ports.free_port()
    properties = directory / "server.properties"
    broker.write_properties(properties, port=port, controller_port=ports.free_port(), data=directory / "data")
    command = broker.run_command(home.jars, properties, profile="dev", scratch=directory, write_archive=archive)
    process = GuardedProcess("Kafka", command, log=directory / "broker.log")
    try:
        process.wait_until(lambda: broker.READY_LINE in process.output(), within=_START_SECONDS)
        process.send(signal.SIGTERM)
        process.wait_until(lambda: process.exit_code() is not None, within=_ARCHIVE_SECONDS)
    finally:
        process.stop(within=0)
    if not archive.exists():
        raise ServerDiedError("Kafka", exit_code=process.exit_code() or 0, log_tail=process.log_tail())
