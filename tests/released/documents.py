"""Documents that a JSON Schema allows, one for each thing that it lets whoever writes them choose."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError, best_match

Schema: TypeAlias = dict[str, Any]

_TEXTS: Final = {
    "uuid": "5f0c8b34-6c57-5d2e-9c7e-3c1f4f3c9c11",
    "date-time": "2026-03-02T09:15:00Z",
    "date": "2026-03-02",
    "": "text",
}
_HASHES: Final = tuple("0" * digits for digits in (16, 32, 64, 128))
_NAMED: Final = "REF:0123456789abcdef0123456789abcdef"
_OF_PATTERNS: Final = ("x", "E08000025", "pl", "B2", "1", _TEXTS["uuid"], "custody.disposed", _NAMED, *_HASHES)
_ANYTHING: Final = ("text", 1, 1.5, True, None, ["text"], {"key": "text"})


def whole(schema: Schema, files: Mapping[str, Schema]) -> Schema:
    """
    *schema* with what each `$ref` leads to in its place.

    Args:
        schema: One without a definition that contains itself; ours have none.
        files: Every schema that one of them may refer to, by the name of its file.
    """
    made = _whole(schema, schema, files)
    assert isinstance(made, dict)
    made.pop("$defs", None)
    return made


def _whole(value: Any, root: Schema, files: Mapping[str, Schema]) -> Any:
    if isinstance(value, list):
        return [_whole(each, root, files) for each in value]
    if not isinstance(value, dict):
        return value
    others = {key: _whole(each, root, files) for key, each in value.items() if key not in ("$ref", "$defs")}
    if "$ref" not in value:
        return others
    file, _, name = value["$ref"].partition("#/$defs/")
    other = files[file] if file else root
    referred = _whole(other["$defs"][name], other, files)
    return {"allOf": [referred, others]} if others.keys() - {"description", "default"} else referred


@dataclass(frozen=True)
class Fault:
    """What a schema has against a document."""

    pointer: str
    """Where, as a JSON pointer."""
    keyword: str
    """Which keyword of the schema."""
    what: str
    value: str
    """The value there, as JSON."""


def takes(schema: Schema, document: Any) -> bool:
    """Whether *schema* allows *document*."""
    return bool(_validator(schema).is_valid(document))


def first_fault(schema: Schema, document: Any) -> Fault | None:
    """What *schema* has against *document*, of several things the one that says most; None: nothing."""
    error = best_match(_validator(schema).iter_errors(document))
    if error is None:
        return None
    pointer = "".join(f"/{part}" for part in error.absolute_path)
    return Fault(pointer, str(error.validator), error.message[:200], json.dumps(error.instance, sort_keys=True))


_allowed: set[tuple[int, str | bytes]] = set()
"""By schema and value, as JSON: each of a schema's documents is the first but for one field."""
_validators: dict[int, Any] = {}
"""By schema; each keeps its own, so that no other has that id."""


def _properties(validator: Any, properties: Schema, document: Any, _: Schema) -> Iterator[ValidationError]:
    """As the library does it, but for a value that the field's schema has allowed before: it has no `$ref`."""
    if not isinstance(document, dict):
        return
    for name, schema in properties.items():
        if name in document:
            value = document[name]
            known = (id(schema), value if isinstance(value, str) else json.dumps(value, sort_keys=True).encode())
            if known not in _allowed:
                faults = [*validator.descend(value, schema, path=name, schema_path=name)]
                yield from faults
                if not faults:
                    _allowed.add(known)


_Validator: Final = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # the library has no types here
    jsonschema.Draft202012Validator, {"properties": _properties}
)


def _validator(schema: Schema) -> Any:
    if id(schema) not in _validators:
        _validators[id(schema)] = _Validator(schema)
    return _validators[id(schema)]


def documents(schema: Schema) -> Iterator[Any]:
    """
    Documents that *schema*, a `whole` one, allows.

    The first has only what must be there. Each of the others differs from it in one place: in a field that may be left
    out, a word of a list, a limit, another type, a field that nothing says anything of.
    """
    seen: set[str] = set()
    for each in _values(schema):
        text = json.dumps(each, sort_keys=True)
        if text not in seen and takes(schema, each):
            yield each
        seen.add(text)


def _values(schema: Schema) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
    elif "enum" in schema:
        yield from schema["enum"]
    elif "allOf" in schema or "if" in schema:
        yield from _of_all(schema)
    else:
        yield from schema.get("examples", ())
        forms = schema.get("anyOf") or schema.get("oneOf") or ()
        for form in forms:
            yield from _values(form)
        if not forms:
            types = schema.get("type", [])
            for name in [types] if isinstance(types, str) else types:
                yield from _typed(name, schema)
            if not types:
                yield from _ANYTHING


def _of_all(schema: Schema) -> Iterator[Any]:
    """Objects of every way through the conditions; of what is no object, whatever one of the parts allows."""
    rest = {key: value for key, value in schema.items() if key not in ("allOf", "if", "then", "else")}
    parts = [*schema.get("allOf", ()), *([schema] if "if" in schema else [])]
    if "properties" in rest or any("properties" in part for part in parts):
        for forms in _ways(parts):
            yield from _values(_merged([rest, *forms]))
    else:
        for part in (rest, *parts):
            yield from _values({key: value for key, value in part.items() if key not in ("if", "else")})


def _ways(parts: list[Schema]) -> Iterator[list[Schema]]:
    if not parts:
        yield []
        return
    part = parts[0]
    ways = [[part["if"], part["then"]], [part.get("else", {})]] if "if" in part else [[part]]
    for way in ways:
        for rest in _ways(parts[1:]):
            yield [*way, *rest]


def _merged(parts: list[Schema]) -> Schema:
    made: Schema = {"type": "object", "properties": {}, "required": []}
    for part in parts:
        inner = _merged(part["allOf"]) if "allOf" in part else part
        for name, value in inner.get("properties", {}).items():
            made["properties"][name] = {**made["properties"].get(name, {}), **value}
        made["required"] += [name for name in inner.get("required", ()) if name not in made["required"]]
        made |= {key: inner[key] for key in ("additionalProperties", "minProperties") if key in inner}
    return made


def _typed(name: str, schema: Schema) -> Iterator[Any]:
    match name:
        case "null":
            yield None
        case "boolean":
            yield from (True, False)
        case "integer":
            yield from dict.fromkeys((schema.get("minimum", 1), schema.get("maximum", 7)))
        case "number":
            yield from (schema.get("minimum", 1), 1.5)
        case "string":
            yield from _texts(schema)
        case "array":
            yield from _lists(schema)
        case _:
            yield from _objects(schema)


def _texts(schema: Schema) -> Iterator[str]:
    if "pattern" in schema:
        yield from (text for text in _OF_PATTERNS if takes(schema, text))
    else:
        yield _TEXTS[schema.get("format", "")].ljust(schema.get("minLength", 0), "x")
    if "maxLength" in schema:
        yield from (text for text in ("x" * schema["maxLength"],) if takes(schema, text))


def _lists(schema: Schema) -> Iterator[list[Any]]:
    if each_place := schema.get("prefixItems"):
        # As many as there are: in each list one of them is another than in the first.
        choices = [list(_values(place)) for place in each_place]
        firsts = [values[0] for values in choices]
        yield firsts
        for place, values in enumerate(choices):
            yield from ([*firsts[:place], value, *firsts[place + 1 :]] for value in values[1:])
        return
    items = schema.get("items", {})
    first = next((each for each in _values(items) if takes(items, each)), None)
    least = schema.get("minItems", 0)
    yield [first] * least
    for each in _values(items):
        yield [each] * max(least, 1)
    if "maxItems" in schema:
        yield [first] * schema["maxItems"]


def _objects(schema: Schema) -> Iterator[dict[str, Any]]:
    fields: Mapping[str, Schema] = schema.get("properties", {})
    needed = {name: _first(fields.get(name, {})) for name in schema.get("required", ())}
    for name, field in fields.items():
        if len(needed) < schema.get("minProperties", 0) and name not in needed:
            needed[name] = _first(field)
    yield needed
    for name, field in fields.items():
        for value in _values(field):
            yield {**needed, name: value}
    others = schema.get("additionalProperties", {})
    if others is not False:
        yield from ({**needed, "furtherField": each} for each in _values(others if isinstance(others, dict) else {}))


def _first(schema: Schema) -> Any:
    return next((each for each in _values(schema) if takes(schema, each)), None)


def fields(schema: Schema, at: str = "") -> Iterator[str]:
    """The pointer of every field that *schema*, a `whole` one, says something of; `*` is any item of a list."""
    for name, value in schema.get("properties", {}).items():
        if value != {"type": "null"}:
            yield f"{at}/{name}"
            yield from fields(value, f"{at}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from fields(schema["items"], f"{at}/*")
    for key in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(key, ()):
            yield from fields(each, at)
    for key in ("then", "else"):
        if key in schema:
            yield from fields(schema[key], at)


def has(document: Any, pointer: str) -> bool:
    """Whether *document* has the field at *pointer*, as `fields` writes it."""
    first, _, rest = pointer.removeprefix("/").partition("/")
    if first == "*":
        return isinstance(document, list) and any(has(each, f"/{rest}") for each in document)
    if not isinstance(document, dict) or first not in document:
        return False
    return not rest or has(document[first], f"/{rest}")
