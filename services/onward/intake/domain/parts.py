"""The parts that partners' events are made of, where the shape is ours to define.

Every event is a `PartnerEvent`. What only some partners can know is a part of its own, which their shapes take beside
it: a custody suite has a detention clock, and knows nothing of an application for approved premises.
"""

from typing import Annotated, Any, Final, TypeAlias

from pydantic import AliasChoices, Discriminator, Field, Tag, create_model

from onward.contracts.area_vocabulary import ADDED
from onward.contracts.contact import ConsentPurpose
from onward.contracts.fact_kinds import Choice
from onward.contracts.facts import FACTS, Fact
from onward.intake.domain import vocabulary
from onward.intake.domain.arrangement_parts import ArrangementsIn, RaisedByField
from onward.intake.domain.equality import EqualityIn
from onward.intake.domain.languages import Language
from onward.intake.domain.shapes import (
    WHOLE,
    Address,
    Coded,
    Day,
    Given,
    Listed,
    Maybe,
    Name,
    NeedCode,
    Severity,
    Sex,
    Shape,
    Text,
    Together,
    When,
    YesNo,
    choice,
    coded,
)


class IdentifierIn(Shape):
    """A type and a value, as HMPPS writes them."""

    type: Text
    value: Any = None


class PersonReference(Shape):
    """The identifiers of a person, in the shape of an HMPPS domain event."""

    identifiers: Listed[IdentifierIn] | None = None


class PersonIn(ArrangementsIn, EqualityIn):
    """Who it is about. Everything is optional: an unknown person is normal in the street."""

    identifiers: Listed[IdentifierIn] | None = None
    noms_number: Any = None
    crn: Any = None
    pnc_id: Any = None
    cro_number: Any = None
    nhs_number: Any = None
    asn: Any = Field(default=None, validation_alias=AliasChoices("asn", "ASN", "arrestSummonsNumber"))
    name: Maybe[Text] = None
    first_name: Maybe[Text] = None
    last_name: Maybe[Text] = None
    date_of_birth: Maybe[Day] = None
    age: Maybe[Annotated[int, Field(ge=0, le=120), WHOLE]] = None
    """Believed only without a date of birth."""
    sex: Sex = None
    phone: Maybe[Annotated[str, Field(max_length=200)]] = None
    """A number, with a note beside it or not."""
    email: Maybe[Annotated[str, Field(max_length=254)]] = None
    address: Address = None
    postcode: Maybe[Annotated[str, Field(max_length=40)]] = None
    """What is no postcode is left out; `NFA` and `no fixed abode` say that the person is homeless."""
    area_code: Any = None
    """GSS code of the local authority; anything else is left out, and then it is that of the postcode."""
    veteran: Maybe[YesNo] = None
    care_leaver: Maybe[YesNo] = None
    pregnant: Maybe[YesNo] = None
    dependent_children: Maybe[YesNo] = None
    no_recourse_to_public_funds: Maybe[YesNo] = None
    interpreter: Maybe[Annotated[str | None, Language()]] = None
    """The language: its ISO 639 code or its name; or only whether one is needed."""
    gang_affected: Maybe[YesNo] = None
    exploited: Maybe[YesNo] = None
    """May be a victim of slavery, trafficking or exploitation."""
    victim_of_crime: Maybe[YesNo] = None
    registered_with_gp: Maybe[YesNo] = None
    vulnerable: Maybe[YesNo] = None
    """May be vulnerable in custody (PACE Code C 1.13(d)), whichever the condition."""
    lacks_capacity: Maybe[YesNo] = None
    """Found unable to decide about help now (Mental Capacity Act 2005)."""
    adult_at_risk: Maybe[YesNo] = None
    """May be abused or neglected, and cannot protect themselves (Care Act 2014 s. 42)."""
    sexual_violence: Maybe[Annotated[str, choice("none", "recent", "past", historic="past")]] = None
    """Done to the person within the last seven days, or longer ago."""
    foreign_national: Maybe[YesNo] = None


class NeedIn(Shape):
    """A need that somebody found."""

    category: NeedCode
    severity: Severity


AgreedWith: TypeAlias = Maybe[
    Annotated[
        str,
        choice(
            "nobody",
            "parent",
            "competence",
            alone="nobody",
            guardian="parent",
            parental_responsibility="parent",
            gillick="competence",
            gillick_competent="competence",
            competent="competence",
        ),
    ]
]
"""What stands behind the yes of a child; of a child's yes that does not say, nobody does."""


class ConsentIn(Shape):
    """What the person said about one purpose."""

    purpose: Annotated[ConsentPurpose, coded(vocabulary.PURPOSES)]
    given: Given
    recipient: Together[Maybe[Text]] = None
    """Without it the consent would be to anybody."""
    agreed_with: AgreedWith = Field(default=None, validation_alias=AliasChoices("with", "agreedWith"))
    said_at: Maybe[When] = None
    how: Maybe[Annotated[str, Field(max_length=40)]] = None


class ConsentGroup(Shape):
    """What the person said about several purposes at once; without a purpose it covers nothing, and is refused."""

    purposes: tuple[Annotated[ConsentPurpose, coded(vocabulary.PURPOSES)], ...] = Field(min_length=1)
    given: Given
    recipient: Together[Maybe[Text]] = None
    agreed_with: AgreedWith = Field(default=None, validation_alias=AliasChoices("with", "agreedWith"))
    said_at: Maybe[When] = None
    how: Maybe[Annotated[str, Field(max_length=40)]] = None


LIST_TAG = "@list"
GROUP_TAG = "@group"
"""Parts of an error's place that are ours, not the document's."""


def _consent_form(value: object) -> str | None:
    if isinstance(value, list):
        return LIST_TAG
    return GROUP_TAG if isinstance(value, dict) else None


ConsentForm: TypeAlias = Annotated[
    Annotated[Listed[ConsentIn], Tag(LIST_TAG)] | Annotated[ConsentGroup, Tag(GROUP_TAG)],
    Discriminator(
        _consent_form,
        custom_error_type="consent",
        custom_error_message="expected a list of consents or an object with purposes",
    ),
]


MISSING: Final[Coded] = choice("missing", "found", reported_missing="missing", returned="found", located="found")
"""Reads whether the person is missing, or was found after it."""


class AccommodationIn(Shape):
    """Where the person lives, and will live."""

    status: Maybe[Annotated[str, coded(vocabulary.ACCOMMODATION_STATUS)]] = None
    current: Maybe[Annotated[str, coded(vocabulary.ACCOMMODATION_CURRENT)]] = None
    current_settled: Maybe[YesNo] = None
    current_ends_on: Maybe[Day] = None
    next_arranged: Maybe[YesNo] = None
    chosen_authority: Any = None


class SubstanceIn(Shape):
    """What is known of substance use beyond the need."""

    opioid: Maybe[YesNo] = None
    in_treatment: Maybe[YesNo] = None


class DomesticAbuseIn(Shape):
    """The person's part in domestic abuse, and the DASH checklist."""

    role: Maybe[
        Annotated[
            str,
            choice("none", "victim", "suspect", "victim_and_suspect", perpetrator="suspect", both="victim_and_suspect"),
        ]
    ] = None
    dash_score: Maybe[Annotated[int, Field(ge=0, le=24), WHOLE]] = None
    high_risk: Maybe[YesNo] = None
    """By professional judgement whatever the score, or because abuse was reported thrice within twelve months."""


class RiskIn(Shape):
    """Risk, as assessed on this occasion."""

    self_harm: Maybe[Severity] = None


class DutyToReferIn(Shape):
    """A homelessness referral that was made already."""

    submitted_on: Maybe[Day] = None
    status: Maybe[Annotated[str, choice("none", "submitted", "accepted", "not_accepted", "withdrawn")]] = None


def _word_of(path: str, **others: str) -> Coded:
    """Reads a value of a fact that is one of a closed list of words, run together too (`notArrived`)."""
    kind = FACTS[path].kind
    assert isinstance(kind, Choice)
    return choice(*kind.values, **{word.replace("_", ""): word for word in kind.values}, **others)


_REQUEST = _word_of(
    "cas1.placement_request",
    **{f"request_{word}": word for word in ("unsubmitted", "submitted", "rejected", "withdrawn")},
)


class Cas1In(Shape):
    """Where an application for approved premises stands."""

    application: Maybe[Annotated[str, _word_of("cas1.application")]] = None
    placement_request: Maybe[Annotated[str, _REQUEST]] = None
    placement: Maybe[Annotated[str, _word_of("cas1.placement")]] = None


class Cas3In(Shape):
    """Where an application for transitional accommodation stands."""

    application: Maybe[Annotated[str, _word_of("cas3.application")]] = None
    assessment: Maybe[Annotated[str, _word_of("cas3.assessment")]] = None
    booking: Maybe[
        Annotated[
            str, _word_of("cas3.booking", **dict.fromkeys(("notMinusArrived", "NOT_MINUS_ARRIVED"), "not_arrived"))
        ]
    ] = None


class LocationIn(Shape):
    """Where it happened."""

    area_code: Any = None
    """GSS code of the local authority; anything else counts as not said: then it is that of the postcode."""
    postcode: Any = None
    """What is no postcode counts as not said."""
    address: Any = None
    """As text, as lines or as parts; a longer one than 500 characters is left out."""


def attribute_of(path: str) -> str:
    """The attribute of `FurtherIn` for a fact that an area has added."""
    return path.replace(".", "__")


def _added(fact: Fact) -> Any:
    known: Any = Maybe
    read = Annotated[str, choice(*fact.kind.values)] if isinstance(fact.kind, Choice) else YesNo
    return known[read], Field(default=None, validation_alias=fact.path)


FurtherIn: Final[type[Shape]] = create_model(
    "FurtherIn",
    __base__=Shape,
    __doc__="Facts that areas have added, by their path.",
    **{attribute_of(path): _added(FACTS[path]) for path in ADDED.facts},
)


class PartnerEvent(Shape):
    """What every event of our own shape may say."""

    event_type: Text
    event_id: Name = None
    occurred_at: When
    reference: Name = None
    """The partner's own reference for the person or case; given back with every status and question."""
    force: Any = None
    """
    The police force, such as 20, whose case, custody or incident number the reference is: two forces use the same
    numbers. Also where it happened, if nothing else says so.
    """
    person: PersonIn = Field(default_factory=PersonIn)
    person_reference: PersonReference | None = None
    needs: Listed[NeedIn] = ()
    consent: ConsentForm | None = None
    accommodation: AccommodationIn | None = None
    domestic_abuse: DomesticAbuseIn | None = None
    risk_assessment: RiskIn | None = None
    setting: Maybe[Annotated[str, coded(vocabulary.SETTINGS)]] = None
    location: LocationIn | None = None
    suspected: Maybe[YesNo] = None
    """Whether the person is suspected of an offence; who is only a victim, ill, missing or a witness is not."""
    raised_by: RaisedByField = Field(default=None, validation_alias=AliasChoices("raisedBy", "referrer"))
    """Who raised it: whom a provider rings back."""
    if ADDED.facts:
        further: FurtherIn | None = None  # pyright: ignore[reportInvalidTypeForm] - made of data


class Screening(Shape):
    """What a screening asked about."""

    asked: Listed[NeedCode] = ()
    """Needs that the person was asked about: one that is not among `needs` is none."""
    not_asked: Listed[NeedCode] = ()
    """Needs that were left out: not known, whatever else is said of them."""


class SubstanceUse(Shape):
    """What whoever met the person knows of substances."""

    substance: SubstanceIn | None = None


class Homelessness(Shape):
    """A referral of a homeless person that a public body made already (Housing Act 1996 s. 213B)."""

    duty_to_refer: DutyToReferIn | None = None


class ProbationHousing(Shape):
    """Accommodation that probation applies for, and the tier that decides about it."""

    rehabilitation_accommodation_live: Maybe[YesNo] = None
    cas1: Cas1In | None = None
    cas3: Cas3In | None = None
    supervision_tier: Any = None


class DetentionClock(Shape):
    """The PACE detention clock."""

    relevant_time: Maybe[When] = None
    """Its start."""
    custody_limit_hours: Maybe[Annotated[int, Field(ge=24, le=96), WHOLE]] = None


class Section136Clock(Shape):
    """The clock of section 136 of the Mental Health Act."""

    arrived_at_place_of_safety: Maybe[When] = None
    """Its start."""


PARTS: Final[tuple[type[Shape], ...]] = (
    PartnerEvent,
    Screening,
    SubstanceUse,
    Homelessness,
    ProbationHousing,
    DetentionClock,
    Section136Clock,
)
"""Everything that some event of our own shape may say, beside what is one partner's alone."""
