"""Who were taken for one person and are not: what was known at the contacts of each by the others' word alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from onward.contracts.contact import Identity
from onward.contracts.situation import Parting
from onward.people.domain.remembered import RememberedContact
from onward.people.domain.view import View, known_identity_fields, view


def partings(
    people: Mapping[str, Sequence[RememberedContact]], known: Iterable[RememberedContact], *, by: RememberedContact
) -> dict[str, Parting]:
    """
    By key, for each of *people* from whom somebody was parted.

    Args:
        people: Everybody concerned as they are now.
        known: The contacts as they stood before, each with the key of the person it was taken to be of.
        by: The contact that shows it, which is the last that is seen.
    """
    before: dict[str, list[RememberedContact]] = {}
    for one in known:
        if one.person:
            before.setdefault(one.person, []).append(one)
    found = ((key, _parting(key, theirs, before, by=by)) for key, theirs in people.items())
    return {key: parting for key, parting in found if parting is not None}


def _parting(
    key: str,
    theirs: Sequence[RememberedContact],
    before: Mapping[str, Sequence[RememberedContact]],
    *,
    by: RememberedContact,
) -> Parting | None:
    own_ids = {one.contact_id for one in theirs}
    taken_for = [person for person, contacts in before.items() if any(one.contact_id in own_ids for one in contacts)]
    others = {one.contact_id for person in taken_for for one in before[person] if one.contact_id not in own_ids}
    if not others:
        return None
    stood = {one.contact_id: (one, person) for person in taken_for for one in before[person]}
    own: dict[UUID, tuple[str, ...]] = {}
    upto = by.recorded
    for one in theirs:
        if one.contact_id not in stood or one.declared_links:
            continue
        was, person = stood[one.contact_id]
        in_order = sorted(before[person], key=lambda each: each.order)
        own[one.contact_id] = _not_theirs(
            view(was, in_order, person=person, upto=upto), view(one, theirs, person=key, upto=upto)
        )
    return Parting(at=by.received_at, contacts=tuple(sorted(others)), own=own)


def _not_theirs(before: View, now: View) -> tuple[str, ...]:
    """What was known and is not, or is something else."""
    facts = _changed(before.facts, now.facts)
    consents = {
        f"consent.{each.purpose.lower()}": True for each in before.consents if each.given and each not in now.consents
    }
    identity = _changed(_by_name(before.identity), _by_name(now.identity))
    return tuple(sorted({*facts, *consents, *identity}))


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> Collection[str]:
    return [name for name, value in before.items() if now.get(name) != value]


def _by_name(identity: Identity) -> dict[str, Any]:
    """Each identity field that is known, by the name that a profile has for it."""
    arrangements = identity.arrangements
    known: dict[str, Any] = {}
    for name in known_identity_fields(identity):
        if name.startswith("identifiers."):
            kind = name.removeprefix("identifiers.")
            known[name] = [each.value for each in identity.identifiers if each.type == kind]
        else:
            known[name] = getattr(identity, name, None) or getattr(arrangements, name, None)
    return known
