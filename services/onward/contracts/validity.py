"""
For how long each fact may decide, and why so long.

What was said longer ago is unknown again to rules, as if nobody had said it, and is kept as history for people to see.
A fact's age is counted in London days, from when it was said to when the record arrived that is decided on: no clock
is read, so a decision that is made again sees the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onward.contracts.area_vocabulary import ADDED


@dataclass(frozen=True, slots=True)
class Validity:
    """For how long a fact may decide. The contact that says it may always decide by it."""

    days: int | None
    """How many days after the one on which it was said; None: until something newer is said."""
    why: str
    source: str = ""
    """The law, standard or study that the number comes from; without one it is our own judgement."""
    of_values: Mapping[Any, int] = field(default_factory=dict[Any, int])
    """Values that are believed for fewer days, each with its own number."""
    until_taken_over: bool = False
    """Whether it ends when somebody takes the person over: see `takes_over`."""
    until_episode_ends: bool = False
    """Whether it ends with the episode in which it was said: see `ends_episode`."""

    def days_of(self, value: Any) -> int | None:
        """How many days *value* may decide; None: until something newer is said."""
        return self.of_values.get(value, self.days) if isinstance(value, str) else self.days


SIX_MONTHS, YEAR = 183, 365

ALWAYS = Validity(None, "Who somebody is does not change with time")
_TREATMENT = Validity(
    SIX_MONTHS,
    "Needs change; a treatment plan and its outcome profile are reviewed within 26 weeks",
    "NDTMS, Treatment Outcomes Profile: review at least every 26 weeks",
)
_HOUSING = Validity(28, "Where people without a settled home sleep changes within weeks")
_CONSENT = Validity(
    SIX_MONTHS,
    "Agreeing in one episode says nothing of the next; nobody remembers for longer what they agreed to",
    until_episode_ends=True,
)
_APPLICATION = Validity(YEAR, "The case system tells of each change; an application of last year is over")
_A_DAY = Validity(None, "A day says itself how long ago it is, or how far ahead")

_BY_PATH: Mapping[str, Validity] = {
    "person.area": Validity(YEAR, "People move; every partner that meets the person can say where they live now"),
    "person.pregnant": Validity(280, "A pregnancy lasts 40 weeks at most from the day it can be known"),
    "person.dependent_children": Validity(YEAR, "Children grow up and care changes"),
    "person.no_recourse_to_public_funds": Validity(SIX_MONTHS, "Immigration status changes with each application"),
    "person.gang_affected": Validity(
        YEAR, "Who is exploited or involved changes; an old word marks somebody who has left"
    ),
    "person.exploited": Validity(
        YEAR, "Who was exploited once is asked again; a finding of years ago is no reason today"
    ),
    "person.child_agrees_with": _CONSENT,
    "person.adult_at_risk": Validity(YEAR, "Danger ends or changes; a concern of last year is looked at anew"),
    "person.lacks_capacity": Validity(
        0,
        "Capacity is of one decision at one time; another contact finds it out anew",
        "Mental Capacity Act 2005 ss. 2 and 3",
    ),
    "person.sexual_violence": Validity(
        YEAR,
        "What somebody needs after violence of years ago is asked anew; forensic evidence is there for a week",
        of_values={"recent": 7},
    ),
    "person.needs_found": Validity(None, "Counted anew for every contact"),
    "person.days_met_90_days": Validity(None, "Counted anew for every contact"),
    "person.low_needs_found": Validity(None, "Counted anew for every contact"),
    "person.victim_of_crime": Validity(YEAR, "What somebody needs after a crime of years ago is asked anew"),
    "person.registered_with_gp": Validity(YEAR, "People who move lose their practice"),
    "person.contacts_90_days": Validity(None, "Counted anew for every contact"),
    "needs.accommodation": _HOUSING,
    "substance.in_treatment": Validity(
        84,
        "Treatment ends; a key worker reviews it every twelve weeks",
        "NDTMS, Treatment Outcomes Profile: review every 12 weeks",
    ),
    "custody.status": Validity(
        None,
        "Each movement is told by an event; a police cell cannot hold anybody for longer than four days",
        "Police and Criminal Evidence Act 1984 s. 44: 96 hours",
        of_values={"police_custody": 4},
    ),
    "duty_to_refer.status": Validity(
        182, "A referral counts for 26 weeks", "Single Accommodation Service, eligibility of the duty to refer"
    ),
    "accommodation.current_ends_on": _A_DAY,
    "duty_to_refer.submitted_on": _A_DAY,
    "release.on": _A_DAY,
    "release.planned_on": _A_DAY,
    "supervision.tier": _APPLICATION,
    "rehabilitation_accommodation.live": _APPLICATION,
    "risk.self_harm": Validity(
        7,
        "A crisis is acted on in the contact that tells of it, and until somebody takes the person over; the first "
        "week is the most dangerous, and later an assessment says nothing of today",
        "National Confidential Inquiry into Suicide and Safety in Mental Health: the first week; NHS Standard "
        "Contract: follow-up within 72 hours",
        until_taken_over=True,
    ),
    "risk.domestic_abuse_role": Validity(
        YEAR,
        "A case is looked at again when something happens within twelve months",
        "SafeLives, definition of a repeat MARAC case: 12 months",
    ),
    "risk.domestic_abuse_high": Validity(
        YEAR, "Risk is assessed anew after twelve months", "SafeLives, definition of a repeat MARAC case: 12 months"
    ),
    "risk.dash_score": Validity(
        YEAR, "Risk is assessed anew after twelve months", "SafeLives, definition of a repeat MARAC case: 12 months"
    ),
    "registrations": Validity(None, "A register ends with the event that ends it"),
    **{path: Validity(fact.valid_days, f"{fact.why}: as the area says") for path, fact in ADDED.facts.items()},
}
_BY_PREFIX: Mapping[str, Validity] = {
    "person.": ALWAYS,
    "needs.": _TREATMENT,
    "substance.": _TREATMENT,
    "consent.": _CONSENT,
    "accommodation.": _HOUSING,
    "cas1.": _APPLICATION,
    "cas3.": _APPLICATION,
    "event.": Validity(0, "What happened once is of that contact alone"),
}


def validity_of(path: str) -> Validity | None:
    """For how long the fact at *path* may decide; None for a path that nobody has declared."""
    found = _BY_PATH.get(path)
    return found or next((each for prefix, each in _BY_PREFIX.items() if path.startswith(prefix)), None)


_TAKEN_OVER = frozenset({"s136", "voluntary", "conveyed"})


def takes_over(facts: Mapping[str, Any]) -> bool:
    """Whether a contact that says *facts* tells that health services have the person: a crisis told before is over."""
    return facts.get("event.outcome") in _TAKEN_OVER or facts.get("custody.status") == "hospital"


_ENDS = frozenset({"custody.disposed", "caution.completed", "mha.s136-ended"})


def ends_episode(type: str, facts: Mapping[str, Any]) -> bool:  # noqa: A002 - the contact's own field
    """
    Whether a contact of *type* that says *facts* is the last of its episode.

    Who is remanded or transferred stays in police custody, and the episode goes on.
    """
    return type in _ENDS and facts.get("custody.status") != "police_custody"
