"""Courts: a Common Platform hearing, one contact for each person who is a defendant in it.

The shape is HMCTS's own; identifiers are often empty. A defendant with one `masterDefendantId` in several cases of the
hearing is one person; without it each entry is its own, because public messages repeat `id` for different people.
Organisations are left out. `event.order` holds one treatment requirement, so a second one for the same person is a
further contact. The event id is the hearing and what it says of the person: a hearing that is shared again because
another defendant's result changed gives this one's contact again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field

from onward.calendar.times import read_day, read_moment
from onward.contracts.contact import Contact, Identity
from onward.contracts.outcome import Ignored, Parked
from onward.diagnostics.spelling import spelled
from onward.intake.domain.catalogue import NOBODY_KNOWS, Shaped, catalogue, shaped
from onward.intake.domain.contact import contact
from onward.intake.domain.no_home import postcode
from onward.intake.domain.partner_message import PartnerMessage, Read, content_event_id, happened_at
from onward.intake.domain.person import identifiers_of
from onward.intake.domain.shapes import Maybe, Name, Shape, Together, When, YesNo
from onward.intake.domain.vocabulary import SEXES

SOURCE = "courts"
MAKES = ("court.hearing",)
NO_PERSON = Ignored("no_person")
"""Every defendant and subject of an application is an organisation, or the hearing has none."""
HEARING_DELETED = Ignored("hearing_deleted")
"""
A hearing that was entered by mistake. What it had said is about somebody whom the message does not name, and an order
that was never made is taken back by whoever made it.
"""
OTHER_MESSAGE_TYPE = Ignored("other_message_type")
"""The same topic carries cases of Libra and others, which are no hearings."""
_DELETED = "COMMON_PLATFORM_HEARING_DELETED"
_DELETED_EVENT = "commonplatform.case.deleted"
"""The same, by the type of the event."""

_ORDERS = {
    "drug_rehabilitation_requirement": "drug_rehabilitation",
    "drug_rehabilitation": "drug_rehabilitation",
    "drr": "drug_rehabilitation",
    "alcohol_treatment": "alcohol_treatment",
    "atr": "alcohol_treatment",
    "mental_health_treatment": "mental_health_treatment",
    "mhtr": "mental_health_treatment",
}
_UNDONE = (
    *(
        "revok",
        "revoc",
        "terminat",
        "cancel",
        "discharg",
        "remov",
        "refus",
        "dismiss",
        "withdraw",
        "quash",
        "set_aside",
    ),
    *("delet", "ceas", "expired", "no_longer", "not_made", "not_imposed", "suitab", "adjourn"),
)
"""In a result: the order is no more, was not made, or is only thought of."""
_PARTS_OF_A_LABEL = re.compile(r"[;.\n]")
"""One result may say what ends and what takes its place."""


class Result(Shape):
    """What the court ordered, as its label says."""

    label: Maybe[str] = None
    is_deleted: Together[Maybe[YesNo]] = None
    """Without it nobody can tell whether the result still stands."""


class Offence(Shape):
    """An offence, for its results alone."""

    judicial_results: tuple[Result, ...] = ()


class Address(Shape):
    """Up to five lines."""

    address1: Maybe[str] = None
    address2: Maybe[str] = None
    address3: Maybe[str] = None
    address4: Maybe[str] = None
    address5: Maybe[str] = None
    postcode: Maybe[str] = None


class Phones(Shape):
    """How to reach the person."""

    mobile: Maybe[str] = None
    home: Maybe[str] = None
    work: Maybe[str] = None
    primary_email: Maybe[str] = None


class PersonDetails(Shape):
    """Who the defendant is."""

    first_name: Maybe[str] = None
    middle_name: Maybe[str] = None
    last_name: Maybe[str] = None
    date_of_birth: Any = None
    gender: Any = None
    address: Address = Field(default_factory=Address)
    contact: Phones = Field(default_factory=Phones)


class PersonDefendant(Shape):
    """A defendant who is a person."""

    person_details: PersonDetails = Field(default_factory=PersonDetails)
    arrest_summons_number: Any = None


class Defendant(Shape):
    """A defendant in one case."""

    id: Name = None
    master_defendant_id: Name = None
    pnc_id: Any = None
    cro_number: Any = None
    person_defendant: PersonDefendant | None = None
    offences: tuple[Offence, ...] = ()
    defendant_case_judicial_results: tuple[Result, ...] = ()


class Case(Shape):
    """A case heard."""

    defendants: tuple[Defendant, ...] = ()


class Subject(Shape):
    """Whom an application to the court is about: a defendant, or somebody who never was one."""

    id: Name = None
    master_defendant: Defendant | None = None
    person_details: PersonDetails | None = None


class OrderOffence(Shape):
    """An offence of an order that the application is about; a new order for it stands there."""

    offence: Offence = Field(default_factory=Offence)


class CourtOrder(Shape):
    """The order that is to be reviewed, amended or revoked, or was breached."""

    court_order_offences: tuple[OrderOffence, ...] = ()


class ApplicationCase(Shape):
    """A case that the application is about."""

    offences: tuple[Offence, ...] = ()


class Application(Shape):
    """An application, such as for the review or the breach of an order; its results are its subject's."""

    subject: Subject = Field(default_factory=Subject)
    judicial_results: tuple[Result, ...] = ()
    court_order: CourtOrder = Field(default_factory=CourtOrder)
    court_application_cases: tuple[ApplicationCase, ...] = ()

    @property
    def offences(self) -> tuple[Offence, ...]:
        """Those of the order and of the cases that it is about."""
        of_order = (each.offence for each in self.court_order.court_order_offences)
        return (*of_order, *(offence for case in self.court_application_cases for offence in case.offences))


class DefendantResult(Shape):
    """A result for a defendant in all their cases."""

    master_defendant_id: Name = None
    judicial_result: Result = Field(default_factory=Result)


class HearingDay(Shape):
    """A day of the hearing."""

    sitting_day: Any = None


class Hearing(Shape):
    """A hearing."""

    id: Name = None
    hearing_days: tuple[HearingDay, ...] = ()
    prosecution_cases: tuple[Case, ...] = ()
    court_applications: tuple[Application, ...] = ()
    defendant_judicial_results: tuple[DefendantResult, ...] = ()


class HearingEvent(Shape):
    """The message: it has no event type and no time of its own but `sharedTime`."""

    shared_time: Maybe[When] = None
    hearing: Hearing


class Shared(Shape):
    """What stands in a hearing more than once."""

    results: tuple[Result, ...]
    defendant: Defendant


CATALOGUE = catalogue(ours=False, untyped=HearingEvent, shared=Shared)
"""No types: the shape is HMCTS's own, and a hearing names none."""


@dataclass(slots=True)
class _Person:
    """One person, in every case of the hearing where they are a defendant."""

    defendant: Defendant
    reference: str
    orders: list[str] = field(default_factory=list[str])
    said: list[Any] = field(default_factory=list[Any])
    """What the document says of them, as it says it."""


def read(message: PartnerMessage) -> Read:
    """One contact for each person and treatment requirement, or why there is none."""
    if message.message_type == _DELETED or message.event_type == _DELETED_EVENT:
        # Whatever stands in it: what it says of the hearing is not so.
        return HEARING_DELETED
    if message.body.get("hearing") is None:
        if message.message_type and not message.message_type.startswith("COMMON_PLATFORM_HEARING"):
            return OTHER_MESSAGE_TYPE
        if "hearingId" in message.body:
            return HEARING_DELETED
        if message.event_type is not None:
            return NOBODY_KNOWS
    read = shaped(message, HearingEvent)
    if isinstance(read, Parked):
        return read
    event = read.shape
    heard_at = happened_at(_heard_at(event, message.received_at), message.received_at)
    return _contacts(read, event.hearing, heard_at) or read.message.concluded(NO_PERSON)


def _heard_at(event: HearingEvent, received_at: datetime) -> datetime:
    """When the result was shared, else the last day of the hearing so far, else the arrival."""
    if event.shared_time:
        return event.shared_time
    days = sorted(day for one in event.hearing.hearing_days if (day := read_moment(one.sitting_day)))
    held = [day for day in days if day <= received_at]
    return held[-1] if held else days[0] if days else received_at


def _contacts(read: Shaped[HearingEvent], hearing: Hearing, heard_at: datetime) -> list[Contact]:
    return [
        made
        for part, person in _people(read.body["hearing"], hearing).items()
        for made in _person_contacts(read.message, hearing, heard_at, part, person)
    ]


def _person_contacts(
    message: PartnerMessage, hearing: Hearing, heard_at: datetime, part: str, person: _Person
) -> Iterator[Contact]:
    named = content_event_id({"hearing": hearing.id, "said": person.said})
    defendant = person.defendant
    first: str | None = next(iter(person.orders), None)
    for order in (first, *person.orders[1:]):
        yield contact(
            message,
            "court.hearing",
            occurred_at=heard_at,
            reference=person.reference,
            identity=_identity(defendant),
            facts={**_facts(defendant), "event.order": order},
            named=named,
            part=part if order == first else f"{part} {order}",
        )


def _people(said: Mapping[str, Any], hearing: Hearing) -> Mapping[str, _Person]:
    """Each person by what tells them apart in this hearing."""
    people: dict[str, _Person] = {}
    entries = [*_defendants(said, hearing), *_subjects(said, hearing)]
    ids = Counter(defendant.id for _, defendant, _ in entries)
    for where, defendant, theirs in entries:
        # An id that stands on several people names none of them.
        own = defendant.id if ids[defendant.id] == 1 else None
        reference = defendant.master_defendant_id or own or f"{hearing.id or 'hearing'}/{where}"
        person = people.setdefault(defendant.master_defendant_id or where, _Person(defendant, reference))
        person.said.append(theirs)
        person.orders.extend(order for order in _orders(defendant) if order not in person.orders)
    for number, result in enumerate(hearing.defendant_judicial_results):
        if result.master_defendant_id in people:
            person = people[result.master_defendant_id]
            person.said.append(said["defendantJudicialResults"][number])
            person.orders.extend(order for order in _ordered(result.judicial_result) if order not in person.orders)
    return people


def _defendants(document: Mapping[str, Any], hearing: Hearing) -> Iterator[tuple[str, Defendant, Any]]:
    """Each defendant who is a person, with their place in the document and what it says there."""
    for case_number, case in enumerate(hearing.prosecution_cases):
        for number, defendant in enumerate(case.defendants):
            if defendant.person_defendant is not None:
                said = document["prosecutionCases"][case_number]["defendants"][number]
                yield f"{case_number}/{number}", defendant, said


def _subjects(document: Mapping[str, Any], hearing: Hearing) -> Iterator[tuple[str, Defendant, Any]]:
    """Each person whom an application is about, with its results as theirs."""
    for number, application in enumerate(hearing.court_applications):
        subject = _subject(application.subject)
        if subject is not None:
            theirs = {
                "defendant_case_judicial_results": (
                    *subject.defendant_case_judicial_results,
                    *application.judicial_results,
                ),
                "offences": (*subject.offences, *application.offences),
            }
            yield f"application/{number}", subject.model_copy(update=theirs), document["courtApplications"][number]


def _subject(subject: Subject) -> Defendant | None:
    """The person, as a defendant; None where it is an organisation, or nobody."""
    if subject.master_defendant is not None and subject.master_defendant.person_defendant is not None:
        return subject.master_defendant
    if subject.master_defendant is not None or subject.person_details is None:
        return None
    person = PersonDefendant().model_copy(update={"person_details": subject.person_details})
    return Defendant().model_copy(update={"id": subject.id, "person_defendant": person})


def _orders(defendant: Defendant) -> Iterator[str]:
    results = (result for offence in defendant.offences for result in offence.judicial_results)
    for result in (*results, *defendant.defendant_case_judicial_results):
        yield from _ordered(result)


def _ordered(result: Result) -> Iterator[str]:
    """The treatment requirements that a result makes or leaves standing."""
    parts = () if result.is_deleted else _PARTS_OF_A_LABEL.split(result.label or "")
    for label in (f"_{spelled(part)}_" for part in parts):
        if any(undone in label for undone in _UNDONE):
            continue
        for phrase, order in _ORDERS.items():
            if f"_{phrase}_" in label:
                yield order


def _identity(defendant: Defendant) -> Identity:
    person = defendant.person_defendant or PersonDefendant()
    told, home = person.person_details, person.person_details.address
    names = (told.first_name, told.middle_name, told.last_name)
    lines = (home.address1, home.address2, home.address3, home.address4, home.address5)
    return Identity(
        name=" ".join(name for name in names if name) or None,
        date_of_birth=read_day(told.date_of_birth),
        phone=told.contact.mobile or told.contact.home or told.contact.work,
        email=told.contact.primary_email,
        address=", ".join(line for line in lines if line) or None,
        postcode=postcode(home.postcode),
        identifiers=identifiers_of(
            (), {"PNC": defendant.pnc_id, "CRO": defendant.cro_number, "ASN": person.arrest_summons_number}
        ),
    )


def _facts(defendant: Defendant) -> Mapping[str, Any]:
    gender = defendant.person_defendant.person_details.gender if defendant.person_defendant else None
    sex = SEXES.get(spelled(gender)) if isinstance(gender, str) else None
    return {"person.sex": sex, "event.setting": "court", "event.suspected": True}
