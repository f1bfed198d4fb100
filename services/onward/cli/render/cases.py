"""Cases of people on duty, in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from onward.calendar.times import LONDON
from onward.cli.render.output import visible
from onward.contracts.contact import Identity
from onward.tracking.domain.cases import DutyCase
from onward.tracking.duty_cases import OpenedCase


def text(found: Sequence[DutyCase]) -> str:
    """One block of lines for each case."""
    return "\n\n".join("\n".join(map(_line, _head(case))) for case in found) or "No case is open."


def document(found: Sequence[DutyCase]) -> dict[str, Any]:
    """As one JSON object."""
    return {"ok": True, "cases": [_plain(case) for case in found]}


def card(opened: OpenedCase) -> str:
    """A case with who it is about."""
    return "\n".join(map(_line, (*_head(opened.case), "", *_card(opened))))


def card_document(opened: OpenedCase) -> dict[str, Any]:
    """As one JSON object."""
    about = opened.case.card
    return {
        "ok": True,
        "case": _plain(opened.case),
        "raised": None
        if about is None
        else {
            "source": about.source,
            "contact_type": about.contact_type,
            "occurred_at": about.occurred_at.isoformat(),
            "received_at": about.received_at.isoformat(),
            "facts": dict(about.facts),
        },
        "references": opened.references,
        "person": None
        if opened.identity is None
        else opened.identity.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
    }


def _line(text: str) -> str:
    """One line whatever was said: no message may steer a terminal, or write a line that looks like ours."""
    return visible(text.replace("\n", " ").replace("\t", " "))


def _plain(case: DutyCase) -> dict[str, Any]:
    return {
        "case_id": str(case.case_id),
        "kind": case.kind,
        "role": case.role,
        "area": case.area,
        "urgency": case.urgency,
        "subject": case.subject,
        "lines": list(case.lines),
        "opened_at": case.opened_at.isoformat(),
        "news_at": case.news_at.isoformat(),
        "act_by": case.act_by.isoformat(),
        "referral_id": str(case.referral_id) if case.referral_id else None,
    }


def _head(case: DutyCase) -> Iterator[str]:
    yield f"{case.case_id}  {case.kind}"
    area = f", {case.area}" if case.area else ""
    yield f"  for {case.role}{area}, by {case.act_by.astimezone(LONDON):%a %d %b %Y %H:%M} ({case.urgency})"
    for line in case.lines:
        yield f"  {line}"


def _card(opened: OpenedCase) -> Iterator[str]:
    about = opened.case.card
    if about is None:
        yield "What led to it is not on the card: the case is closed, or its referral is from before cards were kept."
        return
    yield f"Raised by {about.source} ({about.contact_type}) on {about.occurred_at.astimezone(LONDON):%a %d %b %Y %H:%M}"
    for source, reference in sorted(opened.references.items()):
        yield f"  {source} knows the person as {reference}"
    yield from _person(opened.identity)
    for path, value in sorted(about.facts.items()):
        yield f"  {path}: {value}"


def _person(identity: Identity | None) -> Iterator[str]:
    if identity is None:
        yield "  Who it is, is not known"
        return
    said = identity.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    arrangements = said.pop("arrangements", {})
    if safe := arrangements.pop("safe_contact", None):
        # First, because what follows may be the very number that must not be rung.
        yield f"  REACH SAFELY: {_words(safe)}"
    for name, value in (*said.items(), *arrangements.items()):
        yield f"  {name.replace('_', ' ')}: {_words(value)}"


def _words(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{name.replace('_', ' ')} {_words(part)}" for name, part in value.items())
        case list():
            return "; ".join(map(_words, value))
        case _:
            return str(value)
