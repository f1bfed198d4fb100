"""The kinds of value in partners' messages, and how a part of one is read. camelCase on the wire.

Unknown fields are ignored. A field that is absent, null, blank or says that nobody knows is not known. Codes and
times are read tolerantly; what cannot be read is an error that names the field and what was expected, never the value.
An error does not park a message: `tolerant` leaves out what it is about.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, TypeAlias, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from onward.calendar.times import read_day, read_moment
from onward.contracts.codes import Need
from onward.contracts.placeholders import names_nothing, says_nothing
from onward.diagnostics.spelling import spelled
from onward.intake.domain import vocabulary

T = TypeVar("T")

_LONGEST = 64
DEFAULT_DAYS: Final = frozenset({date(1900, 1, 1), date(1901, 1, 1)})
"""
What databases and forms fill in where nobody gave a day, beside those that no calendar here has: 0001-01-01 (.NET),
1753-01-01 (SQL Server), 1899-12-30 (spreadsheets), 9999-12-31.
"""
_DEFAULT_MOMENTS: Final = frozenset(
    {*(datetime(day.year, 1, 1, tzinfo=UTC) for day in DEFAULT_DAYS), datetime(1970, 1, 1, tzinfo=UTC)}
)
"""The same, and the first second that computers count from."""
_DIGITS = re.compile(r"\s*([0-9]+)(?:\.0+)?\s*")


UNKNOWN: Final = "x-unknown"
WORDS: Final = "x-words"
LIST: Final = "x-list"
"""Marks that `intake/schemas.py` puts the real thing in the place of: JSON Schema has no word for these."""


@dataclass(frozen=True, slots=True)
class _OrUnknown:
    """Reads what says that nobody knows as nothing."""

    nothing: Callable[[object], object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.nothing, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        value, _null = handler(schema)["anyOf"]
        return {"anyOf": [*(value["anyOf"] if value.keys() == {"anyOf"} else [value]), {UNKNOWN: True}]}


def _nothing(value: object) -> object:
    return None if isinstance(value, str) and says_nothing(value) else value


def _unnamed(value: object) -> object:
    """*value*, an id or a reference of a partner's own, without what names nothing."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return None if isinstance(text, str) and names_nothing(text) else value


Maybe: TypeAlias = Annotated[T | None, _OrUnknown(_nothing)]
"""A value, or not known."""

NEEDED: Final = "needed"
Needed: TypeAlias = Annotated[T | None, NEEDED]
"""
What an event of its type must say, as its schema has it. An event that does not, or not so that it can be read, is read
without it: it may say more that somebody's life depends on.
"""

TOGETHER: Final = "together"


def _together(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError as error:
        raise PydanticCustomError(TOGETHER, "{why}", {"why": error.errors()[0]["msg"]}) from None


Together: TypeAlias = Annotated[T, WrapValidator(_together)]
"""A part without which the rest says something else: where it cannot be read, the object that it is of is left out."""


_A_WORD = "One of `examples`, or a word that docs/partners/words.md has for it, in any case; no other is read."


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """
    Reads a partner's word for one of our codes; a word that is in no table is the error `unknown_code`.

    The words of the partner that is read (`vocabulary.OwnWords`, as the context of the validation) count first.
    """

    table: Mapping[str, Any]
    name: str = ""
    """Its name in `vocabulary.LISTS`; empty for a list to which nobody has words of their own."""

    def read(self, value: object, info: ValidationInfo) -> Any:
        """Our code for *value*."""
        word = _word(value)
        if word is not None:
            own: vocabulary.OwnWords = info.context or {}
            code = own.get(self.name, {}).get(word, self.table.get(word))
            if code is not None:
                return code
        expected = ", ".join(map(str, self.codes))
        raise PydanticCustomError("unknown_code", "expected one of {expected}", {"expected": expected})

    @property
    def codes(self) -> list[Any]:
        """Our codes, as the schema lists them."""
        return sorted(set(self.table.values()))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        del schema, handler
        return self.marks()

    def marks(self) -> dict[str, Any]:
        """What `intake/schemas.py` makes a schema of: the words, the list that they are of, our codes."""
        return {WORDS: sorted(self.table), LIST: self.name, "description": _A_WORD, "examples": self.codes}


def _word(value: object) -> str | None:
    """*value* as a table of words has it; None where it is no word. A whole number is its digits: 3.0 is 3."""
    if isinstance(value, str):
        return spelled(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def coded(table: Mapping[str, Any]) -> Coded:
    """Reads a word that *table* has, as `spelling.spelled` writes it."""
    return Coded(table, next((name for name, each in vocabulary.LISTS.items() if each is table), ""))


def choice(*own: str, **others: str) -> Coded:
    """Reads one of our own words, or a partner's word given with ours."""
    return Coded(vocabulary.table(own, others))


def _moment(value: object) -> datetime:
    read = value if isinstance(value, datetime) else read_moment(value)
    if read is None:
        raise PydanticCustomError("moment", "expected a time such as 2026-03-01T09:30:00+00:00")
    if read in _DEFAULT_MOMENTS:
        raise PydanticCustomError("default_date", "expected a time, not what a system fills in where there is none")
    return read


def _day(value: object) -> date:
    read = read_day(value)
    if read is None:
        raise PydanticCustomError("day", "expected a day such as 1990-05-01")
    if read in DEFAULT_DAYS:
        raise PydanticCustomError("default_date", "expected a day, not what a system fills in where there is none")
    return read


def _sex(value: object) -> str | None:
    return vocabulary.SEXES.get(spelled(value)) if isinstance(value, str) else None


class _Lines:
    """Reads an address as one text, whether it came so, as lines, or as named parts."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(as_lines, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        text: list[dict[str, Any]] = handler(schema)["anyOf"]
        about = "As text, as lines, or as parts: 500 characters at most, together."
        return {"anyOf": [*text, {"type": ["array", "object"]}], "description": about}


def as_lines(value: object) -> object:
    """Lines or named parts as one text; anything else as it is."""
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, list):
        return value
    return ", ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


class _OrSaid:
    """Reads what people say of a consent, beside yes and no."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_said, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        yes_no: dict[str, Any] = handler(schema)
        said = {WORDS: sorted(vocabulary.CONSENTED), LIST: "", "description": "", "examples": []}
        return {**yes_no, "anyOf": [*yes_no.get("anyOf", [{"type": "boolean"}]), said]}


def _said(value: object) -> object:
    return vocabulary.CONSENTED.get(spelled(value), value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    """Digits as the number they are. Neither yes nor no is one."""
    digits = _DIGITS.fullmatch(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if digits is not None:
        return int(digits[1])
    if isinstance(value, str | bool):
        raise PydanticCustomError("whole", "expected a whole number")
    return value


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


When: TypeAlias = Annotated[datetime, BeforeValidator(_moment)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Name: TypeAlias = Annotated[Text | None, _OrUnknown(_unnamed)]
"""A partner's own name for an event, a person or a case. A placeholder names nothing."""
ContactId: TypeAlias = Annotated[UUID, BeforeValidator(_stripped)]
YesNo: TypeAlias = Annotated[bool, BeforeValidator(_stripped)]
Given: TypeAlias = Annotated[YesNo, _OrSaid()]
"""Whether somebody agreed."""
Sex: TypeAlias = Annotated[
    str | None,
    BeforeValidator(_sex),
    WithJsonSchema({"description": "Female or male, as a word or its first letter; anything else is not known."}),
]
WHOLE: Final = BeforeValidator(_whole)
"""Reads a whole number that may be written as text."""
Address: TypeAlias = Annotated[Maybe[Annotated[str, Field(max_length=500)]], _Lines()]
NeedCode: TypeAlias = Annotated[Need, coded(vocabulary.NEEDS)]
Severity: TypeAlias = Annotated[int, coded(vocabulary.SEVERITIES)]


class Shape(BaseModel):
    """How every part is read."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


AnyObject: TypeAlias = dict[Annotated[str, StringConstraints(strip_whitespace=False)], Any]
"""An object whose fields are told apart by their names as they are written."""

Listed: TypeAlias = Annotated[tuple[T, ...], Field(max_length=100, fail_fast=True)]
"""A list; more than 100 of anything about one person is a fault of the sender."""
