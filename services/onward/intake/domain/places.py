"""
Where it happened: as the message says, else where whoever reports it works.

A partner's topic file says under `place` which area stands for a custody suite, and which areas a force or the whole
partner covers. Of several it is the one where the person lives, if they live there: most are met near their home. Who
lives elsewhere was met in the first of them.
"""

import re
from collections.abc import Sequence

from onward.contracts.contact import Contact
from onward.contracts.topics import PlaceDefaults
from onward.intake.domain.facts import area
from onward.intake.domain.organisation import force_named

AREA = "event.area"
_HOME = "person.area"
_FIRST = re.compile(r"[^/\s-]+")


def placed(contact: Contact, defaults: PlaceDefaults | None) -> Contact:
    """The contact with the area where it happened, where that was not said and *defaults* know it."""
    if defaults is None or AREA in contact.facts:
        return contact
    home = contact.facts.get(_HOME)
    found = _of_station(contact.reference, defaults) or _of_force(contact.force, home, defaults)
    return contact if found is None else contact.model_copy(update={"facts": {**contact.facts, AREA: found}})


def _of_station(reference: str, defaults: PlaceDefaults) -> str | None:
    """Of the suite or station that the reference begins with."""
    station = _FIRST.match(reference.strip())
    return area(defaults.stations.get(station[0].upper())) if station else None


def _of_force(force: str, home: str | None, defaults: PlaceDefaults) -> str | None:
    """Of the force that is named, else of the partner."""
    # A force that nobody knows is another one than the partner's own: nothing follows from the partner's default then.
    covered = _covered(force, defaults) if force else defaults.areas
    if not covered:
        return None
    return home if home in covered else area(covered[0])


def _covered(force: str, defaults: PlaceDefaults) -> Sequence[str]:
    return next((areas for name, areas in defaults.forces.items() if force_named(name) == force), ())
