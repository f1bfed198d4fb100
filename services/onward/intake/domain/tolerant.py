"""
Reading a document as a shape, as far as it can be read.

What cannot be read is left out, the smallest part that can be: a value, else the object that means nothing without it.
Only a field without which the whole means nothing keeps it from being read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from onward.contracts.left_out import LeftOutReason
from onward.intake.domain.parts import GROUP_TAG, LIST_TAG
from onward.intake.domain.shapes import NEEDED, TOGETHER
from onward.intake.domain.unread import Place
from onward.intake.domain.vocabulary import OwnWords

S = TypeVar("S", bound=BaseModel)

MOST: Final = 100
"""Values that are left out one by one. A message with more is rubbish there: the fields that hold them go whole."""

_REASONS: Final[Mapping[str, LeftOutReason]] = {
    "unknown_code": "unknown_code",
    "moment": "unreadable_date",
    "day": "unreadable_date",
    "default_date": "default_date",
    "too_long": "too_many",
}
"""By the type of an error; any other is `schema`."""
_Gone: TypeAlias = dict[str | int, Any]
"""By key or index: what is gone (None), or what is gone within."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a document cannot be read as the shape at all: the first field that must be right and is not."""

    place: Place
    reason: LeftOutReason
    detail: str


@dataclass(frozen=True, slots=True)
class Fit(Generic[S]):
    """A document as the shape that it was read as."""

    shape: S
    left_out: Mapping[Place, LeftOutReason]
    """What could not be read, by its place in the document as it was given."""
    document: Mapping[str, Any]
    """The document without it."""


def read_as(shape: type[S], document: Mapping[str, Any], words: OwnWords | None = None) -> Fit[S] | Unfit:
    """
    *document* as *shape*, without what cannot be read of it; codes are read by *words* before those of everybody.

    A field that the shape requires must be there and right, or the whole is unfit; one that is only `Needed` is left
    out like any other, and told when it is not there.
    """
    told: dict[Place, LeftOutReason] = {}
    first = ""
    gone: _Gone = {}
    while True:
        readable = _without(document, gone)
        try:
            made = shape.model_validate(readable, context=words)
        except ValidationError as error:
            for fault in list(_faults(shape, document, gone, error)):
                if isinstance(fault, Unfit):
                    # What made a field go that the shape requires says more than that it is not there.
                    cause = next((place for place in told if place[: len(fault.place)] == fault.place), None)
                    return fault if cause is None else Unfit(cause, told[cause], first)
                place, whole, reason, detail = fault
                first = first or detail
                if not any(place[:end] in told for end in range(1, len(place) + 1)):
                    told[place] = reason
                _leave_out(gone, whole)
            if len(told) > MOST:
                told = {place[:1]: "too_many" for place in told}
                gone = {}
                for place in told:
                    _leave_out(gone, place)
        else:
            return Fit(made, {**told, **_lacking(made, told)}, readable)


def _faults(
    shape: type[BaseModel], document: Mapping[str, Any], gone: _Gone, error: ValidationError
) -> Iterator[tuple[Place, Place, LeftOutReason, str] | Unfit]:
    """What is wrong: where, what has to go for it, and why."""
    required = {
        name for field, info in shape.model_fields.items() if info.is_required() for name in _names(field, info)
    }
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        place = _place(document, gone, each["loc"], lacking=each["type"] == "missing")
        reason: LeftOutReason = _REASONS.get(each["type"], "schema")
        if len(place) <= 1 and (not place or place[0] in required):
            yield Unfit(place, reason, each["msg"])
        whole: Place = place[:-1] if each["type"] in {"missing", TOGETHER} else place
        yield place, whole, reason, each["msg"]


def _place(document: Any, gone: _Gone, location: tuple[int | str, ...], *, lacking: bool) -> Place:
    """
    Where the *location* of an error is in the document as it was given.

    Names of ours for forms of a value lead nowhere in it, and items of a list that are gone are not counted.
    """
    parts = [part for part in location if part not in {LIST_TAG, GROUP_TAG}]
    place: list[str | int] = []
    value, within = document, gone
    for number, name in enumerate(parts):
        part = name
        if isinstance(value, list) and isinstance(name, int):
            part = name if not within else [at for at in range(len(value)) if within.get(at, {}) is not None][name]
            value = value[part]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        elif not (lacking and number == len(parts) - 1):
            continue
        place.append(part)
        within = within.get(part) or {}
    return tuple(place)


def _leave_out(gone: _Gone, place: Place) -> None:
    for part in place[:-1]:
        inner = gone.setdefault(part, {})
        if inner is None:
            return
        gone = inner
    gone[place[-1]] = None


def _without(value: Any, gone: _Gone) -> Any:
    if not gone:
        return value
    if isinstance(value, dict):
        items = cast("Mapping[str, Any]", value).items()
        return {key: _inner(each, gone.get(key, {})) for key, each in items if gone.get(key, {}) is not None}
    kept = ((at, each) for at, each in enumerate(value) if gone.get(at, {}) is not None)
    return [_inner(each, gone.get(at, {})) for at, each in kept]


def _inner(value: Any, gone: _Gone | None) -> Any:
    return _without(value, gone) if gone else value


def _lacking(made: BaseModel, told: Mapping[Place, LeftOutReason]) -> dict[Place, LeftOutReason]:
    """The needed fields that nobody gave."""
    missing = (
        names[0]
        for field, info in type(made).model_fields.items()
        if NEEDED in info.metadata and getattr(made, field) is None
        for names in [_names(field, info)]
        if not any(place[0] in names for place in told)
    )
    return {(name,): "schema" for name in missing}


def _names(field: str, info: FieldInfo) -> list[str]:
    """The names that a field has on the wire, the first of which counts before the others."""
    alias = info.validation_alias or info.alias or field
    return [str(each) for each in alias.choices] if isinstance(alias, AliasChoices) else [str(alias)]
