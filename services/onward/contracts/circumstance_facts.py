"""The facts about what somebody went through or cannot do alone, and about where they are met."""

from onward.contracts.fact_kinds import Choice, DeclaredFact, Whole, YesNo

CIRCUMSTANCES: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "person.vulnerable",
        YesNo(),
        "health",
        "May be vulnerable in custody: because of a mental health condition or mental disorder of any kind may not "
        "understand what is asked or what follows from it, or be led in what they say (PACE Code C 1.13(d))",
    ),
    DeclaredFact(
        "person.lacks_capacity",
        YesNo(),
        "health",
        "A practitioner found that the person cannot make the decision about help now (Mental Capacity Act 2005 "
        "ss. 2 and 3)",
    ),
    DeclaredFact(
        "person.adult_at_risk",
        YesNo(),
        "safeguarding",
        "An adult who is abused or neglected, or may be, and cannot protect themselves because of what they need care "
        "and support for (Care Act 2014 s. 42)",
    ),
    DeclaredFact(
        "person.sexual_violence",
        Choice(("none", "recent", "past")),
        "safeguarding",
        "Sexual violence was done to the person: recent is within the last seven days, past longer ago",
    ),
    DeclaredFact(
        "person.foreign_national", YesNo(), "logistics", "Is not a citizen of the United Kingdom, as the person says"
    ),
    DeclaredFact(
        "person.known_child",
        YesNo(),
        "contact",
        "Is known to be under eighteen; no, unless somebody says so",
        derived=True,
    ),
    DeclaredFact(
        "person.low_needs_found",
        Whole(0, 99),
        "need",
        "How many needs are known to be low, and no worse",
        derived=True,
    ),
    DeclaredFact(
        "person.days_met_90_days",
        Whole(0, 90),
        "offence",
        "On how many of the 90 days that end with this contact's they came to notice, this day included; however often "
        "one day or one arrest is told of",
        derived=True,
    ),
    DeclaredFact(
        "event.at_hospital",
        YesNo(),
        "logistics",
        "Happened in an emergency department or on a ward, or the person was taken there; no, unless somebody says so",
        derived=True,
    ),
    DeclaredFact(
        "event.in_crisis",
        YesNo(),
        "risk",
        "At immediate risk of self-harm, detained under section 136, or life or limb is in danger; no, unless somebody "
        "says so",
        derived=True,
    ),
    DeclaredFact(
        "event.away_from_home",
        YesNo(),
        "logistics",
        "Happened in another local authority than that in which the person lives; not known without both",
        derived=True,
        ask="person.area",
    ),
)
"""All of them."""
