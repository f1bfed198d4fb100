"""Documents that a JSON Schema of ours allows, and the same ones with something in them changed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

Schema: TypeAlias = Mapping[str, Any]
Resolve: TypeAlias = Callable[[str], Schema]

BLANKS_OF_SOME: Final = "\x1c\x1d\x1e\x1f\x85\ufeff"
"""Characters that some languages' regular expressions take for blanks, and others do not."""
LETTERS: Final = st.characters(exclude_characters=BLANKS_OF_SOME + "\0", exclude_categories=["Cs"])
_NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9, allow_nan=False)
_LEAVES = st.none() | st.booleans() | _NUMBERS | st.text(LETTERS, max_size=8)
ANYTHING: Final = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(LETTERS, max_size=4), inner, max_size=2),
)
_JUNK: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, 3, 4, -1, 3.0, 16.5, 24, 96, 121, 2**40, [], {}, [None], [[]], {"given": True}),
    *("", " ", "unknown", "N/A", "-- not known --", "yes", " YES ", "on", "2", "high", "Very high", "4", "-4", "5"),
    *("36", "036", "36.0", "+36", "3_6", "120", "121", "housing", "HOUSING!", "drug misuse", "A&E", "none", "prison"),
    *("x", "x" * 11, "x" * 41, "x" * 200, "x" * 201, f"  {'x' * 200}  ", "x" * 255, "x" * 501, "-" * 300),
    *("1990-05-01", "01/05/1990", "1/5/1990", "1990-13-01", "31/4/1990", "1776-07-04", "2026-03-02T09:15:00Z"),
    *("2026-03-02 09:15", "2026-03-02T24:00:00Z", "2026-03-02T09:15:00+15:00", "Mon Mar 02 09:15:00 GMT 2026"),
    *(
        "5f0c8b34-6c57-8d2e-9c7e-3c1f4f3c9c11",
        "{5F0C8B34-6c57-8d2e-9c7e-3c1f4f3c9c11}",
        "5f0c8b346c578d2e9c7e3c1f4f3c9c11",
    ),
    *([{"category": "debt", "severity": 1}], [{"category": "debt"}], [{"purpose": "DTR", "given": "no"}]),
    *(
        {"given": 1, "purposes": ["women"]},
        {"given": True, "purposes": []},
        {"type": "NHS", "value": 7},
        {"status": "NFA"},
    ),
    *([{"type": "CRN", "value": "X000001"}], [{"type": " "}], {"identifiers": [{"type": "CRN"}]}, ["1 Test Street", 7]),
)


class Documents:
    """Makes documents that schemas allow; what several schemas refer to is prepared once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._known: dict[str, st.SearchStrategy[Any]] = {}

    def of(self, schema: Schema) -> "st.SearchStrategy[Any]":
        """What *schema* allows, most likely: whoever needs to be sure asks a validator."""
        if "$ref" in schema:
            return self._referred(schema)
        if "if" in schema:
            return self.of(schema["then"]) | ANYTHING
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "allOf" in schema:
            rest = {name: value for name, value in schema.items() if name != "allOf"}
            return st.one_of([self.of(_merged(rest, *forms)) for forms in _choices(schema["allOf"])])
        listed = [st.sampled_from(schema["examples"])] if schema.get("examples") else []
        if "anyOf" in schema:
            return st.one_of(*listed, *(self.of(each) for each in schema["anyOf"]))
        types = schema.get("type", ())
        names = [types] if isinstance(types, str) else types
        return st.one_of(*listed, *(self._typed(name, schema) for name in names)) if names else ANYTHING

    def _referred(self, schema: Schema) -> "st.SearchStrategy[Any]":
        ref = schema["$ref"]
        others = {name: value for name, value in schema.items() if name != "$ref"}
        if others:
            return self.of({**self._resolve(ref), **others})
        if ref not in self._known:
            self._known[ref] = self.of(self._resolve(ref))
        return self._known[ref]

    def _typed(self, name: str, schema: Schema) -> "st.SearchStrategy[Any]":
        match name:
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer":
                return st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))
            case "number":
                return _NUMBERS
            case "array":
                longest = max(schema.get("minItems", 0), 3)
                items = self.of(schema.get("items", {}))
                return st.lists(items, min_size=schema.get("minItems", 0), max_size=longest)
            case "object":
                return self._object(schema)
            case _:
                text = st.from_regex(schema["pattern"], alphabet=LETTERS) if "pattern" in schema else st.text(LETTERS)
                return text.filter(lambda made: len(made) <= schema.get("maxLength", len(made)))

    def _object(self, schema: Schema) -> "st.SearchStrategy[Any]":
        fields = {name: self.of(value) for name, value in schema.get("properties", {}).items()}
        needed = {name: fields.get(name, ANYTHING) for name in schema.get("required", ())}
        optional = {name: value for name, value in fields.items() if name not in needed}
        if schema.get("additionalProperties") is not False:
            optional["furtherField"] = ANYTHING
        made = st.fixed_dictionaries(needed, optional=optional)
        return made.filter(lambda each: len(each) >= schema.get("minProperties", 0))


def _choices(forms: list[Schema]) -> Iterator[list[Schema]]:
    if not forms:
        yield []
        return
    form = forms[0]
    ways = [[form["if"], form["then"]], [form["else"]]] if "if" in form else [[form]]
    for way in ways:
        for rest in _choices(forms[1:]):
            yield [*way, *rest]


def _merged(base: Schema, *forms: Schema) -> Schema:
    made: dict[str, Any] = {
        **base,
        "properties": {**base.get("properties", {})},
        "required": [*base.get("required", ())],
    }
    for form in forms:
        for name, value in form.get("properties", {}).items():
            made["properties"][name] = {**made["properties"].get(name, {}), **value}
        made["required"] += form.get("required", ())
    return made


@st.composite
def changed(draw: st.DrawFn, document: Any, *, most: int = 2) -> Any:
    """*document* with at most so many of its values left out, or something else in their place."""
    made = document
    for _ in range(draw(st.integers(0, most))):
        path = draw(st.sampled_from([*_paths(made)] or [()]))
        if path:
            made = _with(made, path, draw(st.sampled_from([_GONE, *_JUNK])))
    return made


_GONE = object()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(inner, (*path, key))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    first, *rest = path
    inner = _with(value[first], tuple(rest), new) if rest else new
    if isinstance(value, dict):
        return {
            key: inner if key == first else each for key, each in value.items() if key != first or inner is not _GONE
        }
    return [inner if at == first else each for at, each in enumerate(value) if at != first or inner is not _GONE]
