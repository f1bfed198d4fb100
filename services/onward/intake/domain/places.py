"""
Where it happened: as the message says, else where whoever reports it works.

A partner's topic file says under `place` which area stands for a custody suite, and which areas a force or the whole
partner covers. Of several it is the one where the person lives, if they live there: most are met near their home. Who
lives elsewhere was met in the first of them.
"""

import re
from collections.abc import Mapping
from typing import Any

from onward.contracts.contact import Contact
from onward.contracts.topics import PlaceDefaults
from onward.intake.domain.facts import area

AREA = "event.area"
_HOME = "person.area"
_FORCE = "force"
_FIRST = re.compile(r"[^/\s-]+")


def placed(contact: Contact, body: Mapping[str, Any], defaults: PlaceDefaults | None) -> Contact:
    """The contact with the area where it happened, where that was not said and *defaults* know it."""
    if defaults is None or AREA in contact.facts:
        return contact
    found = _of_station(contact.reference, defaults) or _of_force(body.get(_FORCE), contact.facts.get(_HOME), defaults)
    return contact if found is None else contact.model_copy(update={"facts": {**contact.facts, AREA: found}})


def _of_station(reference: str, defaults: PlaceDefaults) -> str | None:
    """Of the suite or station that the reference begins with."""
    station = _FIRST.match(reference.strip())
    return area(defaults.stations.get(station[0].upper())) if station else None


def _of_force(force: object, home: str | None, defaults: PlaceDefaults) -> str | None:
    """Of the force that is named, else of the partner."""
    named = str(force).strip() if isinstance(force, str | int) and not isinstance(force, bool) else ""
    # A force that nobody knows is another one than the partner's own: nothing follows from the partner's default then.
    covered = defaults.forces.get(named) if named else defaults.areas
    if not covered:
        return None
    return home if home in covered else area(covered[0])
