"""
The facts about who detains somebody, and how long they may.

The clocks are those of the Police and Criminal Evidence Act 1984 and of section 136 of the Mental Health Act 1983.
"""

from onward.contracts.fact_kinds import Choice, DeclaredFact, Whole

DETENTION: tuple[DeclaredFact, ...] = (
    DeclaredFact(
        "event.custody_hours_left",
        Whole(0, 96),
        "logistics",
        "Whole hours left on the PACE detention clock",
        derived=True,
    ),
    DeclaredFact(
        "event.s136_hours_left", Whole(0, 36), "logistics", "Whole hours left on the section 136 clock", derived=True
    ),
    DeclaredFact(
        "event.nearest_deadline_hours",
        Whole(0, 96),
        "logistics",
        "Whole hours to whichever clock ends first",
        derived=True,
    ),
    DeclaredFact(
        "event.custody_clock_minutes",
        Whole(0, 5_760),
        "logistics",
        "Minutes already spent on the PACE clock at the event",
    ),
    DeclaredFact("event.custody_limit_hours", Whole(24, 96), "logistics", "PACE limit in force: 24, 36 or 96 hours"),
    DeclaredFact("event.s136_minutes", Whole(0, 2_160), "logistics", "Minutes since arrival at the place of safety"),
    DeclaredFact(
        "event.detained_in",
        Choice(("nowhere", "police_station", "place_of_safety", "prison", "hospital")),
        "offence",
        "Who has to care for the person now, because they detain them; nowhere unless somebody says so",
        derived=True,
    ),
)
"""All of them."""
