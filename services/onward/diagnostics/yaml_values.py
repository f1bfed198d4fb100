"""Plain values of a YAML tree, and a model's complaints about them put back to their lines and columns."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlList, YamlMapping, YamlScalar, read

M = TypeVar("M", bound=BaseModel)

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,12}")

_WHAT: dict[str, str] = {
    "missing": "`{name}` is missing",
    "extra_forbidden": "no key `{name}` here",
    "bool_type": "`{value}` is not `true` or `false`",
    "bool_parsing": "`{value}` is not `true` or `false`",
    "int_type": "`{value}` is not a whole number",
    "int_parsing": "`{value}` is not a whole number",
    "int_from_float": "`{value}` is not a whole number",
    "float_type": "`{value}` is not a number",
    "float_parsing": "`{value}` is not a number",
    "greater_than_equal": "`{value}` is too small; it must be {ge} or more",
    "less_than_equal": "`{value}` is too large; it must be {le} or less",
    "string_type": "`{value}` is not text; put it in quotes if it is meant as text",
    "too_short": "`{name}` is empty; name at least one",
    "string_too_short": "`{name}` is empty; say it",
    "too_long": "`{name}` has too many entries: {actual_length}; at most {max_length}",
    "tuple_type": "expected a list",
    "dict_type": "expected `key: value` entries",
    "model_type": "expected `key: value` entries",
}


class YamlFileError(ValueError):
    """A file cannot be used. The message has a line for each thing that is wrong, with its place."""

    @classmethod
    def of(cls, problems: Iterable[Diagnostic]) -> Self:
        """The error that tells of *problems*, as whoever reads the file from the top comes upon them."""
        return cls("\n".join(map(str, sorted(problems, key=lambda each: (each.line, each.column)))))


def model_of(file: str, content: bytes, model: type[M]) -> M:
    """
    What a YAML file says, as *model*.

    Args:
        file: Its name, as it is told.
        content: Its bytes.
        model: What it must be.

    Raises:
        YamlFileError: It is no YAML, or does not fit the model.
    """
    reading = read(file, content)
    if reading.root is None or reading.problems:
        raise YamlFileError.of(reading.problems)
    return modelled(reading.root, model)


def modelled(root: Node, model: type[M], *, nulls: bool = False) -> M:
    """
    What a tree says, as *model*; *nulls* as for `value_of`.

    Raises:
        YamlFileError: It does not fit the model.
    """
    try:
        return model.model_validate(value_of(root, nulls=nulls))
    except ValidationError as error:
        raise YamlFileError.of(problems_of(error, root)) from error


def value_of(node: Node, *, nulls: bool = False) -> Any:
    """
    The plain value of *node*.

    Only `true` and `false` are yes-or-no, only digits are numbers; every other word, and all that is quoted, is text.
    With *nulls* the word `null` is JSON's, for files that hold documents.
    """
    match node:
        case YamlMapping(entries=entries):
            return {key.text: value_of(value, nulls=nulls) for key, value in entries}
        case YamlList(items=items):
            return [value_of(item, nulls=nulls) for item in items]
        case YamlScalar(text=text, quoted=True):
            return text
        case YamlScalar(text="null") if nulls:
            return None
        case YamlScalar(text="true" | "false" as text):
            return text == "true"
        case YamlScalar(text=text) if _WHOLE.fullmatch(text):
            return int(text)
        case YamlScalar(text=text) if _DECIMAL.fullmatch(text):
            return float(text)
        case YamlScalar(text=text):
            return text


def problems_of(error: ValidationError, node: Node) -> list[Diagnostic]:
    """Every complaint of a model that was built from *node*, at the key or value it is about."""
    found = [dict(each) for each in error.errors(include_url=False)]
    return [_problem(each, node) for each in found if each["type"] != "too_short" or not _is_within(found, each)]


def _is_within(found: list[dict[str, Any]], outer: dict[str, Any]) -> bool:
    """Whether something further in than *outer* is wrong: a list seems short when its entries cannot be used."""
    depth = len(outer["loc"])
    return any(len(each["loc"]) > depth and each["loc"][:depth] == outer["loc"] for each in found)


def _problem(error: dict[str, Any], node: Node) -> Diagnostic:
    steps: tuple[str | int, ...] = error["loc"]
    found, place = _walk(node, steps)
    value = found.text if isinstance(found, YamlScalar) else ""
    name = str(steps[-1]) if steps else ""
    kind: str = error["type"]
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", str(error["ctx"]["expected"]))
        message = f"`{value}` is not one of {', '.join(known)}{did_you_mean(value, known)}"
    elif kind == "string_pattern_mismatch":
        message = f"`{value}` is no valid `{name}`; it must fit {error['ctx']['pattern']}"
    elif kind == "value_error":
        message = str(error["ctx"]["error"])
    elif kind in _WHAT:
        message = _WHAT[kind].format(**{**error.get("ctx", {}), "name": name, "value": value})
    else:
        message = f"`{value or name}`: {error['msg']}"
    return Diagnostic.at(place, "D005", message)


def place_at(root: Node, steps: Sequence[str | int]) -> Place:
    """Where *steps* lead from *root*, as far as they do; for a mapping's entry that is no scalar, its key."""
    return _walk(root, tuple(steps))[1]


def _walk(node: Node, steps: tuple[str | int, ...]) -> tuple[Node, Place]:
    """The node that *steps* lead to, as far as they do, and the place to show: a key's for a mapping's entry."""
    place = node.place
    for step in steps:
        if isinstance(node, YamlMapping):
            entry = next(((key, value) for key, value in node if key.text == step), None)
            if entry is None:
                break
            node, place = entry[1], entry[1].place if isinstance(entry[1], YamlScalar) else entry[0].place
        elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
    return node, place
