"""
The facts about where a person lives and goes next, and the services for that.

They are what the eligibility trees of the Single Accommodation Service look at.

Where the service has no application, request or booking, a partner says `none`; absent means that nobody has said.
Several facts follow from others: see `onward.routing.domain.derived_housing`.
"""

from onward.contracts.fact_kinds import Choice, Code, Day, DeclaredFact, Whole, YesNo

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


HOUSING: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "accommodation.status",
        Choice(("settled", "at_risk", "homeless")),
        "household",
        "Where the person lives now, or will on release; at_risk means homeless within 56 days",
    ),
    DeclaredFact(
        "accommodation.current",
        PLACES,
        "household",
        "The kind of place",
    ),
    DeclaredFact("accommodation.next_arranged", YesNo(), "household", "Has somewhere confirmed to go next"),
    DeclaredFact("duty_to_refer.submitted_on", Day(), "household", "Day of the last duty-to-refer referral"),
    DeclaredFact(
        "duty_to_refer.status",
        Choice(("none", "submitted", "accepted", "not_accepted", "withdrawn")),
        "household",
        "Where that referral stands",
    ),
    DeclaredFact(
        "duty_to_refer.age_days",
        Whole(0, 36_500),
        "household",
        "Days since the last duty-to-refer referral",
        derived=True,
        ask="duty_to_refer.submitted_on",
    ),
    DeclaredFact(
        "rehabilitation_accommodation.live", YesNo(), "household", "A commissioned rehabilitation place is live"
    ),
    DeclaredFact(
        "accommodation.current_ends_on",
        Day(),
        "household",
        "Last day in the present place, where that has an end: approved premises, bail or transitional accommodation",
    ),
    DeclaredFact(
        "accommodation.current_settled",
        YesNo(),
        "household",
        "Whether the present place is a settled home rather than a transient one, by the service's own list",
    ),
    DeclaredFact(
        "accommodation.now",
        PLACES,
        "household",
        "The kind of place now: prison for a prisoner, otherwise the present place, never the prison just left",
        derived=True,
        ask="accommodation.current",
    ),
    DeclaredFact(
        "accommodation.settled_now",
        YesNo(),
        "household",
        "Whether the present place is a settled home; no, once anything is known of where the person goes next",
        derived=True,
        ask="accommodation.current",
    ),
    DeclaredFact(
        "accommodation.nowhere_next",
        YesNo(),
        "household",
        "Whether no next place is arranged; an unknown one counts as none for a person said to be homeless or at risk",
        derived=True,
        ask="accommodation.next_arranged",
    ),
    DeclaredFact(
        "duty_to_refer.recent",
        YesNo(),
        "household",
        "Whether a duty-to-refer referral was made in the last 26 weeks, whatever its answer; no, once anything is "
        "known of where the person goes next and nothing of such a referral",
        derived=True,
        ask="duty_to_refer.submitted_on",
    ),
    DeclaredFact(
        "rehabilitation_accommodation.running",
        YesNo(),
        "household",
        "Whether a commissioned rehabilitation referral is live; no, once anything is known of where the person goes "
        "next and nothing of such a referral",
        derived=True,
        ask="rehabilitation_accommodation.live",
    ),
    DeclaredFact(
        "duty_to_refer.opens_on",
        Day(),
        "household",
        "Day eight weeks before the present place ends; known only while it is ahead",
        derived=True,
        ask="release.planned_on",
    ),
    DeclaredFact(
        "rehabilitation_accommodation.opens_on",
        Day(),
        "household",
        "Day twelve weeks before the present place ends; known only while it is ahead",
        derived=True,
        ask="release.planned_on",
    ),
    DeclaredFact(
        "supervision.tier",
        TIER,
        "offence",
        "Probation tier: A to D for risk of serious harm, 0 to 3 for likelihood; S where nobody has assessed yet",
    ),
    DeclaredFact(
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
    DeclaredFact(
        "cas1.placement_request",
        Choice(("none", "unsubmitted", "submitted", "awaiting_match", "placement_booked", "rejected", "withdrawn")),
        "household",
        "Status of its request for placement",
    ),
    DeclaredFact(
        "cas1.placement",
        Choice(("none", "upcoming", "arrived", "not_arrived", "departed", "cancelled")),
        "household",
        "Status of its placement",
    ),
    DeclaredFact(
        "cas1.stage",
        CAS1_STAGES,
        "household",
        "Where approved premises stand; none, once the tier is known and nothing else",
        derived=True,
        ask="cas1.application",
    ),
    DeclaredFact(
        "cas1.opens_on",
        Day(),
        "household",
        "Day a year before the present place ends; known only while the end is more than a year ahead",
        derived=True,
        ask="release.planned_on",
    ),
    DeclaredFact(
        "cas3.application",
        Choice(("none", "in_progress", "submitted", "requested_further_information", "rejected")),
        "household",
        "Status of the application for transitional accommodation (CAS3)",
    ),
    DeclaredFact(
        "cas3.assessment",
        Choice(("none", "unallocated", "in_review", "ready_to_place", "closed", "rejected")),
        "household",
        "Status of its assessment",
    ),
    DeclaredFact(
        "cas3.booking",
        Choice(("none", "provisional", "confirmed", "arrived", "not_arrived", "departed", "cancelled", "closed")),
        "household",
        "Status of its booking",
    ),
    DeclaredFact(
        "cas3.stage",
        CAS3_STAGES,
        "household",
        "Where transitional accommodation stands; none, once anything is known of where the person goes next",
        derived=True,
        ask="cas3.application",
    ),
)
