"""From a checked shape to a contact: identity, facts, consents."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from onward.contracts.codes import Need
from onward.contracts.contact import Consent, Contact, Identity, Link
from onward.contracts.facts import AREA, Facts
from onward.contracts.housing_facts import TIER
from onward.contracts.identifiers import Identifier
from onward.contracts.ids import contact_id
from onward.contracts.outcome import Parked
from onward.intake.consenting import consent_facts, consents_of
from onward.intake.identifying import contradicting, identifiers_of
from onward.intake.message import PartnerMessage, content_of, event_id, happened_at
from onward.intake.shapes import AccommodationIn, PartnerEvent, PersonIn

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_AREA = re.compile(AREA.pattern)
_TIER = re.compile(TIER.pattern)
_EVERY_NEED = frozenset[str](get_args(Need))
_FLAGS = (
    "veteran",
    "care_leaver",
    "pregnant",
    "dependent_children",
    "no_recourse_to_public_funds",
    "gang_affected",
    "victim_of_crime",
    "registered_with_gp",
)


def person_identifiers(event: PartnerEvent) -> tuple[Identifier, ...]:
    """Every identifier of the person, from either place where one may stand."""
    person = event.person
    referenced = event.person_reference.identifiers if event.person_reference else None
    return identifiers_of(
        (*(person.identifiers or ()), *(referenced or ())),
        {
            "NOMS": person.noms_number,
            "CRN": person.crn,
            "PNC": person.pnc_id,
            "CRO": person.cro_number,
            "NHS": person.nhs_number,
            "ASN": person.asn,
        },
    )


def identity_of(person: PersonIn, identifiers: tuple[Identifier, ...]) -> Identity:
    """What identifies the person directly."""
    name = person.name or " ".join(part for part in (person.first_name, person.last_name) if part) or None
    return Identity(
        name=name,
        date_of_birth=person.date_of_birth,
        phone=person.phone,
        email=person.email,
        address=person.address,
        postcode=postcode(person.postcode),
        identifiers=identifiers,
    )


def postcode(text: str | None) -> str | None:
    """A UK postcode as the Post Office writes it; None when it is none."""
    match = _POSTCODE.fullmatch("".join(text.split()).upper()) if text else None
    return f"{match[1]} {match[2]}" if match else None


def area(code: object) -> str | None:
    """The GSS code of a local authority; None for anything else."""
    text = code.strip().upper() if isinstance(code, str) else ""
    return text if _AREA.fullmatch(text) else None


def tier(code: object) -> str | None:
    """The probation tier; None for anything else."""
    text = code.strip().upper() if isinstance(code, str) else ""
    return text if _TIER.fullmatch(text) else None


def build(
    message: PartnerMessage,
    event: PartnerEvent,
    type: str,  # noqa: A002 - the contact's own field
    facts: Mapping[str, Any],
    *,
    reference: str | None = None,
    asked_all: bool = False,
    links: tuple[Link, ...] = (),
) -> Contact | Parked:
    """
    The contact for *event*, with *facts* beside those of its common parts; a fact of None is not known.

    *reference* is the partner's own for the person when the event gives none by that name. *asked_all* says that every
    need was asked about: those not listed are none, but for those not asked. Parked as `identifier_conflict` when one
    person has two numbers of a kind, as `no_identifier` when nothing names the person or case.
    """
    identifiers = person_identifiers(event)
    if kind := contradicting(identifiers):
        return message.parked("identifier_conflict", ("person", "identifiers"), f"two different {kind} for one person")
    reference = event.reference or reference or (identifiers[0].value if identifiers else None)
    if reference is None:
        return message.parked("no_identifier", ("reference",), "give a reference, or an identifier that checks")
    occurred_at = happened_at(event.occurred_at, message.received_at)
    consents = consents_of(event.consent, occurred_at)
    known = {
        **person_facts(event.person),
        **_needs(event, asked_all=asked_all),
        **_circumstances(event),
        **clock_facts(event, occurred_at),
        **consent_facts(consents),
        **facts,
    }
    return contact(
        message,
        type,
        occurred_at=occurred_at,
        reference=reference,
        identity=identity_of(event.person, identifiers),
        facts=known,
        consents=consents,
        links=links,
        named=event_id(message),
        content=content_of(message),
    )


def contact(
    message: PartnerMessage,
    type: str,  # noqa: A002 - the contact's own field
    *,
    occurred_at: datetime,
    reference: str,
    identity: Identity,
    facts: Mapping[str, Any],
    named: str,
    part: str = "",
    content: str = "",
    consents: tuple[Consent, ...] = (),
    links: tuple[Link, ...] = (),
) -> Contact:
    """
    A contact whose id follows from the partner, *named* (the event) and *part* (the person in it).

    *content* is a digest of what was written, needed where *named* does not follow from that itself.
    """
    known: Facts = {path: value for path, value in facts.items() if value is not None}
    return Contact(
        contact_id=contact_id(message.source, named, part),
        source=message.source,
        type=type,
        occurred_at=occurred_at,
        received_at=message.received_at,
        reference=reference,
        content=content,
        identity=identity,
        facts={**known, "event.source": message.source, "event.type": type},
        consents=consents,
        links=links,
    )


def person_facts(person: PersonIn) -> Facts:
    """What the person is like. An age counts only without a date of birth, which says it for any day."""
    facts: Facts = {f"person.{flag}": getattr(person, flag) for flag in _FLAGS}
    facts["person.age"] = person.age if person.date_of_birth is None else None
    facts["person.sex"] = person.sex
    facts["person.area"] = area(person.area_code)
    facts["person.interpreter"] = person.interpreter.lower() if person.interpreter else None
    return facts


def _needs(event: PartnerEvent, *, asked_all: bool) -> Facts:
    """Severity by need; the higher one where a need is listed twice."""
    from_screening = _EVERY_NEED - set(event.not_asked) if asked_all else set[str]()
    severities = dict.fromkeys(from_screening, 0)
    for need in event.needs:
        severities[need.category] = max(severities.get(need.category, 0), need.severity)
    return {f"needs.{need.lower()}": severity for need, severity in sorted(severities.items())}


def _circumstances(event: PartnerEvent) -> Facts:
    home = event.accommodation or AccommodationIn()
    facts: Facts = {
        "accommodation.status": home.status,
        "accommodation.current": home.current,
        "accommodation.current_settled": home.current_settled,
        "accommodation.current_ends_on": home.current_ends_on,
        "accommodation.next_arranged": home.next_arranged,
        "accommodation.chosen_authority": area(home.chosen_authority),
        "rehabilitation_accommodation.live": event.rehabilitation_accommodation_live,
        "event.setting": event.setting,
    }
    if event.substance:
        facts |= {"substance.opioid": event.substance.opioid, "substance.in_treatment": event.substance.in_treatment}
    if event.domestic_abuse:
        facts["risk.domestic_abuse_role"] = event.domestic_abuse.role
        facts["risk.dash_score"] = event.domestic_abuse.dash_score
    if event.risk_assessment:
        facts["risk.self_harm"] = event.risk_assessment.self_harm
    if event.duty_to_refer:
        facts["duty_to_refer.submitted_on"] = event.duty_to_refer.submitted_on
        facts["duty_to_refer.status"] = event.duty_to_refer.status
    for service in ("cas1", "cas3"):
        said = getattr(event, service)
        if said:
            facts |= {f"{service}.{stage}": word for stage, word in said.model_dump().items()}
    facts["supervision.tier"] = tier(event.supervision_tier)
    return facts


def clock_facts(event: PartnerEvent, occurred_at: datetime) -> Facts:
    """The detention clocks at the event. A start after the event, or longer ago than the law allows, says nothing."""
    custody = _minutes(event.relevant_time, occurred_at, most=96 * 60)
    return {
        "event.custody_clock_minutes": custody,
        # PACE s41: 24 hours unless an extension was authorised.
        "event.custody_limit_hours": event.custody_limit_hours or (24 if custody is not None else None),
        "event.s136_minutes": _minutes(event.arrived_at_place_of_safety, occurred_at, most=36 * 60),
    }


def _minutes(start: datetime | None, end: datetime, *, most: int) -> int | None:
    minutes = int((end - start).total_seconds() // 60) if start else -1
    return minutes if 0 <= minutes <= most else None
