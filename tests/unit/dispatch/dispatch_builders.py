"""Deliveries, profiles and identities that show only what matters to a test."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from onward.contracts.arrangements import Arrangements, Dependant, Location, Referrer, SafeContact, Supporter
from onward.contracts.contact import Identity
from onward.contracts.decision import LegalBasis
from onward.contracts.fact_kinds import Choice, Code, Day, FactValue, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.contracts.identifiers import Identifier
from onward.contracts.referral import Delivery
from onward.directory.model import Directory, Profile, Provider

PERSON = "7c" * 16
MONDAY_9AM = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONSENT = LegalBasis(
    name="consent-referral",
    kind="consent",
    purpose="help with housing",
    article_6="6(1)(a)",
    article_9="9(2)(a)",
    article_10="DPA 2018 Sch. 1 para. 29",
    citation="test",
)
EVERYTHING_ABOUT_THEM = Identity(
    name="Test Person-0001",
    date_of_birth=date(1990, 2, 28),
    phone="01632 960001",
    email="person-0001@example.test",
    address="1 Synthetic Street, Testford",
    postcode="TE5 7AA",
    identifiers=(
        Identifier(type="NOMS", value="A0001AA"),
        Identifier(type="CRN", value="X000001"),
        Identifier(type="CRN", value="X000002"),
        Identifier(type="NHS", value="9990000018"),
    ),
    arrangements=Arrangements(
        raised_by=Referrer(callback="01632 960991"),
        location=Location(postcode="TE5 7AB"),
        safe_contact=SafeContact(times="10:00-14:00"),
        worker_gender="female",
        adjustments=("hearing_loop",),
        mobility="wheelchair",
        carer=Supporter(phone="01632 960992"),
        next_of_kin=Supporter(phone="01632 960993"),
        dependants=(Dependant(where_now="with Test Person-0002"),),
    ),
)
HOUSING = Profile(
    name="housing", why="find a place to live", fields=("name", "phone", "accommodation.status", "release.planned_on")
)


def example_of(kind: Kind) -> FactValue:
    """Some valid value of a fact of this kind."""
    match kind:
        case YesNo():
            return True
        case Whole(low, _):
            return low + 1
        case Choice(values):
            return values[0]
        case Code(_, example):
            return example
        case Day():
            return date(2026, 3, 6)
        case Records(fields):
            return [{name: _plain(example_of(inner)) for name, inner in fields.items()}]


def _plain(value: FactValue) -> bool | int | str:
    assert isinstance(value, bool | int | str)
    return value


EVERY_FACT: dict[str, Any] = {path: example_of(fact.kind) for path, fact in FACTS.items()}
"""All that can be known of a person at once."""


def a_delivery(**changes: Any) -> Delivery:
    given: dict[str, Any] = {
        "referral_id": UUID(int=1),
        "reference": "QX4829AC",
        "person": PERSON,
        "provider": "test-housing",
        "category": "ACCOMMODATION",
        "urgency": "within_5_working_days",
        "rule": "housing-voluntary-police",
        "reason": "canary-reason-is-for-us",
        "legal_basis": CONSENT,
        "made_at": MONDAY_9AM,
        "respond_by": MONDAY_9AM,
        "facts": {"accommodation.status": "homeless", "risk.self_harm": 3},
    }
    return Delivery.model_validate(given | changes)


def a_directory(*profiles: Profile, **provider: Any) -> Directory:
    given: dict[str, Any] = {
        "id": "test-housing",
        "name": "Test Housing",
        "area": "testshire",
        "services": ("housing_authority",),
        "categories": ("ACCOMMODATION",),
        "catchment": ("*",),
        "profile": "housing",
    }
    entry = Provider.model_validate(given | provider)
    return Directory(
        version="1", sha256="0" * 64, providers={entry.id: entry}, profiles={one.name: one for one in profiles}
    )
