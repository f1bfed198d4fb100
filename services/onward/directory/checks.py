"""What the shape of a directory file cannot say: references, ranges, and what a profile must never name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from onward.contracts.arrangements import DATA_CLASSES
from onward.contracts.contact import Identity
from onward.contracts.facts import AREA, FACTS
from onward.contracts.identifiers import IdentifierType
from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlList, YamlMapping, YamlScalar
from onward.directory.model import Eligibility, Profile, Provider

IDENTITY_FIELDS = (
    frozenset(Identity.model_fields) - {"identifiers", "arrangements"}
    | {f"identifiers.{kind}" for kind in get_args(IdentifierType)}
    | set(DATA_CLASSES)
)
"""
Every identity field that a profile may name.

Identifiers and arrangements only one by one: nobody needs all of them.
"""

_LATITUDES = (49.0, 61.0)
_LONGITUDES = (-9.0, 2.5)


def check_profiles(profiles: Sequence[tuple[Profile, Node]]) -> Iterator[Diagnostic]:
    """Problems of profiles: a field that does not exist, or of a class that the profile says it never names."""
    known = IDENTITY_FIELDS | set(FACTS)
    for profile, node in profiles:
        for place, field in zip(_places(node, "fields"), profile.fields, strict=False):
            if field not in known:
                yield Diagnostic.at(place, "D010", f"no field `{field}`{did_you_mean(field, known)}")
            elif field in FACTS and FACTS[field].monitoring:
                yield Diagnostic.at(place, "D011", f"`{field}` is equality data, which no recipient must ever see")
            elif (data_class := class_of(field)) in profile.never:
                what = f"`{field}` is {data_class} data, which `{profile.name}` must never see"
                yield Diagnostic.at(place, "D011", what)
        for key in ("fields", "never"):
            yield from _repeated(node, key, profile.name)
        only = node.get("only") if isinstance(node, YamlMapping) else None
        for field in sorted(profile.only.keys() - set(profile.fields)):
            what = f"`only` limits `{field}`, which `{profile.name}` does not name among its fields"
            yield Diagnostic.at(_place(only or node, field), "D010", what)
        for field in profile.only:
            yield from _repeated(only, field, profile.name)


def class_of(field: str) -> str | None:
    """What sort of data a fact or an arrangement is; None for what identifies."""
    return FACTS[field].data_class if field in FACTS else DATA_CLASSES.get(field)


def check_providers(providers: Iterable[tuple[Provider, Node]], profiles: set[str] | None) -> Iterator[Diagnostic]:
    """
    Problems of providers: an id used twice, a profile that does not exist, a catchment or bound that cannot be.

    Which *profiles* exist is not known, None, where their file cannot be read.
    """
    seen: dict[str, Place] = {}
    for provider, node in providers:
        if provider.id in seen:
            yield Diagnostic.at(node.place, "D020", f"provider `{provider.id}` is already at {seen[provider.id]}")
        seen.setdefault(provider.id, node.place)
        if profiles is not None and provider.profile not in profiles:
            what = f"no profile `{provider.profile}`{did_you_mean(provider.profile, profiles)}"
            yield Diagnostic.at(_place(node, "profile"), "D021", what)
        for key in ("services", "categories", "catchment"):
            yield from _repeated(node, key, provider.id)
        yield from _catchment(provider, node)
        yield from _eligibility(provider.eligibility, node)
        yield from _location(provider, node)


def _catchment(provider: Provider, node: Node) -> Iterator[Diagnostic]:
    for place, area in zip(_places(node, "catchment"), provider.catchment, strict=False):
        if area == "*" and len(provider.catchment) > 1:
            yield Diagnostic.at(place, "D022", "`*` is everywhere; name it alone")
        elif area != "*" and not re.search(AREA.pattern, area):
            yield Diagnostic.at(
                place, "D023", f"`{area}` is not a GSS code of a local authority, such as {AREA.example}"
            )


def _eligibility(eligibility: Eligibility, node: Node) -> Iterator[Diagnostic]:
    low, high = eligibility.min_age, eligibility.max_age
    if low is not None and high is not None and low > high:
        yield Diagnostic.at(_place(node, "eligibility"), "D024", f"min_age {low} is above max_age {high}: nobody fits")


def _location(provider: Provider, node: Node) -> Iterator[Diagnostic]:
    if provider.location is None:
        return
    latitude, longitude = provider.location
    inside = _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
    if not inside:
        what = "outside the United Kingdom; write [latitude, longitude], such as [52.48, -1.90]"
        yield Diagnostic.at(_place(node, "location"), "D025", what)


def _repeated(node: Node | None, key: str, whose: str) -> Iterator[Diagnostic]:
    """What the list under *key* names again, at its second place: most likely another was meant."""
    found = node.get(key) if isinstance(node, YamlMapping) else None
    seen: set[str] = set()
    for item in found.items if isinstance(found, YamlList) else ():
        if isinstance(item, YamlScalar):
            if item.text in seen:
                what = f"`{item.text}` is named twice in `{key}` of `{whose}`; remove one, or correct it"
                yield Diagnostic.at(item.place, "D013", what)
            seen.add(item.text)


def _place(node: Node, key: str) -> Place:
    found = node.get(key) if isinstance(node, YamlMapping) else None
    return found.place if found is not None else node.place


def _places(node: Node, key: str) -> list[Place]:
    found = node.get(key) if isinstance(node, YamlMapping) else None
    match found:
        case YamlList(items=items):
            return [item.place for item in items]
        case YamlScalar() | YamlMapping():
            return [found.place]
        case _:
            return []
