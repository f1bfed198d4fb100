"""What `onward try` and `onward rules explain` are given; what cannot be used ends the command with exit code 2."""

import sys
from datetime import datetime
from pathlib import Path

from onward.calendar.times import read_moment
from onward.chassis import clock
from onward.cli.errors import misused, no_such
from onward.cli.facts_file import Earlier, FactsFileError, read_earlier
from onward.contracts import topics

STANDARD_INPUT = "-"
_MOST_BYTES = 16 * 1024 * 1024
"""Far above what any topic takes; the adapters say what is too large for them."""


def received(text: str | None) -> datetime:
    """The moment of `--at`, or now."""
    if text is None:
        return clock.now()
    moment = read_moment(text)
    if moment is None:
        misused("--at is not a time; write one such as 2026-03-02T09:30 or 2026-03-02T09:30:00Z")
    return moment


def check_source(source: str) -> None:
    """See that there is such a partner."""
    known = topics.sources()
    if source not in known:
        no_such("source", source, known)


def content_of(name: str, what: str) -> bytes:
    """The bytes of a file, `-` for standard input."""
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(_MOST_BYTES)
        with Path(name).open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        misused(f"the {what} file {name} cannot be read: {error.strerror}")


def earlier_of(facts: Path | None, received_at: datetime) -> Earlier:
    """What a facts file says was known before; nothing without one."""
    if facts is None:
        return Earlier()
    try:
        return read_earlier(facts.name, content_of(str(facts), "facts"), said_at=received_at)
    except FactsFileError as error:
        misused(f"the facts file cannot be used:\n{error}")
