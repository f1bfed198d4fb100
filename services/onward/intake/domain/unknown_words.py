"""Words for our codes that a partner wrote and that are in no list: what of them may be told to whoever adds words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from onward.contracts.outcome import Ignored, Parked
from onward.contracts.particulars import gives_away
from onward.diagnostics.json_text import pointer_parts
from onward.diagnostics.spelling import spelled
from onward.intake.domain.envelope import unwrap
from onward.intake.domain.feedback import PartnerRecord, reference_of
from onward.intake.domain.partner_message import PartnerMessage
from onward.intake.domain.reader import MessageRead, Reader, field_of

LEAST: Final = 3
"""A word is told once it was said of so many people or cases: what was said of one or two could name them."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z '&/()-]{1,39}")
"""What a word of a list looks like. A number, a date or a sentence is none."""
_MOST_PARTS: Final = 5
UNKNOWN_CODE: Final = "unknown_code"


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """One word that a partner wrote where one of our codes should stand."""

    field: str
    """Where: `needs.category`."""
    word: str
    """As `spelled` writes it; blank where it does not look like a word of a list, or could name the person."""
    about: str
    """Whom or what it was said of: the partner's reference, else the place of the message. It is told to nobody."""


def unknown_words(record: PartnerRecord, reader: Reader) -> Iterator[UnknownWord]:
    """The words in a partner's *record* that *reader* has in no list."""
    message = unwrap(record.source, record.value, record.headers, received_at=record.received_at)
    if not isinstance(message, PartnerMessage):
        return
    told = reader.understand(record.source, record.value, record.headers, received_at=record.received_at)
    left_out = [one.pointer for one in told.left_out if one.reason == UNKNOWN_CODE]
    if isinstance(told.read, Parked) and told.read.reason == UNKNOWN_CODE:
        left_out.append(told.read.pointer)
    about = _about(message, told) or record.place
    for pointer in left_out:
        place = pointer_parts(pointer.removeprefix(message.prefix))
        yield UnknownWord(field_of(pointer.removeprefix(message.prefix)), _word(message.body, place), about)


def _about(message: PartnerMessage, told: MessageRead) -> str | None:
    """Whom a message is about, in whatever way it says: one person of whom it tells three times is one."""
    if isinstance(told.read, Ignored):
        return None
    if isinstance(told.read, Parked):
        return reference_of(message, told)
    if len(told.read) != 1:
        return None
    (contact,) = told.read
    if not contact.is_only_described:
        return contact.reference
    return contact.identity.name or str(contact.contact_id)


def _word(body: Mapping[str, Any], place: tuple[str, ...]) -> str:
    value: object = body
    for part in place:
        if isinstance(value, list):
            items = cast("list[object]", value)
            value = items[int(part)] if part.isdigit() and int(part) < len(items) else None
        else:
            value = cast("dict[str, object]", value).get(part) if isinstance(value, dict) else None
    text = value.strip() if isinstance(value, str) else ""
    looks_like_one = _WORD.fullmatch(text) is not None and len(text.split()) <= _MOST_PARTS
    return spelled(text) if looks_like_one and not gives_away(text, body, at=place) else ""


@dataclass(frozen=True, slots=True)
class CountedWord:
    """How often a word was met."""

    field: str
    word: str
    """Blank for those that are not told."""
    times: int


def counted_words(words: Iterable[UnknownWord]) -> list[CountedWord]:
    """
    How often each word was met in each field, those met most often first.

    Words that were said of fewer than `LEAST` are counted together, under no word.
    """
    met: Counter[tuple[str, str]] = Counter()
    about: dict[tuple[str, str], set[str]] = {}
    for each in words:
        met[each.field, each.word] += 1
        about.setdefault((each.field, each.word), set()).add(each.about)
    told: Counter[tuple[str, str]] = Counter()
    for (field, word), times in met.items():
        told[field, word if len(about[field, word]) >= LEAST else ""] += times
    return [
        CountedWord(field, word, times)
        for (field, word), times in sorted(told.items(), key=lambda one: (not one[0][1], -one[1], one[0]))
    ]
