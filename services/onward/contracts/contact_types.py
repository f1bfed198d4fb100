"""Every type of contact that intake makes, as its adapters declare them: `schemas/contact-types.json`, generated."""

from functools import cache
from typing import Final

from onward.contracts import paths

FILE: Final = "contact-types.json"
PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*"
"""Such as `prison.movement`: whose event it is, and what happened, in our words."""

MEETINGS: Final = frozenset(
    {
        "accommodation.arrived",
        "caution.issued",
        "control-room.mh-incident-recorded",
        "custody.detention-authorised",
        "custody.disposed",
        "custody.risk-assessed",
        "liaison.assessed",
        "liaison.declined",
        "liaison.screened",
        "mha.s136-detained",
        "mha.s136-ended",
        "probation.needs-assessed",
        "street-triage.contact-recorded",
    }
)
"""Types of which somebody met the person, so that they were alive and in this country; others may be paperwork."""
ARRESTS: Final = frozenset({"custody.detention-authorised", "custody.risk-assessed"})
"""Types that say that police hold the person from now on; the end of a detention may be written down long after."""
PRISON_MOVEMENT: Final = "prison.movement"
"""A meeting too, where the movement is one that only the living make."""
COURT_HEARING: Final = "court.hearing"
"""Held without the person now and then; an order that needs their agreement is made before them."""
ANSWERED: Final = "facts.answered"
"""A partner's answer to a question."""
ERASED: Final = "person.erased"
"""The record was deleted at its source for good: what was said from it counts for nothing, and is deleted here."""
RECORD_REMOVED: Final = "person.record-removed"
"""The record is no longer at its source, perhaps because it was merged into another."""


@cache
def known() -> tuple[str, ...]:
    """
    The types, in alphabetical order, read once. A rule that asks for another never acts.

    Raises:
        ProjectFileMissingError: There is no such file: `make schemas` writes it.
        ProjectFileError: It is not as `make schemas` writes it.
    """
    return paths.generated(FILE, "the types of contact that rules may ask for", lambda read: tuple(read["types"]))
