"""How a writer's records follow each other."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from onward.audit import merkle
from onward.contracts.audit import AuditEntry, AuditRecord


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record of a chain: its number, and the SHA-256 of its bytes."""

    number: int = 0
    sha256: str = ""


BEGINNING: Final = Head()
"""Before the first record."""


def canonical(document: Any) -> bytes:
    """The one way to write a document: JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def follow(head: Head, *, writer: str, at: str, entries: Sequence[dict[str, str]]) -> tuple[bytes, Head]:
    """
    The record that follows *head*, as the bytes of an `AuditRecord`, and the head that it is.

    *entries* are entries as they are written: what is blank is left out. *at* is in ISO 8601.
    """
    record = {
        "writer": writer,
        "number": head.number + 1,
        "previous": head.sha256,
        "at": at,
        "entries": entries,
    }
    value = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()
    return value, Head(head.number + 1, digest(value))


def head_of(value: bytes | None) -> Head:
    """The head that the record with these bytes is; None: there is none yet. What is no record counts for nothing."""
    if value is None:
        return BEGINNING
    try:
        return Head(AuditRecord.model_validate_json(value).number, digest(value))
    except ValidationError:
        return BEGINNING


def digest(value: bytes) -> str:
    """The SHA-256 of *value*, in hexadecimal digits."""
    return hashlib.sha256(value).hexdigest()


def follows(record: AuditRecord, head: Head) -> bool:
    """Whether *record* is the one that comes after *head*."""
    return (record.number, record.previous) == (head.number + 1, head.sha256)


def leaves(record: AuditRecord) -> Iterator[bytes]:
    """What the tree of a checkpoint has of *record*: the hash of each of its acts."""
    for place, entry in enumerate(record.entries):
        yield leaf(record.writer, record.number, place, entry)


def leaf(writer: str, number: int, place: int, entry: AuditEntry) -> bytes:
    """The hash of one act, the one at *place* in the record *number* of *writer*."""
    document = {"writer": writer, "number": number, "place": place, **written(entry)}
    return merkle.leaf_hash(canonical(document))


def written(entry: AuditEntry) -> dict[str, str]:
    """An entry as it is written: what is blank is left out."""
    return entry.model_dump(mode="json", exclude_defaults=True)
