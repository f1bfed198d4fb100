"""
An archive of situations on disk: what the `situations` topic held, without anything that identifies a person.

A folder holds `manifest.json` and shards of JSON lines, compressed with gzip. The manifest says how many situations
there are, by source and month, and the SHA-256 of every shard. It may describe a year of which the shards hold only a
sample. A single file of JSON lines, `.jsonl` or `.jsonl.gz`, is an archive too, without any hash to check it by.
"""

import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from pydantic import Field, ValidationError

from onward.calendar.times import london_day
from onward.contracts.base import Written
from onward.contracts.situation import Situation

MANIFEST = "manifest.json"
SHARD_SIZE = 50_000
"""Situations in a shard, unless something else is asked for: some megabytes."""
_LONGEST_LINE = 1 << 20
"""No message is longer: see `schemas/topics/situations.yaml`."""
_QUICK = 1
"""The gzip level: twice as fast to write as the usual one, a tenth larger."""


class ArchivePart(Written):
    """One file of an archive."""

    file: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*\.jsonl\.gz$")
    situations: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class WholeYear(Written):
    """The year that an archive is a sample of."""

    year: int
    situations: int = Field(ge=1)
    sources: dict[str, int]
    description: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the description that the sample was made from."""


class Manifest(Written):
    """What an archive holds."""

    format: Literal["onward-archive/v1"] = "onward-archive/v1"
    origin: str
    """Where the situations come from, in words."""
    situations: int
    sources: dict[str, int]
    months: dict[str, int]
    """By London month of the event, such as `2026-03`."""
    of: WholeYear | None = None
    """Set where the situations are a sample."""
    shards: tuple[ArchivePart, ...]


class ArchiveError(Exception):
    """An archive cannot be read. The message says where (shard and line) and what to do."""


@dataclass(slots=True)
class ArchiveWriter:
    """
    Writes an archive into a folder; nothing of it counts until `finish` has written the manifest.

    Raises:
        ArchiveError: The folder holds something already, or is none.
        OSError: It cannot be written.
    """

    folder: Path
    origin: str
    of: WholeYear | None = None
    shard_size: int = SHARD_SIZE
    _lines: list[bytes] = field(default_factory=list)
    _shards: list[ArchivePart] = field(default_factory=list)
    _sources: Counter[str] = field(default_factory=Counter)
    _months: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.folder.is_file():
            raise ArchiveError(f"{self.folder}: is a file; name a new folder")
        if self.folder.exists() and any(self.folder.iterdir()):
            raise ArchiveError(f"{self.folder}: holds something already; name an empty or new folder")
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, situation: Situation) -> None:
        """
        Add a situation, without the sealed identity and the partners' references.

        No rule sees either, and an archive without them can be kept when the person's key is gone.
        """
        plain = situation.model_copy(update={"sealed": "", "references": {}})
        self._lines.append(plain.model_dump_json(exclude_defaults=True).encode())
        self._sources[situation.source] += 1
        self._months[london_day(situation.occurred_at).strftime("%Y-%m")] += 1
        if len(self._lines) >= self.shard_size:
            self._write_shard()

    def add_json(self, body: bytes) -> None:
        """
        Add a situation as a topic holds it.

        Raises:
            ArchiveError: It is none.
        """
        try:
            self.add(Situation.model_validate_json(body))
        except ValidationError as error:
            number = self._sources.total() + 1
            raise ArchiveError(f"record {number} is no situation of this version: {complaint(error)}") from error

    def _write_shard(self) -> None:
        name = f"situations-{len(self._shards) + 1:05}.jsonl.gz"
        # A fixed time and no name inside: the same situations are the same bytes.
        content = gzip.compress(b"\n".join([*self._lines, b""]), _QUICK, mtime=0)
        (self.folder / name).write_bytes(content)
        self._shards.append(
            ArchivePart(file=name, situations=len(self._lines), sha256=hashlib.sha256(content).hexdigest())
        )
        self._lines.clear()

    def finish(self) -> Manifest:
        """Write what is left, and the manifest."""
        if self._lines:
            self._write_shard()
        manifest = Manifest(
            origin=self.origin,
            situations=self._sources.total(),
            sources=dict(sorted(self._sources.items())),
            months=dict(sorted(self._months.items())),
            of=self.of,
            shards=tuple(self._shards),
        )
        (self.folder / MANIFEST).write_text(manifest.model_dump_json(indent=2, exclude_none=True) + "\n")
        return manifest


def complaint(error: ValidationError) -> str:
    """What is first wrong with a message, by its place; never a value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "the line"
    return f"{where}: {'is no JSON, or is cut short' if first['type'] == 'json_invalid' else first['msg']}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of an archive, one after the other."""

    shard: str
    first_line: int
    """Counted from 1."""
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that can be read, any number of times."""

    path: Path
    manifest: Manifest | None
    """None for a single file."""

    @classmethod
    def open(cls, path: Path) -> "Archive":
        """
        The archive at *path*; its shards are looked at only when they are read.

        Raises:
            ArchiveError: There is none, or its manifest is damaged.
        """
        if path.is_file():
            return cls(path, None)
        if not path.is_dir():
            raise ArchiveError(f"{path}: no such file or folder; make an archive with `onward rules archive`")
        try:
            return cls(path, Manifest.model_validate_json((path / MANIFEST).read_bytes()))
        except OSError as error:
            raise ArchiveError(f"{path / MANIFEST}: {error.strerror}; an archive has one beside its shards") from error
        except ValidationError as error:
            raise ArchiveError(f"{path / MANIFEST}: {complaint(error)}; make the archive again") from error

    def chunks(self, size: int, *, most: int | None = None) -> Iterator[Chunk]:
        """
        Its lines in order, *size* at a time, at most *most* of them; never more than a few chunks are in memory.

        Raises:
            ArchiveError: A shard is missing, is not the file that the manifest describes, or is cut short. What was
                read of it before must not be used.
        """
        left = most
        for path, expected in self._files():
            for chunk in _chunks(path, expected, size, left):
                yield chunk
                if left is not None:
                    left -= len(chunk.lines)
            if left == 0:
                return

    def _files(self) -> Iterator[tuple[Path, ArchivePart | None]]:
        if self.manifest is None:
            yield self.path, None
        else:
            for shard in self.manifest.shards:
                yield self.path / shard.file, shard


def _chunks(path: Path, expected: ArchivePart | None, size: int, most: int | None) -> Iterator[Chunk]:
    seen = 0
    try:
        with path.open("rb") as file:
            if expected is not None:
                _check_hash(file, expected, path)
            lines = io.BufferedReader(gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file
            for part in _parts(lines, size, most):
                yield Chunk(path.name, seen + 1, part)
                seen += len(part)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveError(f"{path}: after line {seen}: damaged or cut short; copy the file again") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}; the archive is not complete") from error
    if expected is not None and most is None and seen != expected.situations:
        raise ArchiveError(f"{path}: {seen} situations, the manifest says {expected.situations}; make it again")


def _check_hash(file: IO[bytes], expected: ArchivePart, path: Path) -> None:
    """Before anything is read, so that no half of a damaged shard is ever counted."""
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any readable file does
    if found != expected.sha256:
        message = f"{path}: SHA-256 is {found[:12]}…, the manifest says {expected.sha256[:12]}…; copy the file again"
        raise ArchiveError(message)
    file.seek(0, io.SEEK_SET)


def _parts(lines: IO[bytes], size: int, most: int | None) -> Iterator[tuple[bytes, ...]]:
    """*size* lines at a time, at most *most* in all."""
    left = most
    while left is None or left > 0:
        wanted = size if left is None else min(size, left)
        part = tuple(line for _ in range(wanted) if (line := lines.readline(_LONGEST_LINE)))
        if part:
            yield part
        if len(part) < wanted:
            return
        if left is not None:
            left -= wanted
