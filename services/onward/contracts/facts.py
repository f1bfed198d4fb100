"""The vocabulary of facts: everything a rule may ask about, with its type, its life and who can be asked for it.

A fact is a path and a value, such as `person.age: 34`. A path that is absent is *not known*, which is never "no".
`event.*` facts describe one contact and end with it; all others stay with the person until something newer is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, TypeAlias, get_args

from pydantic import ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

from onward.contracts import codes
from onward.contracts.area_vocabulary import ADDED
from onward.contracts.caution_facts import CAUTIONS
from onward.contracts.circumstance_facts import CIRCUMSTANCES
from onward.contracts.detention_facts import DETENTION
from onward.contracts.equality_facts import EQUALITY
from onward.contracts.fact_kinds import Choice, Code, DataClass, Day, Kind, Records, Whole, YesNo, python_type
from onward.contracts.housing_facts import HOUSING

Facts: TypeAlias = dict[str, Any]
"""Known facts by path. Build and check with `FACTS_ADAPTER`; values are those of each fact's kind."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known about a person or a contact."""

    path: str
    kind: Kind
    why: str
    data_class: DataClass
    derived: bool = False
    """Computed (see `onward.routing.domain.derived`), never told or asked."""
    ask: str = ""
    """The path to ask a partner for, when it is not this one: nobody is asked for an age, but for a date of birth."""
    standing: bool = False
    """
    Whether the newest word counts even for what happened before it.

    Nobody who is known to have died, or has taken a consent back, is referred because of an older contact that
    arrives late.
    """
    monitoring: bool = False
    """
    Kept only to watch that people are treated alike (Equality Act 2010 s. 149): no rule may ask about it, nobody is
    asked for it, and no disclosure profile may name it.
    """
    counted: bool = False
    """Derived from the person's other contacts, by `people`, whatever partners say."""
    shared: bool = False
    """Whether any partner may know it, whoever said it: nobody need be asked about somebody who has died."""
    also: str = ""
    """A second path that a derived fact follows from: asked for once the first, `ask`, is known."""

    @property
    def of_event(self) -> bool:
        """Whether the fact belongs to one contact only."""
        return self.path.startswith("event.")

    @property
    def asked_as(self) -> str:
        """The path a partner is asked for."""
        return self.ask or self.path


def _fact(
    path: str, kind: Kind, data_class: DataClass, why: str, *, derived: bool = False, ask: str = "", also: str = ""
) -> Fact:
    return Fact(
        path,
        kind,
        why,
        data_class,
        derived,
        ask,
        standing=path in _STANDING or path.startswith("consent."),
        monitoring=path in _MONITORING,
        counted=path in _COUNTED,
        shared=path in _SHARED,
        also=also,
    )


_STANDING = frozenset({"person.deceased", "person.deported", "custody.status", "release.on", "release.planned_on"})
_SHARED = frozenset({"person.deceased", "person.deported"})
_MONITORING = frozenset(each.path for each in EQUALITY)
_TOLD: Mapping[str, str] = {
    "event.identity_disputed": "What this contact says of who it is about contradicts who was taken for whom",
    "event.after_death": "This contact shows that somebody met the person after a partner said that they had died",
    "event.after_removal": "Somebody met the person here after they were removed from the country",
    "event.met_while_held": "Met at liberty, or arrested, while the last word was that the person is in prison",
    "event.death_taken_back": "The person was known as dead and nobody says so of them any more",
    "event.removal_taken_back": "The person was known as removed from the country and nobody says so of them any more",
}
"""What contacts of a person show when they are seen together."""
_COUNTED = frozenset(
    {"person.contacts_90_days", "person.needs_found", "person.low_needs_found", "person.days_met_90_days", *_TOLD}
)


SEVERITY = Whole(0, 4)
"""0 none, 1 low, 2 moderate, 3 high, 4 urgent; in words of each need: `docs/need-severities.md`."""
AREA = Code(r"^(E0[6-9]|W06|S12|N09)[0-9]{6}$", "E08000025")
"""GSS code of a local authority: E06 unitary, E07 district, E08 metropolitan, E09 London, W06, S12, N09."""
NATION = Choice(("england", "wales", "scotland", "northern_ireland"))

_DECLARED: tuple[Fact, ...] = (
    # What the person is like.
    _fact(
        "person.age", Whole(0, 120), "contact", "Completed years on the day of the event", ask="person.date_of_birth"
    ),
    _fact("person.sex", Choice(("female", "male")), "contact", "Sex as recorded by the partner; single-sex services"),
    _fact("person.area", AREA, "contact", "Local authority where the person lives or stays"),
    _fact("person.nation", NATION, "contact", "Nation of `person.area`", derived=True, ask="person.area"),
    _fact("person.deceased", YesNo(), "contact", "The person has died"),
    _fact("person.deported", YesNo(), "contact", "The person has been removed from the United Kingdom"),
    _fact("person.veteran", YesNo(), "need", "Served in the armed forces"),
    _fact("person.care_leaver", YesNo(), "household", "Was looked after as a child"),
    _fact("person.pregnant", YesNo(), "health", "Is pregnant"),
    _fact("person.dependent_children", YesNo(), "household", "Has children who depend on them"),
    _fact("person.no_recourse_to_public_funds", YesNo(), "logistics", "Immigration status bars public funds"),
    _fact("person.interpreter", Code(r"^[a-z]{2,3}$", "pl"), "logistics", "ISO 639 code of the language needed"),
    _fact("person.gang_affected", YesNo(), "safeguarding", "Involved with, or exploited by, a gang"),
    _fact(
        "person.exploited",
        YesNo(),
        "safeguarding",
        "May be a victim of slavery, trafficking or exploitation (Modern Slavery Act 2015 s. 52)",
    ),
    _fact("person.victim_of_crime", YesNo(), "safeguarding", "Has been the victim of a crime, whoever else they are"),
    _fact("person.registered_with_gp", YesNo(), "health", "Registered with a general practice"),
    _fact(
        "person.child_agrees_with",
        Choice(("nobody", "parent", "competence")),
        "logistics",
        "What stands behind a child's own yes: nobody, somebody with parental responsibility, or a practitioner's "
        "finding that the child is competent to agree (Gillick)",
    ),
    _fact(
        "person.needs_found",
        Whole(0, len(get_args(codes.Need))),
        "need",
        "How many needs are known to be moderate or worse",
        derived=True,
    ),
    _fact(
        "person.contacts_90_days",
        Whole(0, 9_999),
        "offence",
        "How often they came to notice in the 90 days that end with this contact's, this contact included",
        derived=True,
    ),
    # For watching that people are treated alike, never for deciding.
    *(_fact(**each._asdict()) for each in EQUALITY),
    *(_fact(**each._asdict()) for each in CIRCUMSTANCES),
    # Needs, by severity; absent means nobody has asked.
    *(
        _fact(f"needs.{need.lower()}", SEVERITY, "need", f"Severity of the need {need}: 0 none to 4 urgent")
        for need in get_args(codes.Need)
    ),
    _fact("substance.opioid", YesNo(), "health", "The drug need includes opioids"),
    _fact("substance.in_treatment", YesNo(), "health", "Is in structured treatment now"),
    # Consent, per purpose. Per recipient: see `Consent`.
    *(
        _fact(f"consent.{purpose.lower()}", YesNo(), "logistics", f"Agrees to be referred for {purpose}")
        for purpose in get_args(codes.Category)
    ),
    _fact("consent.duty_to_refer", YesNo(), "logistics", "Agrees to a homelessness referral being made"),
    _fact("consent.contact_details", YesNo(), "logistics", "Agrees to contact details being passed to the authority"),
    # Where the person lives and goes next, and the services for that.
    _fact(
        "accommodation.chosen_authority",
        AREA,
        "household",
        "The one authority the person chose for a duty-to-refer referral",
    ),
    _fact(
        "accommodation.chosen_nation",
        NATION,
        "household",
        "Nation of the chosen authority",
        derived=True,
        ask="accommodation.chosen_authority",
    ),
    _fact(
        "accommodation.distance_km",
        Whole(0, 1_500),
        "household",
        "Kilometres from the housing authority of `person.area` to the chosen one, office to office",
        derived=True,
        ask="accommodation.chosen_authority",
        also="person.area",
    ),
    *(_fact(**each._asdict()) for each in HOUSING),
    # Prison and release.
    _fact(
        "custody.status",
        Choice(("in_prison", "released", "hospital", "unlawfully_at_large", "police_custody", "community")),
        "offence",
        "Where the person is held, or that they are free",
    ),
    _fact("release.on", Day(), "offence", "Day of the last real release"),
    _fact("release.planned_on", Day(), "offence", "Day the person is due to be released"),
    _fact(
        "release.days_since",
        Whole(0, 36_500),
        "offence",
        "Days since the last real release",
        derived=True,
        ask="release.on",
    ),
    _fact(
        "release.days_until",
        Whole(0, 36_500),
        "offence",
        "Days until the planned release; absent when unknown, which counts as within any window",
        derived=True,
        ask="release.planned_on",
    ),
    _fact(
        "release.working_days_until",
        Whole(0, 36_500),
        "offence",
        "Working days until it",
        derived=True,
        ask="release.planned_on",
    ),
    # Risk and safeguarding.
    _fact("risk.self_harm", Whole(0, 4), "risk", "Risk of self-harm or suicide: 0 none to 4 immediate"),
    _fact(
        "risk.domestic_abuse_role",
        Choice(("none", "victim", "suspect", "victim_and_suspect")),
        "safeguarding",
        "Part in domestic abuse; who was a victim and is accused, or the other way round, is both",
    ),
    _fact("risk.dash_score", Whole(0, 24), "safeguarding", "Ticks on the DASH risk checklist"),
    _fact(
        "risk.domestic_abuse_high",
        YesNo(),
        "safeguarding",
        "A practitioner judges the victim to be in great danger whatever the score, or abuse was reported three times "
        "or more within twelve months",
    ),
    _fact(
        "registrations",
        Records(
            {
                "code": Choice(
                    (
                        "MAPP",
                        "RCCO",
                        "RCPR",
                        "RVAD",
                        "AVIS",
                        "STRG",
                        "WEAP",
                        "RLRH",
                        "RMRH",
                        "RHRH",
                        "RVHR",
                        "WRSM",
                        "OTHER",
                    )
                ),
                "active": YesNo(),
            }
        ),
        "risk",
        "Probation registers the person is on",
    ),
    # The event itself.
    _fact("event.source", Code(r"^[a-z][a-z0-9-]*$", "custody"), "logistics", "The partner, taken from the topic"),
    _fact("event.type", Code(r"^[a-z0-9][a-z0-9.-]*$", "custody.detention-authorised"), "logistics", "What happened"),
    _fact("event.age_days", Whole(0, 36_500), "logistics", "Days from the event to its arrival", derived=True),
    _fact("event.movement", Choice(get_args(codes.Movement)), "offence", "What happened at the prison gate"),
    _fact(
        "event.threshold",
        Choice(("crime", "immediate_risk_to_life", "serious_harm", "none")),
        "risk",
        "Right Care Right Person threshold met",
    ),
    _fact(
        "event.outcome",
        Choice(("s136", "voluntary", "advice", "conveyed", "crime", "no_action")),
        "health",
        "How street triage ended",
    ),
    _fact(
        "event.suspected",
        YesNo(),
        "offence",
        "In this contact the person is suspected of an offence, charged with it, or dealt with for it",
    ),
    _fact(
        "event.domestic_abuse_flag",
        YesNo(),
        "offence",
        "The offence is flagged as domestic abuse; it says nothing of which part the person had in the abuse",
    ),
    _fact("event.missing", Choice(("missing", "found")), "safeguarding", "Reported missing, or found after it"),
    _fact("event.private_dwelling", YesNo(), "logistics", "Happened in a private dwelling, where s136 does not reach"),
    _fact("event.professional_consulted", YesNo(), "health", "A health professional was consulted before s136"),
    _fact(
        "event.setting",
        Choice(
            (
                "street",
                "dwelling",
                "police_station",
                "emergency_department",
                "inpatient",
                "place_of_safety",
                "prison",
                "court",
                "community",
            )
        ),
        "logistics",
        "Where it happened",
    ),
    _fact(
        "event.area",
        AREA,
        "logistics",
        "Local authority where it happened; where nobody says so, that of the custody suite, force or control room",
    ),
    _fact(
        "event.order",
        Choice(("drug_rehabilitation", "alcohol_treatment", "mental_health_treatment")),
        "offence",
        "Treatment requirement made",
    ),
    *(_fact(**each._asdict()) for each in CAUTIONS),
    _fact(
        "event.assessment_pending", YesNo(), "health", "A liaison and diversion assessment is asked for and not done"
    ),
    _fact(
        "event.required_assessment",
        YesNo(),
        "offence",
        "The police required an assessment of drug misuse after a test for Class A drugs (Drugs Act 2005 s. 9)",
    ),
    _fact("event.declined", YesNo(), "logistics", "The person declined help on this occasion"),
    *(_fact(**each._asdict()) for each in DETENTION),
    *(_fact(path, YesNo(), "logistics", f"{why}: said by Onward, once", derived=True) for path, why in _TOLD.items()),
    _fact("event.local_hour", Whole(0, 23), "logistics", "Hour of the event in Europe/London", derived=True),
)

_BY_AREAS = (_fact(*each) for each in ADDED.declared({fact.path for fact in _DECLARED}))
FACTS: Mapping[str, Fact] = {fact.path: fact for fact in (*_DECLARED, *_BY_AREAS)}
"""Every fact by its path."""

ASKABLE_ONLY = ("person.date_of_birth",)
"""Paths a partner may be asked for that no rule can see, because they identify the person."""


def _checked(facts: Mapping[str, Fact]) -> Any:
    described = {
        path: NotRequired[Annotated[python_type(fact.kind), Field(description=fact.why)]]
        for path, fact in facts.items()
    }
    made = TypedDict("Facts", described)  # type: ignore[misc]  # its keys are data
    made.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return made


FACTS_ADAPTER: TypeAdapter[Facts] = TypeAdapter(_checked(FACTS))
"""Checks and reads a mapping of facts; raises `ValidationError` on an unknown path or a wrong kind of value."""
