"""Answers to our questions: `facts.answered`, from any partner whose topic file says that it can be asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field, ValidationError

from onward.calendar.times import london_day, read_day
from onward.contracts.contact import Consent, Contact
from onward.contracts.fact_kinds import Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import ASKABLE_ONLY, FACTS, FACTS_ADAPTER, Facts
from onward.contracts.left_out import LeftOutReason
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.topics import TopicFile
from onward.diagnostics.spelling import did_you_mean, spelled
from onward.intake.domain.catalogue import shaped
from onward.intake.domain.contact import contact
from onward.intake.domain.event_types import ANSWERED
from onward.intake.domain.organisation import force_named
from onward.intake.domain.partner_message import PartnerMessage, content_of, event_id, happened_at, parked_for
from onward.intake.domain.parts import IdentifierIn, PersonIn, PersonReference
from onward.intake.domain.person import contradicting, identity_of, person_identifiers, was_born
from onward.intake.domain.shapes import DEFAULT_DAYS, AnyObject, ContactId, Listed, Name, Shape, Text, When

EVENT_TYPE: Final = ANSWERED
MAKES: Final = (EVENT_TYPE,)
_NOT_HERE: Final = (
    "an answer does not say this here: who it is about goes into `reference`, `identifiers` or `person`, and what is "
    "true of them into `facts`"
)
_LISTED = "docs/partners/words.md lists those there are"


class FactsAnswered(Shape):
    """What a partner answers: facts by the path they were asked for; null for one that the partner does not know."""

    event_type: Text
    event_id: Name = None
    occurred_at: When | None = None
    """When the facts were true; absent means when the answer arrived."""
    in_reply_to: ContactId
    """The `contact_id` of the question: without it nobody knows that this was asked, nor of whom."""
    reference: Name = None
    """That of the question; absent is as good."""
    force: Any = None
    """The police force whose number the reference is."""
    identifiers: Listed[IdentifierIn] | None = None
    person_reference: PersonReference | None = None
    person: PersonIn = Field(default_factory=PersonIn)
    """Whom it is about; may be left out. What is given is held against who was asked about."""
    facts: AnyObject = Field(min_length=1)


def is_answer(message: PartnerMessage) -> bool:
    """Whether *message* is an answer, whichever partner sent it."""
    named = message.event_type
    return isinstance(named, str) and spelled(named) == spelled(EVENT_TYPE)


def read(message: PartnerMessage, topic: TopicFile, *, elsewhere: Collection[str] = ()) -> Contact | Ignored | Parked:
    """
    The contact that an answer makes.

    Left out are a path that nobody knows (`unknown_fact`), one that this partner's topic file does not list or that is
    computed (`not_theirs_to_answer`), and a value that the fact cannot have; parked where nothing is left. Fields that
    *elsewhere*, in this partner's events, say something park it as `schema`: another case's number among them says that
    it is about somebody else than who was asked about. An answer in which nothing is known is ignored.
    """
    read = shaped(message, FactsAnswered)
    if isinstance(read, Parked):
        return read
    answer = read.shape
    for name in sorted(message.body.keys() & set(elsewhere)):
        if message.body[name] is not None:
            return message.parked("schema", (name,), _NOT_HERE)
    told, refused = _told(answer.facts, topic, london_day(message.received_at))
    # A path that nobody knows is the partner's own text.
    paths = {each: "*" if each.reason == "unknown_fact" else each.path for each in refused}
    left = read.message.without({("facts", path): each.reason for each, path in paths.items()})
    if told:
        return _contact(left, answer, told)
    if refused:
        return message.parked(parked_for(refused[0].reason), ("facts", refused[0].path), refused[0].told)
    return left.concluded(Ignored("nothing_answered"))


@dataclass(frozen=True, slots=True)
class _Refused:
    """A fact of an answer that is not believed."""

    path: str
    reason: LeftOutReason
    detail: str = ""

    @property
    def told(self) -> str:
        """Why, where nothing is left without it; what it was meant for is slow to find, and not needed of each."""
        if self.reason != "unknown_fact":
            return self.detail
        return f"no fact has this path{did_you_mean(self.path, [*FACTS, *ASKABLE_ONLY]) or ';'} {_LISTED}"


def _told(facts: Mapping[str, Any], topic: TopicFile, today: date) -> tuple[Mapping[str, Any], list[_Refused]]:
    """The facts that are known, each as its kind has it, and those that are refused."""
    read = {path: _fact(path, value, topic, today) for path, value in facts.items()}
    refused = [each for each in read.values() if isinstance(each, _Refused)]
    known = {path: value for path, value in read.items() if value is not None and not isinstance(value, _Refused)}
    return known, refused


def _fact(path: str, value: Any, topic: TopicFile, today: date) -> Any:
    if path not in FACTS and path not in ASKABLE_ONLY:
        return _Refused(path, "unknown_fact")
    if not may_answer(topic, path):
        return _Refused(path, "not_theirs_to_answer", f"{topic.name} is not asked for this fact")
    if value is None:
        return None
    if path in ASKABLE_ONLY or isinstance(FACTS[path].kind, Day):
        return _day(path, value, today)
    try:
        return FACTS_ADAPTER.validate_python({path: _as_read(FACTS[path].kind, value)})[path]
    except ValidationError as error:
        return _Refused(
            path, "schema", error.errors(include_url=False, include_context=False, include_input=False)[0]["msg"]
        )


def _day(path: str, value: Any, today: date) -> date | _Refused:
    day = read_day(value)
    if day is None:
        return _Refused(path, "unreadable_date", "expected a day such as 1990-05-01")
    if day in DEFAULT_DAYS or (path in ASKABLE_ONLY and not was_born(day, today)):
        return _Refused(path, "default_date", "expected a day, not what a system fills in where there is none")
    return day


def may_answer(topic: TopicFile, path: str) -> bool:
    """Whether the partner of *topic* may answer the fact at *path*; nobody answers what is computed."""
    return topic.answers_for(path) and not (path in FACTS and FACTS[path].derived)


def _as_read(kind: Kind, value: Any) -> Any:
    """*value* without the differences that mean nothing, read as tolerantly as in an event."""
    match kind:
        case Day():
            return read_day(value)
        case Whole() if isinstance(value, float) and value.is_integer():
            return int(value)
        case YesNo() | Code() if isinstance(value, str):
            return value.strip()
        case Records(fields) if isinstance(value, list):
            return [_record(fields, each) for each in value]
        case _:
            return value


def _record(fields: Mapping[str, Any], record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    return {name: _as_read(fields[name], value) if name in fields else value for name, value in record.items()}


def _contact(message: PartnerMessage, answer: FactsAnswered, told: Mapping[str, Any]) -> Contact | Parked:
    facts: Facts = {path: value for path, value in told.items() if path in FACTS}
    identifiers = person_identifiers(answer.person, answer.person_reference, answer.identifiers)
    if kind := contradicting(identifiers):
        return message.parked("identifier_conflict", ("identifiers",), f"two different {kind} for one person")
    identity = identity_of(answer.person, identifiers)
    born: date | None = told.get("person.date_of_birth")
    if born and identity.date_of_birth not in (None, born):
        return message.parked("identifier_conflict", ("person", "dateOfBirth"), "another day than the one answered")
    if answer.person.sex is not None:
        facts = {"person.sex": answer.person.sex, **facts}
    occurred_at = happened_at(answer.occurred_at or message.received_at, message.received_at)
    made = contact(
        message,
        EVENT_TYPE,
        occurred_at=occurred_at,
        reference=answer.reference or "",
        force=force_named(answer.force),
        identity=identity.model_copy(update={"date_of_birth": born or identity.date_of_birth}),
        facts=facts,
        named=event_id(message),
        content=content_of(message),
        consents=_consents(facts, occurred_at),
    )
    return made.model_copy(update={"in_reply_to": answer.in_reply_to})


def _consents(facts: Facts, said_at: datetime) -> tuple[Consent, ...]:
    return tuple(
        Consent.model_validate({"purpose": path.removeprefix("consent.").upper(), "given": given, "said_at": said_at})
        for path, given in facts.items()
        if path.startswith("consent.")
    )
