"""The parts that partners' messages are made of, where the shape is ours to define. camelCase on the wire.

Unknown fields are ignored. A field that is absent, null, blank or says that nobody knows is not known. Codes and
times are read tolerantly; what cannot be read is an error that names the field and what was expected, never the value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from onward.calendar.times import read_day, read_moment
from onward.contracts.codes import Need
from onward.contracts.contact import ConsentPurpose
from onward.contracts.fact_kinds import Choice
from onward.contracts.facts import FACTS
from onward.intake.domain import vocabulary

T = TypeVar("T")


def _nothing(value: object) -> object:
    return None if isinstance(value, str) and vocabulary.spelled(value) in vocabulary.UNKNOWN_WORDS else value


Maybe: TypeAlias = Annotated[T | None, BeforeValidator(_nothing)]
"""A value, or not known."""


_A_WORD = "One of `examples`, or a word that docs/partners/words.md has for it, in any case; no other is read."


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """
    Reads a partner's word for one of our codes; a word that is in no table is the error `unknown_code`.

    The words of the partner that is read (`vocabulary.OwnWords`, as the context of the validation) count first.
    """

    table: Mapping[str, Any]
    name: str = ""
    """Its name in `vocabulary.LISTS`; empty for a list to which nobody has words of their own."""

    def read(self, value: object, info: ValidationInfo) -> Any:
        """Our code for *value*."""
        if isinstance(value, str | int) and not isinstance(value, bool):
            own: vocabulary.OwnWords = info.context or {}
            word = vocabulary.spelled(str(value))
            code = own.get(self.name, {}).get(word, self.table.get(word))
            if code is not None:
                return code
        expected = ", ".join(map(str, self.codes))
        raise PydanticCustomError("unknown_code", "expected one of {expected}", {"expected": expected})

    @property
    def codes(self) -> list[Any]:
        """Our codes, as the schema lists them."""
        return sorted(set(self.table.values()))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # No `enum`: it would refuse the words that are read too, and no schema can list them in every case.
        del schema, handler
        return {"type": ["string", "integer"], "description": _A_WORD, "examples": self.codes}


def coded(table: Mapping[str, Any]) -> Coded:
    """Reads a word that *table* has, as `vocabulary.spelled` writes it."""
    return Coded(table, next((name for name, each in vocabulary.LISTS.items() if each is table), ""))


def choice(*own: str, **others: str) -> Coded:
    """Reads one of our own words, or a partner's word given with ours."""
    return Coded(vocabulary.table(own, others))


def _moment(value: object) -> datetime:
    read = value if isinstance(value, datetime) else read_moment(value)
    if read is None:
        raise PydanticCustomError("moment", "expected a time such as 2026-03-01T09:30:00+00:00")
    return read


def _day(value: object) -> date:
    read = read_day(value)
    if read is None:
        raise PydanticCustomError("day", "expected a day such as 1990-05-01")
    return read


def _sex(value: object) -> str | None:
    return vocabulary.SEXES.get(vocabulary.spelled(value)) if isinstance(value, str) else None


def _lines(value: object) -> object:
    """An address as one text, whether it came so, as lines, or as named parts."""
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, list):
        return value
    return ", ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


When: TypeAlias = Annotated[datetime, BeforeValidator(_moment)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
NeedCode: TypeAlias = Annotated[Need, coded(vocabulary.NEEDS)]
Severity: TypeAlias = Annotated[int, coded(vocabulary.SEVERITIES)]


class Shape(BaseModel):
    """How every part is read."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class IdentifierIn(Shape):
    """A type and a value, as HMPPS writes them."""

    type: Text
    value: Any = None


Listed: TypeAlias = Annotated[tuple[T, ...], Field(max_length=100, fail_fast=True)]
"""A list; more than 100 of anything about one person is a fault of the sender."""


class PersonReference(Shape):
    """The identifiers of a person, in the shape of an HMPPS domain event."""

    identifiers: Listed[IdentifierIn] | None = None


class PersonIn(Shape):
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
    age: Maybe[Annotated[int, Field(ge=0, le=120)]] = None
    """Believed only without a date of birth."""
    sex: Annotated[str | None, BeforeValidator(_sex)] = None
    phone: Maybe[Annotated[str, Field(max_length=40)]] = None
    email: Maybe[Annotated[str, Field(max_length=254)]] = None
    address: Annotated[
        Maybe[Annotated[str, Field(max_length=500)]],
        BeforeValidator(_lines),
        WithJsonSchema(
            {"type": ["string", "array", "object", "null"], "description": "As text, as lines, or as parts."}
        ),
    ] = None
    postcode: Maybe[Annotated[str, Field(max_length=10)]] = None
    area_code: Any = None
    """GSS code of the local authority; anything else counts as not known, and is asked for."""
    veteran: Maybe[bool] = None
    care_leaver: Maybe[bool] = None
    pregnant: Maybe[bool] = None
    dependent_children: Maybe[bool] = None
    no_recourse_to_public_funds: Maybe[bool] = None
    interpreter: Maybe[Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$")]] = None
    gang_affected: Maybe[bool] = None
    victim_of_crime: Maybe[bool] = None
    registered_with_gp: Maybe[bool] = None


class NeedIn(Shape):
    """A need that somebody found."""

    category: NeedCode
    severity: Severity


class ConsentIn(Shape):
    """What the person said about one purpose."""

    purpose: Annotated[ConsentPurpose, coded(vocabulary.PURPOSES)]
    given: bool
    recipient: Maybe[Text] = None
    said_at: Maybe[When] = None
    how: Maybe[Annotated[str, Field(max_length=40)]] = None


class ConsentGroup(Shape):
    """What the person said about several purposes at once; without a purpose it covers nothing, and is refused."""

    purposes: tuple[Annotated[ConsentPurpose, coded(vocabulary.PURPOSES)], ...] = Field(min_length=1)
    given: bool
    recipient: Maybe[Text] = None
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


class AccommodationIn(Shape):
    """Where the person lives, and will live."""

    status: Maybe[Annotated[str, coded(vocabulary.ACCOMMODATION_STATUS)]] = None
    current: Maybe[Annotated[str, coded(vocabulary.ACCOMMODATION_CURRENT)]] = None
    current_settled: Maybe[bool] = None
    current_ends_on: Maybe[Day] = None
    next_arranged: Maybe[bool] = None
    chosen_authority: Any = None


class SubstanceIn(Shape):
    """What is known of substance use beyond the need."""

    opioid: Maybe[bool] = None
    in_treatment: Maybe[bool] = None


class DomesticAbuseIn(Shape):
    """The person's part in domestic abuse, and the DASH checklist."""

    role: Maybe[Annotated[str, choice("none", "victim", "suspect", perpetrator="suspect")]] = None
    dash_score: Maybe[Annotated[int, Field(ge=0, le=24)]] = None


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


class PartnerEvent(Shape):
    """What every event of our own shape may say."""

    event_type: Text
    event_id: Maybe[Text] = None
    occurred_at: When
    reference: Maybe[Text] = None
    """The partner's own reference for the person or case; given back with every status and question."""
    person: PersonIn = Field(default_factory=PersonIn)
    person_reference: PersonReference | None = None
    needs: Listed[NeedIn] = ()
    not_asked: Listed[NeedCode] = ()
    """Areas that a screening left out."""
    consent: ConsentForm | None = None
    accommodation: AccommodationIn | None = None
    rehabilitation_accommodation_live: Maybe[bool] = None
    substance: SubstanceIn | None = None
    domestic_abuse: DomesticAbuseIn | None = None
    risk_assessment: RiskIn | None = None
    duty_to_refer: DutyToReferIn | None = None
    cas1: Cas1In | None = None
    cas3: Cas3In | None = None
    supervision_tier: Any = None
    setting: Maybe[Annotated[str, coded(vocabulary.SETTINGS)]] = None
    relevant_time: Maybe[When] = None
    """Start of the PACE detention clock."""
    custody_limit_hours: Maybe[Annotated[int, Field(ge=24, le=96)]] = None
    arrived_at_place_of_safety: Maybe[When] = None
    """Start of the section 136 clock."""
