"""The published schemas of partners' messages, as a partner loads them, and what intake makes of a message."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import jsonschema
from referencing import Registry, Resource

from onward.contracts import paths
from onward.contracts.outcome import Ignored, Parked
from onward.diagnostics.spelling import spelled
from onward.intake.domain.event_types import ANSWERED
from onward.intake.domain.partner_message import Read
from onward.intake.partners import adapters, read

SHARED: Final = "shared.v1.schema.json"
RECEIVED: Final = datetime(2026, 3, 3, 8, tzinfo=UTC)
OURS: Final = tuple(source for source, adapter in adapters().items() if adapter.catalogue.ours)
FOR_ITS_SHAPE: Final = frozenset(
    {
        *("schema", "unknown_code", "unknown_event_type", "unknown_fact", "not_theirs_to_answer", "not_an_object"),
        *("unreadable_date", "default_date", "too_many"),
    }
)
"""
The reasons that a schema could give too. The others are about who somebody is, about bytes that are no JSON, or about
what a check digit says.
"""


MOVEMENTS: Final = tuple(
    f"/additionalInformation/{field}" for field in ("nomisMovementReasonCode", "details", "reason")
)
"""Where a movement's code stands. NOMIS adds to its list without us, and no schema may refuse what is right."""


@dataclass(frozen=True)
class Wrong:
    """One thing that intake finds wrong with a message."""

    reason: str
    pointer: str
    detail: str = ""
    """Of a message that is parked."""


@cache
def files() -> Mapping[str, dict[str, Any]]:
    """Every schema of a partner's message, and the shared one, by the name of its file."""
    folder = paths.schemas() / "events"
    return {path.name: json.loads(path.read_text()) for path in (*folder.glob("in.*.json"), *folder.glob("shared.*"))}


@cache
def registry() -> Registry[Any]:
    """The shared file under its `$id`: all that a validator needs beside the schema of a message."""
    shared = files()[SHARED]
    made: Registry[Any] = Registry().with_resource(shared["$id"], Resource.from_contents(shared))
    return made


def resolved(ref: str) -> Any:
    """What *ref* leads to in the shared file."""
    return (
        registry().resolver().lookup(f"https://onward.example/schemas/events/{SHARED}#{ref.partition('#')[2]}").contents
    )


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """A stock validator for the schema in the file *name*."""
    jsonschema.Draft202012Validator.check_schema(files()[name])
    return jsonschema.Draft202012Validator(
        files()[name], registry=registry(), format_checker=jsonschema.FormatChecker()
    )


def source_of(name: str) -> str:
    """The partner whose schema is in the file *name*."""
    return next(source for source in adapters() if name.startswith(f"in.{source}."))


def file_of(source: str, event_type: str) -> str:
    """The file of the schema for a partner's event."""
    named = {spelled(each): each for each in (*adapters()[source].catalogue.models, ANSWERED)}[spelled(event_type)]
    return f"in.{source}.{named}.v1.schema.json"


def faults(source: str, document: Mapping[str, Any]) -> list[str]:
    """What is wrong with *document* by its schema."""
    errors = validator(file_of(source, document["eventType"])).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors]


def outcome(source: str, document: Any) -> Read:
    """What intake makes of *document*."""
    return read(source, json.dumps(document).encode(), [], received_at=RECEIVED)


def is_taken(source: str, document: Any) -> bool:
    """Whether it becomes a contact, and nothing of it is left out."""
    told = outcome(source, document)
    return not isinstance(told, Ignored | Parked) and is_read(told)


def wrong_in(told: Read) -> list[Wrong]:
    """What intake found wrong with a message that a schema could find too: in part of it, or in the whole."""
    if isinstance(told, Parked):
        return [Wrong(told.reason, told.pointer, told.detail)] if told.reason in FOR_ITS_SHAPE else []
    if isinstance(told, Ignored):
        unread = told.reason in {"irrelevant_event_type", "unknown_event_type"}
        return [Wrong(told.reason, "/eventType")] if unread else []
    left_out = (one for contact in told for one in contact.left_out)
    shaped = (one for one in left_out if one.reason in FOR_ITS_SHAPE and not one.pointer.endswith(MOVEMENTS))
    return [Wrong(one.reason, one.pointer) for one in shaped]


def is_read(told: Read) -> bool:
    """Whether intake read the whole of it as an event that it knows, whatever it then found that it says."""
    return not wrong_in(told)


@dataclass(frozen=True)
class Gap:
    """Where a schema and intake differ, and why no schema can help it."""

    why: str
    source: str
    document: Mapping[str, Any]
    """One message for which they differ."""
    valid: bool
    """What the schema says of it; intake says the opposite."""
    excuses: Callable[[Wrong], bool]
    """Whether what intake found wrong is this difference."""


def _said(*details: str, reason: str = "none", at: str = "") -> Callable[[Wrong], bool]:
    """What is wrong *at* the end of a pointer: parked with one of these *details*, or left out for *reason*."""
    return lambda wrong: (
        (wrong.reason == reason or (bool(details) and wrong.detail.startswith(details))) and wrong.pointer.endswith(at)
    )


def _an_event(**more: Any) -> dict[str, Any]:
    when = {"eventType": "custody.detention.risk-assessed", "occurredAt": "2026-03-02T09:15:00Z"}
    return {**when, "reference": "1", **more}


GAPS: Final[Mapping[str, Gap]] = {
    "a day that no calendar has": Gap(
        "no pattern that a person can read knows how long February is",
        "custody",
        _an_event(person={"dateOfBirth": "1990-02-30"}),
        valid=True,
        excuses=_said("expected a day such as", "unreadable_date", reason="unreadable_date"),
    ),
    "a time on such a day": Gap(
        "as for a day",
        "custody",
        _an_event(occurredAt="2026-02-30T09:15:00Z"),
        valid=True,
        excuses=_said("expected a time such as", "unreadable_date", reason="unreadable_date"),
    ),
    "a day that a system fills in where there is none": Gap(
        "it is a day as any other, and whether somebody was born on it depends on when the message arrives",
        "custody",
        _an_event(person={"dateOfBirth": "1900-01-01"}),
        valid=True,
        excuses=_said("expected a day, not", "expected a time, not", reason="default_date"),
    ),
    "an address whose lines or parts are too long together": Gap(
        "no keyword of JSON Schema adds up lengths",
        "custody",
        _an_event(person={"address": ["x" * 300, "x" * 300]}),
        valid=True,
        excuses=_said(reason="schema", at="/person/address"),
    ),
    "a safe contact that says what only a person can read": Gap(
        "fields that we do not know are passed over everywhere else; here one may be all that makes a number unsafe",
        "custody",
        _an_event(person={"safeContact": {"remarks": "never ring, her partner listens"}}),
        valid=True,
        excuses=lambda wrong: "/person/safeContact" in wrong.pointer,
    ),
    "an event that looks like an envelope": Gap(
        "with `Type` and `Message` it is an SNS notification, and what is inside is the event",
        "custody",
        _an_event(Type="Notification", Message={}),
        valid=True,
        excuses=lambda wrong: wrong.pointer.startswith("/Message"),
    ),
    "a text of nothing but separators that are blanks to some": Gap(
        "which characters `\\s` stands for, the regular expressions of each language say for themselves",
        "custody",
        _an_event(person={"identifiers": [{"type": "\x1c", "value": 1}]}),
        valid=False,
        excuses=lambda _wrong: False,
    ),
}
"""All there are. A document that is judged differently for any other reason is a fault."""
