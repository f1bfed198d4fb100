"""
Released schemas are frozen: whatever was valid by the last release is valid still.

`make verify` runs it. It holds `schemas/events/` against the last release in `schemas/released/`, and names each change
that breaks somebody's messages, with a document that was valid before and is not now. What partners and providers read
of us is held the other way round too: nothing may be sent that the last release refuses. Growth passes: a new schema, a
field that may be left out, one more word for a code. `--cut VERSION` keeps what is there now as the release VERSION.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onward.contracts import paths, topics
from onward.contracts.area_vocabulary import ADDED
from released.documents import Fault, Schema, documents, fields, first_fault, has, whole

_OF_WORDS = ("enum", "const", "pattern", "anyOf")
"""Keywords that list what is allowed: each value that is gone is a change of its own."""


@dataclass(frozen=True)
class Break:
    """A change that breaks somebody's messages."""

    file: str
    pointer: str
    """Where in the document; empty for the whole of it."""
    what: str
    document: Any
    """Valid by the one schema, and not by the other."""

    def __str__(self) -> str:
        shown = json.dumps(self.document, ensure_ascii=False)
        return f"{self.file}: {self.pointer or '/'}: {self.what}\n    {shown[:600]}"


def load(folder: Path) -> dict[str, Schema]:
    """Every schema in *folder* by the name of its file."""
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.schema.json"))}


def breaks(before: Mapping[str, Schema], now: Mapping[str, Schema]) -> Iterator[Break]:
    """What of *before*, the last release, is broken *now*: each place once."""
    for file, released in before.items():
        if "properties" not in released:
            continue  # only what others refer to
        old = whole(released, before)
        if file not in now:
            yield Break(file, "", "is there no more: no such message is read", next(documents(old)))
            continue
        new = whole(now[file], now)
        if old != new:
            yield from _refused(file, old, new)
            yield from _unread(file, old, new)
            if file in _read_by_others():
                yield from _unheard_of(file, old, new)


def _refused(file: str, old: Schema, new: Schema) -> Iterator[Break]:
    for fault, document in _faults(old, new):
        yield Break(file, fault.pointer, f"was valid, and is not now: {fault.what}", document)


def _unheard_of(file: str, old: Schema, new: Schema) -> Iterator[Break]:
    for fault, document in _faults(new, old):
        if str(fault.value).strip("'\"") in {*ADDED.needs, *ADDED.services}:
            continue  # an area's own word: it agrees on it with those who read it
        yield Break(file, fault.pointer, f"may be sent now, and the last release refuses it: {fault.what}", document)


def _faults(one: Schema, other: Schema) -> Iterator[tuple[Fault, Any]]:
    """What *other* has against documents that *one* allows: each thing once, and each word of a list that is gone."""
    seen: set[tuple[str, str, str]] = set()
    for document in documents(one):
        fault = first_fault(other, document)
        if fault is not None:
            what = (fault.pointer, fault.keyword, fault.value if fault.keyword in _OF_WORDS else "")
            if what not in seen:
                yield fault, document
            seen.add(what)


def _unread(file: str, old: Schema, new: Schema) -> Iterator[Break]:
    gone = sorted(set(fields(old)) - set(fields(new)))
    for pointer in gone:
        if any(pointer.startswith(f"{other}/") for other in gone):
            continue
        shown = next((each for each in documents(old) if has(each, pointer) and first_fault(new, each) is None), None)
        if shown is not None:
            yield Break(file, pointer, "said something, and is not read now", shown)


def _read_by_others() -> frozenset[str]:
    """The files of the messages that partners and providers read."""
    read = [file.message for file in topics.files().values() if {"partner", "provider"} & {*file.consumers}]
    return frozenset(f"{message}.schema.json" for message in read)


def last_release(folder: Path) -> Path | None:
    """The last of the releases in *folder*; None before the first."""
    releases = [path for path in folder.glob("*") if path.is_dir()]
    return max(releases, key=lambda path: [int(part) for part in path.name.split(".")], default=None)


def cut(events: Path, released: Path, version: str) -> Path:
    """
    Keep the schemas of *events* as the release *version*.

    Raises:
        FileExistsError: There is one of this version already, and what was released is frozen.
    """
    kept = released / version
    kept.mkdir(parents=True)
    for path in sorted(events.glob("*.schema.json")):
        shutil.copy2(path, kept / path.name)
    return kept


def main(arguments: list[str]) -> int:
    """Check, or cut a release; the exit status."""
    parser = argparse.ArgumentParser(description="Holds the schemas against the last release.")
    parser.add_argument("--cut", metavar="VERSION", help="keep the schemas that are there now as the release VERSION")
    version = parser.parse_args(arguments).cut
    events, released = paths.schemas() / "events", paths.schemas() / "released"
    last = last_release(released)
    found = list(breaks(load(last), load(events))) if last else []
    for each in found:
        sys.stderr.write(f"{each}\n")
    if found:
        assert last is not None
        sys.stderr.write(f"{len(found)} change(s) break what was released as {last.name}; see docs/contributing.md\n")
        return 1
    if version:
        sys.stdout.write(f"{cut(events, released, version)} holds the schemas of {version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
