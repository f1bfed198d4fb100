"""Kafka's jars: which they are, whether a file is the recorded one, and how a missing one is fetched."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import requests
from jgo.maven import MavenContext
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from onward.local.cache import CACHE, need_room
from onward.local.errors import DownloadError, JarHashError, JarLockError

KAFKA_VERSION = "4.3.1"
# kafka_2.13 brings no logging binding: the smallest one starts fastest
WANTED = (f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}", "org.slf4j:slf4j-simple:1.7.36")
LOCK = Path(__file__).with_name("kafka.lock")

_AT_ONCE = 6
_TRIES = 3
_HTTP_SECONDS = 20
# A constant modification time: the AOT archive is only used with jars of the same name, size and time.
_MODIFIED = 1_577_836_800


@dataclass(frozen=True)
class Jar:
    """One line of `kafka.lock`."""

    coordinate: str
    """group:artifact:version."""
    sha256: str
    size: int
    """Bytes."""

    @property
    def filename(self) -> str:
        """Its file name, as Maven would give it."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """
        Read "coordinate sha256 size".

        Raises:
            ValueError: the line is anything else.
        """
        coordinate, sha256, size = line.split()
        if coordinate.count(":") != 2 or len(sha256) != 64:
            raise ValueError(line)
        return cls(coordinate, sha256, int(size))


def read_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    """
    The jars that make the broker, in the order of their file.

    Raises:
        JarLockError: a line is not "coordinate sha256 size", or there is none.
    """
    jars: list[Jar] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            try:
                jars.append(Jar.from_line(line))
            except ValueError:
                raise JarLockError(f"{path}:{number}", "not `group:artifact:version sha256 size`") from None
    if not jars:
        raise JarLockError(str(path), "it names no jar")
    return tuple(jars)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(path: Path, jar: Jar) -> None:
    """
    Refuse a file that is not the recorded one.

    Raises:
        JarHashError: its SHA-256 differs.
    """
    got = sha256_of(path)
    if got != jar.sha256:
        raise JarHashError(path, expected=jar.sha256, got=got)


def missing(jars: Sequence[Jar], directory: Path) -> list[Jar]:
    """
    The jars that are not in *directory*; those that are there have been checked.

    Raises:
        JarHashError: a file there is not the recorded one.
    """
    absent: list[Jar] = []
    for jar in jars:
        path = directory / jar.filename
        if path.exists():
            check(path, jar)
        else:
            absent.append(jar)
    return absent


def fetch(jars: Sequence[Jar], directory: Path, console: Console) -> None:
    """
    Put *jars* into *directory*, each only after its hash was found right, showing a progress bar.

    Call it with the cache locked. What was fetched before a failure stays and is used next time.

    Raises:
        TooLittleDiskError: they would not fit.
        DownloadError: one cannot be fetched.
        JarHashError: one is not the recorded file.
    """
    total = sum(jar.size for jar in jars)
    need_room(directory, 2 * total, what="Kafka's jars", chosen_with=CACHE)
    directory.mkdir(parents=True, exist_ok=True)
    with _progress(console, total) as progress, ThreadPoolExecutor(_AT_ONCE) as pool:
        task = progress.add_task("Fetching Apache Kafka (once)", total=total)
        try:
            for jar in pool.map(partial(_fetch_one, directory), jars):
                progress.advance(task, jar.size)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _progress(console: Console, total: int) -> Generator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    if not console.is_terminal:
        console.print(f"Fetching Apache Kafka {KAFKA_VERSION} (once, {total // 1_000_000} MB)")
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def _fetch_one(directory: Path, jar: Jar) -> Jar:
    reason = ""
    for _ in range(_TRIES):
        # A place of its own for each try: jgo takes a half-written file of an earlier one for a whole one.
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=directory) as scratch:
            try:
                got = _resolve(jar, Path(scratch))
            except requests.RequestException as error:
                reason = _cause(error)
                continue
            except RuntimeError:  # jgo: no repository has it, or one answered with an error
                reason = "the repository did not give it"
                continue
            digest = sha256_of(got)
            if digest != jar.sha256:
                raise JarHashError(directory / jar.filename, expected=jar.sha256, got=digest, fetched=True)
            os.utime(got, (_MODIFIED, _MODIFIED))
            shutil.move(got, directory / jar.filename)  # the same disk: a rename, whole or not at all
            return jar
    raise DownloadError(jar.filename, directory, reason)


def _resolve(jar: Jar, scratch: Path) -> Path:
    group, artifact, version = jar.coordinate.split(":")
    context = MavenContext(repo_cache=scratch, timeout=_HTTP_SECONDS)
    return context.project(group, artifact).at_version(version).artifact().resolve()


def _cause(error: requests.RequestException) -> str:
    """The kind of failure in words; the text of requests is long and full of addresses."""
    if isinstance(error, requests.exceptions.SSLError):
        return "the repository's certificate is not trusted (a proxy that opens TLS needs REQUESTS_CA_BUNDLE)"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy cannot be reached"
    if isinstance(error, requests.exceptions.Timeout):
        return "the repository did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no network, or the repository cannot be reached"
    return f"the download failed ({type(error).__name__})"
