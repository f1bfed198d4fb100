"""
The facts kept only to watch that people are treated alike (Equality Act 2010 s. 149), never for deciding.

No rule may ask about them, nobody is asked for them, and no disclosure profile may name them.
"""

from onward.contracts.fact_kinds import Choice, DeclaredFact, YesNo

EQUALITY: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "person.ethnicity",
        Choice(("asian", "black", "mixed", "white", "other")),
        "contact",
        "Ethnic group as the person states it, by the high-level groups of the census; only to watch for unequal help",
    ),
    DeclaredFact("person.disabled", YesNo(), "health", "Says they are disabled; only to watch for unequal help"),
    DeclaredFact(
        "person.religion",
        Choice(("none", "buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "other")),
        "contact",
        "Religion or belief as the person states it, by the groups of the census; only to watch for unequal help",
    ),
    DeclaredFact(
        "person.sexual_orientation",
        Choice(("heterosexual", "gay_or_lesbian", "bisexual", "other")),
        "contact",
        "Sexual orientation as the person states it; only to watch for unequal help",
    ),
    DeclaredFact(
        "person.gender_reassignment",
        YesNo(),
        "contact",
        "Says that their gender is not the sex they were registered with; only to watch for unequal help",
    ),
    DeclaredFact(
        "person.marital_status",
        Choice(("single", "married", "civil_partnership", "separated", "divorced", "widowed")),
        "contact",
        "Marriage or civil partnership; only to watch for unequal help",
    ),
)
"""All of them."""
