"""What intake takes as a value of each kind, in the words of JSON Schema."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pydantic import AliasChoices, BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from onward.contracts.placeholders import UNKNOWN_WORDS
from onward.contracts.schemas import WrittenJsonSchema
from onward.diagnostics.spelling import spelled
from onward.intake.domain.languages import AROUND, CODE, LANGUAGE, LANGUAGES, NOBODY, SOMEBODY
from onward.intake.domain.shapes import LIST, NEEDED, UNKNOWN, WORDS, Coded
from onward.intake.domain.vocabulary import LISTS, OwnWords

JsonSchema: TypeAlias = dict[str, Any]

NULL: Final[JsonSchema] = {"type": "null"}
_WITHIN: Final = {"categories": "needs", "purposes": "categories"}
"""Every word of the one list is one of the other too."""
_BETWEEN: Final = "[^A-Za-z0-9]"
"""What may stand between, before and behind the parts of a word."""
_SIGN: Final = r"[\u0000-/:-@\[-`{-\u00a9\u00ab-\u00b1\u00b4-\u00b8\u00bb\u00bf\u2000-\u206f]"
"""What is neither a letter nor a digit of any script: all but the plain ones and `placeholders.NO_SIGNS`."""

_YEAR = "(19|20|21)[0-9]{2}"
_ISO_DAY = f"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_WRITTEN_DAY = f"{_YEAR}[-/.](0[1-9]|1[0-2])[-/.](0[1-9]|[12][0-9]|3[01])"
_BRITISH_DAY = f"(0?[1-9]|[12][0-9]|3[01])[-/.](0?[1-9]|1[0-2])[-/.]{_YEAR}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET = "[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?"
_ISO_TIME = f"{_ISO_DAY}[Tt ]{_CLOCK}(:[0-5][0-9]([.,][0-9]+)?)? ?[Zz]?({_OFFSET})?(\\[[A-Za-z/_]+\\])?"
_JAVA_TIME = (
    "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (0?[1-9]|[12][0-9]|3[01]) "
    f"{_CLOCK}:[0-5][0-9] (BST|GMT|UTC) {_YEAR}"
)
_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_YES_OR_NO = ("0", "off", "f", "false", "n", "no", "1", "on", "t", "true", "y", "yes")


def any_case(word: str) -> str:
    """A pattern for *word*, which `spelled` wrote, in any case and with anything between its parts."""
    letters = (
        f"{_BETWEEN}+" if char == "_" else f"[{char}{char.upper()}]" if char.isalpha() else char for char in word
    )
    return "".join(letters)


def words(known: Iterable[str]) -> str:
    """A pattern for each of the *known* words, which `spelled` wrote."""
    return f"^{_BETWEEN}*({'|'.join(map(any_case, sorted(known)))}){_BETWEEN}*$"


def pinned(text: JsonSchema, *types: str) -> JsonSchema:
    """The type of an event: one of *types*, or *text* that says it in any case and punctuation."""
    as_we_write_it: JsonSchema = {"const": types[0]} if len(types) == 1 else {"enum": sorted(types)}
    return {"anyOf": [as_we_write_it, {**text, "type": "string", "pattern": words(map(spelled, types))}]}


def trimmed(pattern: str) -> JsonSchema:
    """Text that has *pattern*, with blanks around it or not."""
    return {"type": "string", "pattern": f"^\\s*({pattern})\\s*$"}


def one_of_words(known: Iterable[str]) -> JsonSchema:
    """One of the *known* words, and a number where digits are one."""
    numbers = sorted(int(word) for word in known if word.isdigit())
    text = {"type": "string", "pattern": words(known)}
    return {"anyOf": [{"enum": numbers}, text]} if numbers else text


def whole(low: int, high: int) -> JsonSchema:
    """A whole number from *low* to *high*, as a number or as its digits."""
    tens = range(low // 10, high // 10 + 1)
    digits = (f"{ten or ''}[{max(low - ten * 10, 0)}-{min(high - ten * 10, 9)}]" for ten in tens)
    written = {**trimmed(f"0*({'|'.join(digits)})(\\.0+)?"), "maxLength": 64}
    return {"anyOf": [{"type": "integer", "minimum": low, "maximum": high}, written]}


UNKNOWN_WORD: Final[JsonSchema] = {
    "type": ["string", "null"],
    "pattern": f"^{_BETWEEN}*({'|'.join(map(any_case, sorted(UNKNOWN_WORDS - {''})))})?{_BETWEEN}*$".replace(
        _BETWEEN, _SIGN
    ),
    "description": "Nobody knows, or has said: the same as leaving the field out.",
}
"""What says that nobody knows."""


def _languages() -> JsonSchema:
    """A language by its code or its name, with words around it that change nothing; or whether one is needed."""
    around = "|".join(map(any_case, sorted(AROUND)))
    known = "|".join(map(any_case, sorted({*LANGUAGES, *NOBODY, *SOMEBODY, *AROUND})))
    name = f"^{_BETWEEN}*(({around}){_BETWEEN}+)*({known})({_BETWEEN}+({around}))*{_BETWEEN}*$"
    return {
        "anyOf": [trimmed(CODE), {"type": "string", "pattern": name}, {"type": "boolean"}],
        "description": "The language that an interpreter is needed for, as its ISO 639 code or its name in English; or "
        "only whether one is needed. English says that none is.",
        "examples": ["pl", "Polish", "Kurdish (Sorani)", "BSL", "no"],
    }


_LANGUAGE: Final = _languages()


class PartnerJsonSchema(WrittenJsonSchema):
    """Says of each kind of value what is really read as one."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A value or null."""
        return {"anyOf": [self.generate_inner(schema["schema"]), NULL]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """True or false, or a word for it."""
        del schema
        return {
            "anyOf": [{"enum": [True, False, 0, 1]}, trimmed("|".join(map(any_case, _YES_OR_NO)))],
            "description": "Yes or no.",
            "examples": [True, False, "yes", "no"],
        }

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, or its digits."""
        low, high = schema.get("ge"), schema.get("le")
        assert low is not None, "a whole number of a partner's has limits"
        assert high is not None, "a whole number of a partner's has limits"
        return whole(low, high)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Text, whose blanks at either end do not count, or a number for it; a number has no form."""
        if pattern := schema.get("pattern"):
            return trimmed(str(pattern).removeprefix("^").removesuffix("$"))
        longest = schema.get("max_length")
        if longest is None:
            return {"type": ["string", "number"]}
        if schema.get("min_length"):
            return {"type": ["string", "number"], "pattern": f"^\\s*\\S([\\s\\S]{{0,{longest - 2}}}\\S)?\\s*$"}
        return {"type": ["string", "number"], "pattern": f"^\\s*[\\s\\S]{{0,{longest}}}\\s*$"}

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """A time in any of the forms that are read."""
        del schema
        return {
            **trimmed(f"{_ISO_TIME}|{_JAVA_TIME}"),
            "maxLength": 64,
            "description": "A time in ISO 8601; without an offset it is London time.",
            "examples": ["2026-03-01T09:30:00+00:00", "2026-03-01 09:30"],
        }

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:
        """A day in any of the forms that are read."""
        del schema
        return {
            **trimmed(f"{_WRITTEN_DAY}|{_BRITISH_DAY}|{_ISO_TIME}|{_JAVA_TIME}"),
            "maxLength": 64,
            "description": "A day, or a time of which the day counts.",
            "examples": ["1990-05-01", "01/05/1990"],
        }

    def uuid_schema(self, schema: core_schema.UuidSchema) -> JsonSchemaValue:
        """A UUID in any of its forms."""
        del schema
        return trimmed(f"(urn:uuid:)?{_UUID}|\\{{{_UUID}\\}}|[0-9A-Fa-f]{{32}}")

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """An object: open, since unknown fields are ignored; null is a field that is left out."""
        made = super().model_schema(schema)
        made.pop("additionalProperties", None)
        required: list[str] = made.pop("required", [])
        properties: dict[str, JsonSchema] = made["properties"]
        several: list[JsonSchema] = []
        model: type[BaseModel] = schema["cls"]
        for name, field in model.model_fields.items():
            if NEEDED in field.metadata:
                alias = field.validation_alias
                required.append(str(alias.choices[0]) if isinstance(alias, AliasChoices) else str(alias or name))
        for field in model.model_fields.values():
            if isinstance(field.validation_alias, AliasChoices):
                names = [str(name) for name in field.validation_alias.choices]
                value = properties[names[0]]
                properties |= {name: {"description": f"Another name for `{names[0]}`."} for name in names[1:]}
                if value:
                    properties[names[0]] = {}
                    needed = names[0] in required
                    several.append(_first_given(names, _not_null(value) if needed else value, needed=needed))
                required = [name for name in required if name not in names]
        for name, value in properties.items():
            properties[name] = _not_null(value) if name in required else _or_null(value)
        several += made.pop("allOf", [])
        return {**made, **({"required": required} if required else {}), **({"allOf": several} if several else {})}


def _first_given(names: list[str], value: JsonSchema, *, needed: bool) -> JsonSchema:
    """A field with several names: of those that are given the first counts, whatever the others say."""
    name, *others = names
    if not others:
        last = {"properties": {name: value if needed else _or_null(value)}}
        return {**last, "required": [name]} if needed else last
    given = {"required": [name], "properties": {name: {"not": NULL}}}
    otherwise = _first_given(others, value, needed=needed)
    return {"if": given, "then": {"properties": {name: value}}, "else": otherwise}


def _not_null(value: JsonSchema) -> JsonSchema:
    """What must be there: null is a field that is left out."""
    forms = [form for form in value.get("anyOf", ()) if form != NULL]
    return forms[0] if value.keys() == {"anyOf"} and len(forms) == 1 else value


def _or_null(value: JsonSchema) -> JsonSchema:
    if not value.keys() & {"type", "anyOf", "oneOf", WORDS, "$ref"}:
        return value
    forms = value.get("anyOf", ())
    return value if any(form == NULL or UNKNOWN in form for form in forms) else {"anyOf": [value, NULL]}


def nullable(value: JsonSchema) -> JsonSchema:
    """*value*, a finished schema, or null."""
    if value.keys() == {"enum"}:
        return {"enum": [*value["enum"], None]}
    if "type" in value:
        types = value["type"] if isinstance(value["type"], list) else [value["type"]]
        return value if "null" in types else {**value, "type": [*types, "null"]}
    return {"anyOf": [*(value["anyOf"] if value.keys() == {"anyOf"} else [value]), NULL]}


def schema_of(kind: Any, own: OwnWords | None = None) -> JsonSchema:
    """The schema of *kind*, a type or a shape, whole; words are read by *own*, a partner's, beside everybody's."""
    made = TypeAdapter(kind).json_schema(by_alias=True, mode="validation", schema_generator=PartnerJsonSchema)
    definitions: Mapping[str, JsonSchema] = made.pop("$defs", {})
    finished = _finished(made, definitions, own or {})
    assert isinstance(finished, dict)
    return finished


def _finished(value: Any, definitions: Mapping[str, JsonSchema], own: OwnWords) -> Any:
    """*value* with each definition in the place of its reference, and each word of ours in the place of its mark."""
    if isinstance(value, list):
        return [_finished(each, definitions, own) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _finished(definitions[value["$ref"].rpartition("/")[2]], definitions, own)
    if UNKNOWN in value:
        return UNKNOWN_WORD
    if WORDS in value:
        return _of_words(value, own)
    if LANGUAGE in value:
        return _LANGUAGE
    made = {name: _finished(each, definitions, own) for name, each in value.items()}
    if made.get("additionalProperties") is True:
        del made["additionalProperties"]
    if "oneOf" in made:
        made["anyOf"] = made.pop("oneOf")
    match made:
        case {"anyOf": [value, null], **others} if null == NULL and not others:
            return nullable(value)
        case _:
            return made


def _of_words(marked: JsonSchema, own: OwnWords) -> JsonSchema:
    known, name = set[str](marked[WORDS]), str(marked[LIST])
    about = {name: marked[name] for name in ("description", "examples") if marked[name]}
    if name in _WITHIN:
        inner = Coded(LISTS[_WITHIN[name]], _WITHIN[name])
        base = {"anyOf": [_of_words(inner.marks(), {}), one_of_words(known - set(inner.table))], **about}
    else:
        base = {**one_of_words(known), **about}
    theirs = set(own.get(name, {})) - known
    return {"anyOf": [base, one_of_words(theirs)]} if theirs else base
