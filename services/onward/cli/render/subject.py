"""Everything that is known of a person, in words and as JSON: for that person, so nothing of it is left out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from onward.cli.parked_topic import ParkedRecord
from onward.cli.person_topics import TopicRecords, parked_ends
from onward.cli.render.output import visible
from onward.people.subject import SubjectRecord, document_of


def document(
    known: SubjectRecord,
    ledger: dict[str, Any],
    disclosed: Sequence[dict[str, Any]],
    left: Iterable[TopicRecords],
    parked: Iterable[ParkedRecord],
) -> dict[str, Any]:
    """As one JSON object."""
    return {
        "ok": True,
        "pseudonyms": list(known.persons),
        "contacts": [document_of(one) for one in known.contacts],
        **ledger,
        "disclosed": list(disclosed),
        "sources": sorted({one.source for one in known.contacts}),
        "recipients": sorted({one["provider"] for one in ledger["referrals"]} | {one["provider"] for one in disclosed}),
        "records_on_topics": [
            {"topic": each.topic, "records": each.count, "kept_until": each.ends_at.isoformat()} for each in left
        ],
        "parked": [{"place": str(one.place), "kept_until": parked_ends(one).isoformat()} for one in parked],
    }


def text(told: dict[str, Any]) -> str:
    """For people: each part under its own heading."""
    return "\n".join(map(visible, _lines(told)))


_PARTS = (
    ("contacts", "What was said"),
    ("referrals", "Referrals"),
    ("questions", "What partners were asked"),
    ("cases", "Calls of people on duty"),
    ("openings", "Who looked at a case card"),
    ("disclosed", "What was disclosed to whom"),
    ("records_on_topics", "Where else it stands, and until when"),
    ("parked", "Messages that could not be handled, kept sealed"),
)


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"Known under: {', '.join(told['pseudonyms'])}"
    yield f"Told by: {', '.join(told['sources'])}"
    yield f"Disclosed to: {', '.join(told['recipients']) or 'nobody'}"
    for name, heading in _PARTS:
        yield ""
        yield f"{heading} ({len(told[name])})"
        for number, one in enumerate(told[name], 1):
            yield f"  {number}."
            yield from (f"    {line}" for line in _written(one))


def _written(value: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, each in value.items():
        label = f"{before}{name}"
        match each:
            case None | "" | []:
                continue
            case dict():
                yield from _written(each, f"{label}.")
            case [dict(), *_]:
                for part in each:
                    yield from _written(part, f"{label}.")
            case list() | tuple():
                yield f"{label}: {', '.join(map(str, each))}"
            case _:
                yield f"{label}: {each}"
