"""What is said of parked records, in words and for programs."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from onward.chassis.processing.redriving import Standings
from onward.cli.parked_topic import ParkedRecord
from onward.cli.redriving import RedriveReport

_SOON = timedelta(days=7)


def line(record: ParkedRecord, stand: Standings) -> str:
    """One parked record: its place, when, where it came from, why, and how it stands."""
    why = " at ".join(part for part in (record.reason, record.pointer) if part)
    told = f"{record.place!s:<24}  {record.parked_at:%Y-%m-%d %H:%M:%S}  {record.origin or '?'!s:<28}  {why}"
    more = standing(record, stand)
    return f"{told}  ({more})" if more else told


def standing(record: ParkedRecord, stand: Standings) -> str:
    """How *record* stands, in words; empty when nobody did anything with it."""
    again = f"came back {times(record.redrives)}" if record.redrives else ""
    note, state = stand.noted(record.name), stand.state(record.name)
    if note is None:
        return again
    if state == "redriven":
        return f"went back, sent by {note.by}; not concluded yet"
    if state == "mended":
        return f"mended: {note.state}{f' as {note.reason}' if note.reason != note.state else ''}"
    return f"parked again: {note.reason}"


def times(number: int) -> str:
    """How often."""
    return "once" if number == 1 else f"{number} times"


def document(record: ParkedRecord, stand: Standings) -> dict[str, Any]:
    """One parked record for a program."""
    note = stand.noted(record.name)
    concluded = note is not None and note.state != "redriven"
    return {
        "record": str(record.place),
        "service": record.service,
        "parked_at": record.parked_at.isoformat(timespec="milliseconds"),
        "reason": record.reason,
        "pointer": record.pointer,
        "origin": str(record.origin) if record.origin else None,
        "partner": record.partner or None,
        "redrives": record.redrives,
        "state": stand.state(record.name).replace(" ", "_"),
        "outcome": note.state if note and concluded else None,
        "outcome_reason": note.reason if note and concluded else None,
    }


class Sum:
    """Counts what is listed, and remembers the oldest that still waits."""

    def __init__(self) -> None:
        self._waiting: Counter[tuple[str, str]] = Counter()
        self._states: Counter[str] = Counter()
        self._oldest: datetime | None = None

    def add(self, record: ParkedRecord, stand: Standings) -> None:
        """One record more."""
        state = stand.state(record.name)
        self._states[state] += 1
        if state == "waiting":
            self._waiting[record.service, record.reason] += 1
            self._oldest = min(self._oldest or record.parked_at, record.parked_at)

    def lines(self, *, kept: timedelta, now: datetime) -> Iterable[str]:
        """What there is, by service and reason; and whether some is deleted soon: parked records are *kept* so long."""
        for (service, reason), count in sorted(self._waiting.items()):
            yield f"{count:>8}  {service:<9}  {reason}"
        states = self._states
        others = (
            ("redriven", "went back and not concluded yet"),
            ("mended", "mended"),
            ("parked again", "parked again"),
        )
        told = [f"{states[state]} {words}" for state, words in others if states[state]]
        yield ", ".join([f"{states['waiting']} waiting", *told])
        if self._oldest is not None and self._oldest + kept - now < _SOON:
            days = max(0, (self._oldest + kept - now).days)
            yield (
                f"The oldest has waited since {self._oldest:%Y-%m-%d %H:%M}, and Kafka deletes it "
                f"{f'in {days} days' if days else 'within a day'}: send it back before, or keep a copy."
            )


def told_lines(told: RedriveReport, *, applied: bool) -> Iterable[str]:
    """What went back, or would, and what did not."""
    for (service, reason, topic), count in sorted(told.back.items()):
        yield f"{count:>8}  {service:<9}  {reason:<24}  to {topic}"
    for (service, reason, why), count in sorted(told.left.items()):
        yield f"{count:>8}  {service:<9}  {reason:<24}  stays: {why}"
    back, left = told.back.total(), told.left.total()
    yield f"{back} {'went' if applied else 'would go'} back, {left} {'stay' if left != 1 else 'stays'}"


def told_document(told: RedriveReport, *, applied: bool) -> dict[str, Any]:
    """The same for a program."""
    return {
        "applied": applied,
        "back": [
            {"service": service, "reason": reason, "topic": topic, "records": count}
            for (service, reason, topic), count in sorted(told.back.items())
        ],
        "left": [
            {"service": service, "reason": reason, "why": why, "records": count}
            for (service, reason, why), count in sorted(told.left.items())
        ],
    }
