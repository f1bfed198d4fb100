"""Questions whether two people are one, in words and as JSON; no detail has a value here."""

from collections.abc import Iterable, Sequence
from typing import Any

from onward.cli.matches_topics import AnsweredMatch
from onward.contracts.matches import MatchedContact

_WORDS = {"name": "name", "date_of_birth": "date of birth", "phone": "telephone", "sex": "sex"}


def text(found: Sequence[AnsweredMatch]) -> str:
    """One block of lines for each question."""
    if not found:
        return "No question waits."
    return "\n\n".join(_block(each) for each in found)


def document(found: Sequence[AnsweredMatch]) -> dict[str, Any]:
    """As one JSON object."""
    return {
        "ok": True,
        "matches": [
            {
                **each.question.model_dump(mode="json"),
                "verdict": each.verdict,
                "by": each.by or None,
                "at": each.at.isoformat() if each.at else None,
            }
            for each in found
        ],
    }


def _block(match: AnsweredMatch) -> str:
    question = match.question
    lines = [
        str(question.match_id),
        *(f"  {_contact(each)}" for each in question.people),
        f"  agree: {_list((*question.shared, *(_WORDS[each] for each in question.agree)))}",
        f"  differ: {_list(_WORDS[each] for each in question.differ)}",
    ]
    if question.alike:
        lines.append(f"  agree, but written otherwise: {_list(_WORDS[each] for each in question.alike)}")
    if match.verdict is not None and match.at is not None:
        said = "one person" if match.verdict == "same" else "two people"
        lines.append(f"  answered: {said}, by {match.by} on {match.at:%Y-%m-%d %H:%M}")
    return "\n".join(lines)


def _contact(one: MatchedContact) -> str:
    return f"{one.source}  {one.type}  {one.occurred_at:%Y-%m-%d %H:%M}  contact {one.contact_id}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing that is known"
