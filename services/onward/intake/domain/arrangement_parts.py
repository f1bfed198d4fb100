"""
The parts of our own shape that say how a person can be reached and met, and who raised it.

Nothing in them can hold up a message: what cannot be read is left out, and a word that we do not have is `other`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar, cast, get_args

from pydantic import AliasChoices, BeforeValidator, Field, WithJsonSchema

from onward.contracts.arrangements import (
    Adjustment,
    Arrangements,
    Dependant,
    Location,
    Mobility,
    Referrer,
    Relationship,
    SafeContact,
    Supporter,
)
from onward.contracts.placeholders import says_nothing
from onward.diagnostics.spelling import spelled
from onward.intake.domain.adjustments import WORDS
from onward.intake.domain.shapes import Shape
from onward.intake.domain.unread import Unread, names_read, value_at
from onward.intake.domain.vocabulary import SEXES, table

M = TypeVar("M", Referrer, Location, SafeContact, Supporter, Dependant, Arrangements)

_MOST = 20
"""Of anything that is a list; the rest is left out."""
_OLDEST: Final = 120
_BETWEEN = re.compile(r"[,;/]")
_YES: Final = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}
_ADJUSTMENTS: Final = table(
    get_args(Adjustment),
    {
        "BSL": "sign_language",
        "British Sign Language": "sign_language",
        "lip speaker": "lip_reading",
        "lip reads": "lip_reading",
        "text": "text_messages",
        "SMS": "text_messages",
        "large text": "large_print",
        "simple language": "plain_language",
        "chaperone": "support_person",
        "longer appointments": "longer_appointment",
        "double appointment": "longer_appointment",
        "wheelchair": "step_free_access",
        "wheelchair access": "step_free_access",
        "ground floor": "step_free_access",
        **WORDS,
    },
)
_MOBILITY: Final = table(
    get_args(Mobility),
    {"stick": "walking_aid", "crutches": "walking_aid", "frame": "walking_aid", "housebound": "stays_at_home"},
)
_RELATIONSHIPS: Final = table(
    get_args(Relationship),
    {
        **dict.fromkeys(("husband", "wife", "spouse", "boyfriend", "girlfriend"), "partner"),
        **dict.fromkeys(("ex partner", "ex husband", "ex wife", "ex"), "former_partner"),
        **dict.fromkeys(("mother", "father", "mum", "dad", "parents"), "parent"),
        **dict.fromkeys(("son", "daughter", "children"), "child"),
        **dict.fromkeys(("brother", "sister", "sibling", "relative", "relatives"), "family"),
    },
)


def _text(value: object, most: int) -> str | None:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= most and not says_nothing(text) else None


def _yes(value: object) -> bool | None:
    return _YES.get(str(value).strip().lower()) if isinstance(value, str | bool) else None


def _age(value: object) -> int | None:
    text = _text(value, 3)
    return int(text) if text and text.isascii() and text.isdecimal() and int(text) <= _OLDEST else None


def _gender(value: object) -> str | None:
    return SEXES.get(spelled(value)) if isinstance(value, str) else None


def _words(value: object) -> list[str]:
    """The words of a list, or of a text with commas between them."""
    listed: list[Any] = _BETWEEN.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
    return [text for each in listed[:_MOST] if (text := _text(each, 200))]


def _codes(value: object, words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.get(spelled(each), "other") for each in _words(value)))


def _flags(value: object) -> object:
    """*value* with a flag that is written as FHIR writes it, `{system, code, display}`, by its code or its term."""
    if not isinstance(value, list):
        return value
    coded = (each.get("code") or each.get("display") if isinstance(each, dict) else each for each in value)
    return list(coded)


def _code(value: object, words: Mapping[str, str]) -> str | None:
    return next(iter(_codes([value], words)), None)


def _object(value: object) -> object:
    return value if isinstance(value, dict) else None


def _objects(value: object) -> object:
    return [each for each in value[:_MOST] if isinstance(each, dict)] if isinstance(value, list) else []


def _said(what: str) -> WithJsonSchema:
    return WithJsonSchema({"description": f"{what} What cannot be read is left out."})


Line: TypeAlias = Annotated[
    str | None, BeforeValidator(lambda value: _text(value, 200)), _said("At most 200 characters.")
]
Number: TypeAlias = Annotated[str | None, BeforeValidator(lambda value: _text(value, 40)), _said("A telephone number.")]
Flag: TypeAlias = Annotated[bool | None, BeforeValidator(_yes), _said("Yes or no.")]
Kin: TypeAlias = Annotated[
    Relationship, BeforeValidator(lambda value: _code(value, _RELATIONSHIPS) or "other"), _said("Who they are to them.")
]


class RaisedByIn(Shape):
    """Who raised it."""

    role: Line = Field(default=None, validation_alias=AliasChoices("role", "name"))
    team: Line = Field(default=None, validation_alias=AliasChoices("team", "org", "organisation"))
    callback: Number = Field(default=None, validation_alias=AliasChoices("callback", "phone"))
    reference: Line = None


class SafeContactIn(Shape):
    """How the person can be reached without danger."""

    phone: Number = None
    phone_is_safe: Flag = Field(default=None, validation_alias=AliasChoices("phoneIsSafe", "phoneSafe"))
    times: Line = Field(default=None, validation_alias=AliasChoices("times", "safeTimes"))
    no_voicemail: Flag = None
    through: Line = Field(default=None, validation_alias=AliasChoices("through", "via"))
    must_not_know: Annotated[
        tuple[Relationship, ...],
        BeforeValidator(lambda value: _codes(value, _RELATIONSHIPS)),
        _said("From whom it must be kept: partner, parent, family and so on, as a list or with commas between."),
    ] = ()


_SAFE_CONTACT: Final = "safeContact"
_MUST_NOT_KNOW: Final = "mustNotKnow"
_SAFELY_READ: Final[Mapping[str, Callable[[Any], object]]] = {
    "phone": lambda value: _text(value, 40),
    "phoneIsSafe": _yes,
    "phoneSafe": _yes,
    _MUST_NOT_KNOW: lambda value: _codes(value, _RELATIONSHIPS) or None,
}
"""What makes a number safe or unsafe to ring, and how each is read."""


def unread_safety(told: object) -> tuple[str, ...] | None:
    """
    The fields of *told*, a `safeContact`, that say something of what is safe and cannot be read; None: the whole.

    Empty where all of it could be read.
    """
    if not _is_said(told):
        return ()
    if not isinstance(told, dict):
        return None
    said = {name: value for name, value in cast("dict[str, Any]", told).items() if _is_said(value)}
    if said and said.keys().isdisjoint(names_read(SafeContactIn)):
        return None
    return tuple(name for name, read in _SAFELY_READ.items() if name in said and read(said[name]) is None)


def _is_said(value: object) -> bool:
    return not says_nothing(value) if isinstance(value, str) else value not in (None, [], {})


def _kept_safe(told: object) -> object:
    """*told* as it is read; where it cannot be, the number is not safe, and it is kept from everybody."""
    unread = unread_safety(told)
    if unread is None:
        return {"phoneIsSafe": False}
    if not isinstance(told, dict):
        return None
    read = {name: value for name, value in cast("dict[str, Any]", told).items() if name not in unread}
    kept = {_MUST_NOT_KNOW: list(get_args(Relationship))} if _MUST_NOT_KNOW in unread else {}
    unsafe = {"phoneIsSafe": False} if set(unread) - {_MUST_NOT_KNOW} else {}
    return {**read, **kept, **unsafe}


_NOT_SAFE: Final = re.compile(
    r"\b(?:not\s+safe|unsafe|(?:do\s+not|do\s?n['\u2019]?t|never)\s+(?:call|ring|phone|use|contact))\b"
    r"(?!\s+(?:after|before|between|until))",
    re.IGNORECASE,
)
"""A note that only says when not to ring makes no number unsafe."""


def says_not_to_ring(phone: str | None) -> bool:
    """Whether a note beside a telephone number says that it must not be rung."""
    return phone is not None and _NOT_SAFE.search(phone) is not None


def kept_safe(known: Arrangements | None, misspelt: Collection[str]) -> Arrangements:
    """
    *known* where fields that say what is safe were *misspelt*, and nobody can say what they mean.

    Then no number is safe; where it is the field that says from whom it must be kept, it is kept from everybody.
    """
    known = known or Arrangements()
    safe = known.safe_contact or SafeContact()
    if _MUST_NOT_KNOW in misspelt:
        safe = safe.model_copy(update={"must_not_know": get_args(Relationship)})
    if set(misspelt) - {_MUST_NOT_KNOW}:
        safe = safe.model_copy(update={"phone": None, "phone_is_safe": False})
    return known.model_copy(update={"safe_contact": safe})


def misspelt_safety(body: Mapping[str, Any], unread: Iterable[Unread]) -> frozenset[str]:
    """The fields of a `safeContact`, or itself, that those *unread* fields of *body* resemble which say something."""
    resembled = (
        each.resembles.split(".")
        for each in unread
        if _SAFE_CONTACT in each.resembles.split(".") and _is_said(value_at(body, each.place))
    )
    return frozenset(parts[-1] for parts in resembled)


class SupporterIn(Shape):
    """A carer, or next of kin."""

    name: Line = None
    relationship: Kin = "other"
    phone: Number = None


class DependantIn(Shape):
    """Somebody who depends on the person."""

    age: Annotated[int | None, BeforeValidator(_age), _said("In years.")] = None
    where_now: Line = None


class ArrangementsIn(Shape):
    """What is said of a person beside who they are: how they can be reached and met."""

    safe_contact: Annotated[
        SafeContactIn | None,
        BeforeValidator(_kept_safe),
        _said("`phone`, `phoneIsSafe`, `times`, `noVoicemail`, `through`, `mustNotKnow`."),
    ] = None
    worker_gender: Annotated[
        Literal["female", "male"] | None, BeforeValidator(_gender), _said("Of whoever is to meet the person.")
    ] = None
    adjustments: Annotated[
        tuple[Adjustment, ...],
        BeforeValidator(lambda value: _codes(_flags(value), _ADJUSTMENTS)),
        _said("Reasonable adjustments and needs in communication, as a list or with commas between."),
    ] = Field(default=(), validation_alias=AliasChoices("adjustments", "communication"))
    mobility: Annotated[
        Mobility | None, BeforeValidator(lambda value: _code(value, _MOBILITY)), _said("Walking aid, wheelchair.")
    ] = None
    carer: Annotated[SupporterIn | None, BeforeValidator(_object), _said("`name`, `relationship`, `phone`.")] = None
    next_of_kin: Annotated[SupporterIn | None, BeforeValidator(_object), _said("`name`, `relationship`, `phone`.")] = (
        None
    )
    dependants: Annotated[
        tuple[DependantIn, ...], BeforeValidator(_objects), _said("A list of `age` and `whereNow`.")
    ] = ()


RaisedByField: TypeAlias = Annotated[
    RaisedByIn | None, BeforeValidator(_object), _said("`role`, `team`, `callback`, `reference`.")
]


def arrangements_of(
    person: ArrangementsIn,
    raised_by: RaisedByIn | None,
    location: Location | None,
    incident: str | None,
    phone: str | None,
) -> Arrangements | None:
    """
    What a message says of it; None where it says nothing.

    *incident* is the number by which whoever raised it knows it, where they do not give one with their name; *phone* is
    the person's own, with what is noted beside it.
    """
    said = _made(Referrer, raised_by) or Referrer()
    who = said if said.reference or incident is None else said.model_copy(update={"reference": incident})
    safe = _made(SafeContact, person.safe_contact)
    if says_not_to_ring(phone) and (safe is None or safe.phone is None):
        safe = (safe or SafeContact()).model_copy(update={"phone_is_safe": False})
    found = Arrangements(
        raised_by=who if who != Referrer() else None,
        location=location,
        safe_contact=safe,
        worker_gender=person.worker_gender,
        adjustments=person.adjustments,
        mobility=person.mobility,
        carer=_supporter(person.carer),
        next_of_kin=_supporter(person.next_of_kin),
        dependants=tuple(one for each in person.dependants if (one := _made(Dependant, each))),
    )
    return found if found != Arrangements() else None


def _supporter(part: SupporterIn | None) -> Supporter | None:
    return _made(Supporter, part) if part is not None and (part.name or part.phone) else None


def _made(kind: type[M], part: Shape | None) -> M | None:
    """The same in our own words; None for a part that says nothing."""
    if part is None:
        return None
    made = kind.model_validate(part.model_dump())
    return made if made != kind() else None
