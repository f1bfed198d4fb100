"""
How a person can be reached and met, who raised it, and who depends on whom.

It travels sealed with the identity, no rule sees any of it, and a provider is told a field of it only where its profile
names that field.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from onward.contracts.base import Message
from onward.contracts.fact_kinds import DataClass

Relationship = Literal[
    "partner", "former_partner", "parent", "child", "family", "household", "friend", "employer", "school", "other"
]
"""Who somebody is to the person. Only a code, so that no name and no number can stand here."""

Adjustment = Literal[
    "sign_language",
    "interpreter",
    "lip_reading",
    "hearing_loop",
    "text_messages",
    "easy_read",
    "large_print",
    "braille",
    "audio",
    "plain_language",
    "advocate",
    "support_person",
    "quiet_place",
    "longer_appointment",
    "first_or_last_appointment",
    "home_visit",
    "step_free_access",
    "other",
]
"""
A reasonable adjustment (Equality Act 2010 s. 20) or a need in communication, as NHS standard DAPB4019 has them flagged.

Our own words for what its flags are about, which intake reads by SNOMED CT code or term too; `other` is one that is not
among them, to be asked about by telephone.
"""

Mobility = Literal["walking_aid", "wheelchair", "stays_at_home", "other"]


class Referrer(Message):
    """Who raised it: whom a provider rings back, and what to say then."""

    role: str | None = None
    team: str | None = None
    callback: str | None = None
    """A telephone number that somebody answers."""
    reference: str | None = None
    """The number of the incident or case that whoever answers knows it by."""


class Location(Message):
    """Where it happened, to go there."""

    address: str | None = None
    postcode: str | None = None


class SafeContact(Message):
    """How the person can be reached without danger. Where it says a number, no other is told."""

    phone: str | None = None
    phone_is_safe: bool | None = None
    """False: the number that is known otherwise must not be rung."""
    times: str | None = None
    """When it is safe, such as `10:00-14:00`."""
    no_voicemail: bool | None = None
    through: str | None = None
    """Through whom or what, such as a school."""
    must_not_know: tuple[Relationship, ...] = ()
    """From whom it must be kept: nobody of these is named to a provider as somebody to ring."""


class Supporter(Message):
    """Somebody who cares for the person, or is next of kin."""

    name: str | None = None
    relationship: Relationship = "other"
    phone: str | None = None


class Dependant(Message):
    """Somebody who depends on the person."""

    age: int | None = Field(default=None, ge=0, le=120)
    where_now: str | None = None
    """Where they are now, and with whom."""


class Arrangements(Message):
    """All of it, for one person; each field by the name that a disclosure profile gives it."""

    raised_by: Referrer | None = None
    location: Location | None = None
    safe_contact: SafeContact | None = None
    worker_gender: Literal["female", "male"] | None = None
    """Of whoever is to meet them, where the person asks for it."""
    adjustments: tuple[Adjustment, ...] = ()
    mobility: Mobility | None = None
    carer: Supporter | None = None
    next_of_kin: Supporter | None = None
    dependants: tuple[Dependant, ...] = ()


OF_ONE_CONTACT: Final = ("raised_by", "location")
"""What another contact says anew; all else stays with the person until something newer is said."""

DATA_CLASSES: Final[Mapping[str, DataClass]] = {
    "raised_by": "contact",
    "location": "contact",
    "safe_contact": "contact",
    "worker_gender": "logistics",
    "adjustments": "logistics",
    "mobility": "logistics",
    "carer": "household",
    "next_of_kin": "household",
    "dependants": "household",
}
"""
What sort of data each field is; a profile can forbid whole classes.

Whoever meets the person has to adjust to them (Equality Act 2010 s. 20), so adjustments are logistics; what they tell
about health needs an Article 9 condition all the same.
"""

TELLS_HEALTH: Final = frozenset({"adjustments", "mobility"})

_ANYBODY: Final = frozenset({"family", "household", "other"})


def known_fields(arrangements: Arrangements | None) -> tuple[str, ...]:
    """The fields that are known, in order."""
    return () if arrangements is None else tuple(name for name in DATA_CLASSES if getattr(arrangements, name))


def may_be_rung(supporter: Supporter, safe: SafeContact | None) -> bool:
    """Whether a carer or next of kin may be named to anybody, after what the person said of who must not know."""
    kept_from = set(safe.must_not_know) if safe else set[str]()
    # A word for anybody at all may mean this very person.
    return not kept_from or not (kept_from | {supporter.relationship}) & _ANYBODY | kept_from & {supporter.relationship}
