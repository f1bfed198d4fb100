"""
Where it happened: as the message says, else where whoever reports it works.

A partner's topic file says under `place` which area stands for a custody suite, a force, or the whole partner.
"""

import re

from onward.contracts.contact import Contact
from onward.contracts.topics import PlaceDefaults
from onward.intake.domain.facts import area
from onward.intake.domain.organisation import force_named

AREA = "event.area"
_FIRST = re.compile(r"[^/\s-]+")


def placed(contact: Contact, defaults: PlaceDefaults | None) -> Contact:
    """The contact with the area where it happened, where that was not said and *defaults* know it."""
    if defaults is None or AREA in contact.facts:
        return contact
    found = _default(contact.reference, contact.force, defaults)
    return contact if found is None else contact.model_copy(update={"facts": {**contact.facts, AREA: found}})


def _default(reference: str, force: str, defaults: PlaceDefaults) -> str | None:
    """Of the suite or station that the reference begins with, else of the force that is named, else of the partner."""
    station = _FIRST.match(reference.strip())
    of_station = defaults.stations.get(station[0].upper()) if station else None
    # A force that nobody knows is another one than the partner's own: nothing follows from the partner's default then.
    of_force = _of_force(force, defaults) if force else defaults.area
    return area(of_station) or area(of_force)


def _of_force(force: str, defaults: PlaceDefaults) -> str | None:
    return next((code for name, code in defaults.forces.items() if force_named(name) == force), None)
