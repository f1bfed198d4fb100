"""Fields of a message that nothing reads: most are a partner's own business, and some are a misspelt one of ours."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel

from onward.diagnostics.spelling import nearest
from onward.intake.domain.shapes import Shape

MOST: Final = 50
"""Fields of one message that are told; of more only one for each field of ours that it resembles."""
MOST_LOOKED_AT: Final = 1000
"""Fields of one message that are looked at: a message of a megabyte can hold a hundred thousand."""

_ALIKE = 0.8
"""How much of a field's name must be there: `dateOfBrith` is `dateOfBirth`, and `surname` is not `name`."""
_LONGEST = 40
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """One field that nothing reads."""

    place: Place
    """Where it is in the body."""
    resembles: str = ""
    """The field of ours that it most likely means, with dots between its parts (`person.dateOfBirth`); "" if none."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read of an object."""

    names: frozenset[str]
    as_object: Mapping[str, type[BaseModel]]
    """The shape of a field whose value may be an object."""
    as_list: Mapping[str, type[BaseModel]]
    """The shape of each item of a field whose value may be a list."""


def unread_fields(shape: type[BaseModel], body: Mapping[str, Any]) -> tuple[Unread, ...]:
    """
    The fields of *body*, read as *shape*, that nothing reads: the first `MOST` of them, and some behind.

    That is the first that resembles each field of ours: a partner may have many of its own before one that says a risk.
    """
    found: list[Unread] = []
    _look(shape, body, (), "", found)
    first = found[:MOST]
    told = {each.resembles for each in first} | {""}
    others = {each.resembles: each for each in reversed(found[MOST:]) if each.resembles not in told}
    return (*first, *reversed(others.values()))


def value_at(body: Any, place: Place) -> Any:
    """What stands at the *place* of an unread field in *body*."""
    for part in place:
        body = body[part]
    return body


def names_read(shape: type[BaseModel]) -> frozenset[str]:
    """The fields of a message that are read where it has *shape*, as partners write them."""
    return _reading(shape).names


@cache
def all_names_read(shape: type[BaseModel]) -> frozenset[str]:
    """As `names_read`, with the fields of the parts in it."""
    reading = _reading(shape)
    parts = {*reading.as_object.values(), *reading.as_list.values()}
    return reading.names.union(*(all_names_read(part) for part in parts))


def _look(shape: type[BaseModel], value: Mapping[str, Any], place: Place, within: str, found: list[Unread]) -> None:
    reading = _reading(shape)
    for name, part in value.items():
        if name not in reading.names:
            if len(found) >= MOST_LOOKED_AT:
                return
            near = _resembled(shape, name, frozenset(value.keys() & reading.names))
            found.append(Unread((*place, name), f"{within}{near}" if near else ""))
        elif isinstance(part, dict):
            inner = reading.as_object.get(name)
            if inner:
                _look(inner, part, (*place, name), f"{within}{name}.", found)
        elif isinstance(part, list) and (item := reading.as_list.get(name)):
            for number, each in enumerate(part):
                if isinstance(each, dict):
                    _look(item, each, (*place, name, number), f"{within}{name}.", found)


@lru_cache(maxsize=4096)
def _resembled(shape: type[BaseModel], name: str, given: frozenset[str]) -> str:
    """
    The field of *shape* that *name* most likely means, of those that are not *given*; "" when there is none.

    Either nearly its name, or the very name of a field one level further in: `dateOfBirth` beside `person`.
    """
    if len(name) > _LONGEST:
        return ""
    reading = _reading(shape)
    own = {_letters(each): each for each in sorted(reading.names - given)}
    inner = {
        _letters(each): f"{part}.{each}"
        for part, of in sorted(reading.as_object.items())
        for each in sorted(_reading(of).names)
    }
    letters = _letters(name)
    return own.get(letters) or inner.get(letters) or own.get(nearest(letters, own, alike=_ALIKE), "")


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


@cache
def _reading(shape: type[BaseModel]) -> _Reading:
    names: set[str] = set()
    as_object: dict[str, type[BaseModel]] = {}
    as_list: dict[str, type[BaseModel]] = {}
    for field_name, field in shape.model_fields.items():
        alias = field.validation_alias or field_name
        written = [str(each) for each in alias.choices] if isinstance(alias, AliasChoices) else [str(alias)]
        names.update(written)
        one, many = _shapes_in(field.annotation)
        as_object.update(dict.fromkeys(written, one) if one else {})
        as_list.update(dict.fromkeys(written, many) if many else {})
    return _Reading(frozenset(names), as_object, as_list)


def _shapes_in(annotation: Any) -> tuple[type[BaseModel] | None, type[BaseModel] | None]:
    """The shape of a value that is an object, and of the items of one that is a list, as far as there are any."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation, None
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shapes_in(parts[0])
    if origin is tuple:
        return None, _shapes_in(parts[0])[0]
    if origin in (Union, types.UnionType):
        found = [_shapes_in(part) for part in parts]
        return next((one for one, _ in found if one), None), next((many for _, many in found if many), None)
    return None, None
