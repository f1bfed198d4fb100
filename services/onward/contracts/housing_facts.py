"""
The facts about where a person lives and goes next, and the services for that.

They are what the eligibility trees of the Single Accommodation Service look at.

Where the service has no application, request or booking, a partner says `none`; absent means that nobody has said.
Several facts follow from others: see `onward.routing.domain.derived_housing`.
"""

from typing import Literal, NamedTuple

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Whole, YesNo

PLACES = Choice(
    ("own_tenancy", "family_or_friends", "supported", "cas1", "cas2", "cas3", "hostel", "street", "prison", "other")
)
"""The kinds of place where somebody lives; `other` is any that is none of these, such as a care home."""

TIER = Code(r"^[A-G][0-3]?S?$", "B2")
"""A probation tier."""

CAS1_STAGES = Choice(
    (
        "none",
        "not_submitted",
        "submitted",
        "information_requested",
        "rejected",
        "ended",
        "request_not_started",
        "request_submitted",
        "request_rejected",
        "request_withdrawn",
        "booked",
        "arrived",
        "not_arrived",
        "cancelled",
    )
)
"""Where approved premises stand for somebody: of application, request for placement and placement, the last word."""

CAS3_STAGES = Choice(
    ("none", "not_submitted", "submitted", "rejected", "ended", "offered", "confirmed", "not_arrived", "cancelled")
)
"""Where transitional accommodation stands: of application, assessment and booking, the last word."""


class HousingFact(NamedTuple):
    """One fact, as `onward.contracts.facts` takes it in."""

    path: str
    kind: Kind
    data_class: Literal["household", "offence"]
    why: str
    derived: bool = False
    ask: str = ""


HOUSING: tuple[HousingFact, ...] = (
    HousingFact(
        "accommodation.status",
        Choice(("settled", "at_risk", "homeless")),
        "household",
        "Where the person lives now, or will on release; at_risk means homeless within 56 days",
    ),
    HousingFact(
        "accommodation.current",
        PLACES,
        "household",
        "The kind of place",
    ),
    HousingFact("accommodation.next_arranged", YesNo(), "household", "Has somewhere confirmed to go next"),
    HousingFact("duty_to_refer.submitted_on", Day(), "household", "Day of the last duty-to-refer referral"),
    HousingFact(
        "duty_to_refer.status",
        Choice(("none", "submitted", "accepted", "not_accepted", "withdrawn")),
        "household",
        "Where that referral stands",
    ),
    HousingFact(
        "duty_to_refer.age_days",
        Whole(0, 36_500),
        "household",
        "Days since the last duty-to-refer referral",
        derived=True,
        ask="duty_to_refer.submitted_on",
    ),
    HousingFact(
        "rehabilitation_accommodation.live", YesNo(), "household", "A commissioned rehabilitation place is live"
    ),
    HousingFact(
        "accommodation.current_ends_on",
        Day(),
        "household",
        "Last day in the present place, where that has an end: approved premises, bail or transitional accommodation",
    ),
    HousingFact(
        "accommodation.current_settled",
        YesNo(),
        "household",
        "Whether the present place is a settled home rather than a transient one, by the service's own list",
    ),
    HousingFact(
        "accommodation.now",
        PLACES,
        "household",
        "The kind of place now: prison for a prisoner, otherwise the present place, never the prison just left",
        derived=True,
        ask="accommodation.current",
    ),
    HousingFact(
        "accommodation.settled_now",
        YesNo(),
        "household",
        "Whether the present place is a settled home; no, once anything is known of where the person goes next",
        derived=True,
        ask="accommodation.current",
    ),
    HousingFact(
        "accommodation.nowhere_next",
        YesNo(),
        "household",
        "Whether no next place is arranged; an unknown one counts as none for a person said to be homeless or at risk",
        derived=True,
        ask="accommodation.next_arranged",
    ),
    HousingFact(
        "duty_to_refer.recent",
        YesNo(),
        "household",
        "Whether a duty-to-refer referral was made in the last 26 weeks, whatever its answer; no, once anything is "
        "known of where the person goes next and nothing of such a referral",
        derived=True,
        ask="duty_to_refer.submitted_on",
    ),
    HousingFact(
        "rehabilitation_accommodation.running",
        YesNo(),
        "household",
        "Whether a commissioned rehabilitation referral is live; no, once anything is known of where the person goes "
        "next and nothing of such a referral",
        derived=True,
        ask="rehabilitation_accommodation.live",
    ),
    HousingFact(
        "duty_to_refer.opens_on",
        Day(),
        "household",
        "Day eight weeks before the present place ends; known only while it is ahead",
        derived=True,
        ask="release.planned_on",
    ),
    HousingFact(
        "rehabilitation_accommodation.opens_on",
        Day(),
        "household",
        "Day twelve weeks before the present place ends; known only while it is ahead",
        derived=True,
        ask="release.planned_on",
    ),
    HousingFact(
        "supervision.tier",
        TIER,
        "offence",
        "Probation tier: A to D for risk of serious harm, 0 to 3 for likelihood; S where nobody has assessed yet",
    ),
    HousingFact(
        "cas1.application",
        Choice(
            (
                "none",
                "started",
                "awaiting_assessment",
                "unallocated_assessment",
                "assessment_in_progress",
                "requested_further_information",
                "pending_placement_request",
                "awaiting_placement",
                "placement_allocated",
                "rejected",
                "inapplicable",
                "withdrawn",
                "expired",
            )
        ),
        "household",
        "Status of the application for approved premises (CAS1)",
    ),
    HousingFact(
        "cas1.placement_request",
        Choice(("none", "unsubmitted", "submitted", "awaiting_match", "placement_booked", "rejected", "withdrawn")),
        "household",
        "Status of its request for placement",
    ),
    HousingFact(
        "cas1.placement",
        Choice(("none", "upcoming", "arrived", "not_arrived", "departed", "cancelled")),
        "household",
        "Status of its placement",
    ),
    HousingFact(
        "cas1.stage",
        CAS1_STAGES,
        "household",
        "Where approved premises stand; none, once the tier is known and nothing else",
        derived=True,
        ask="cas1.application",
    ),
    HousingFact(
        "cas1.opens_on",
        Day(),
        "household",
        "Day a year before the present place ends; known only while the end is more than a year ahead",
        derived=True,
        ask="release.planned_on",
    ),
    HousingFact(
        "cas3.application",
        Choice(("none", "in_progress", "submitted", "requested_further_information", "rejected")),
        "household",
        "Status of the application for transitional accommodation (CAS3)",
    ),
    HousingFact(
        "cas3.assessment",
        Choice(("none", "unallocated", "in_review", "ready_to_place", "closed", "rejected")),
        "household",
        "Status of its assessment",
    ),
    HousingFact(
        "cas3.booking",
        Choice(("none", "provisional", "confirmed", "arrived", "not_arrived", "departed", "cancelled", "closed")),
        "household",
        "Status of its booking",
    ),
    HousingFact(
        "cas3.stage",
        CAS3_STAGES,
        "household",
        "Where transitional accommodation stands; none, once anything is known of where the person goes next",
        derived=True,
        ask="cas3.application",
    ),
)
