"""
Where somebody lives and where it happened: areas that follow from postcodes, and from whoever reports it.

A code of an area that the message gives counts before any postcode, and a postcode before where a partner works.
A partner's topic file says under `place` which area stands for a custody suite, and which areas a force or the whole
partner covers. Of several it is the one where the person lives, if they live there: most are met near their home. Who
lives elsewhere was met in the first of them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from onward.calendar.times import london_day
from onward.contracts.contact import Contact
from onward.contracts.topics import PlaceDefaults
from onward.intake.domain.facts import area
from onward.intake.domain.organisation import force_named
from onward.places.areas import PostcodeAreas

AREA = "event.area"
_HOME = "person.area"
_LOCATION = "location"
_POSTCODE = "postcode"
_FIRST = re.compile(r"[^/\s-]+")


def placed(contact: Contact, body: Mapping[str, Any], areas: PostcodeAreas, defaults: PlaceDefaults | None) -> Contact:
    """The contact with the areas where the person lives and where it happened, as far as either can be known."""
    home = contact.facts.get(_HOME) or _of_postcode(contact.identity.postcode, areas, contact)
    where = contact.facts.get(AREA) or _of_postcode(_said_postcode(body), areas, contact)
    if where is None and defaults is not None:
        where = _of_station(contact.reference, defaults) or _of_force(contact.force, home, defaults)
    found = {path: code for path, code in ((_HOME, home), (AREA, where)) if code is not None}
    return contact if found.items() <= contact.facts.items() else _with(contact, found)


def _with(contact: Contact, found: Mapping[str, str]) -> Contact:
    return contact.model_copy(update={"facts": {**contact.facts, **found}})


def _of_postcode(postcode: object, areas: PostcodeAreas, contact: Contact) -> str | None:
    """The area of a postcode on the day of the event."""
    return areas.area(postcode, london_day(contact.occurred_at)) if isinstance(postcode, str) else None


def _said_postcode(body: Mapping[str, Any]) -> object:
    location = body.get(_LOCATION)
    return location.get(_POSTCODE) if isinstance(location, dict) else None


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
