"""`docs/partners/words.md`: the words and facts that partners may use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from onward.contracts.fact_kinds import Day, in_words
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.intake.domain.parts import PARTS
from onward.intake.domain.shapes import Coded, Shape
from onward.intake.partners import adapters

PAGE = "words.md"

_HEAD = """# Words and facts

<!-- Written by `make schemas` from the code that reads them; change that, and not this page. -->

## Words for our codes

A field that is one of a list takes our code or one of the words beside it. Case, and what stands between the parts of a
word, make no difference: `Domestic abuse`, `DOMESTIC_ABUSE` and `domestic-abuse` are one. Any other word is left
out and told as [`unknown_code`](feedback.md#unknown_code); the rest of the message goes on. `interpreter` takes the
name of a language in English, beside its code.
"""

_FACTS = """
## Facts

What a question asks for and an answer (`facts.answered`) says, by path. Which of them you can be asked for
stands in [what you may be asked](questions.md). `null` says that you do not know.

| Path | Values | What it says |
|---|---|---|
"""


def partner_pages() -> dict[str, str]:
    """The page, by its file name."""
    parts = [_HEAD]
    for fields, table in _tables():
        parts.append(f"\n### {', '.join(f'`{field}`' for field in fields)}\n\n| Code | Read as it too |\n|---|---|\n")
        parts.extend(f"| {code} | {', '.join(others) or 'nothing else'} |\n" for code, others in _codes(table))
    for source, adapter in adapters().items():
        for name, table in adapter.catalogue.words.items():
            about = f"Of {source} alone, for {name.replace('_', ' ')}"
            parts.append(f"\n### {about}\n\n| Code | Read as it too |\n|---|---|\n")
            parts.extend(f"| {code} | {', '.join(others)} |\n" for code, others in _codes(table))
    parts.append(_FACTS)
    parts.extend(f"| `{path}` | {values} | {why} |\n" for path, values, why in sorted(_facts()))
    return {PAGE: "".join(parts)}


def _facts() -> Iterator[tuple[str, str, str]]:
    for path, fact in FACTS.items():
        if not (fact.derived or fact.monitoring or path in ("event.source", "event.type")):
            yield path, in_words(fact.kind), fact.why
    for path in ASKABLE_ONLY:
        yield path, in_words(Day()), ", ".join(fact.why for fact in FACTS.values() if fact.asked_as == path)


def _codes(table: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    others: defaultdict[str, list[str]] = defaultdict(list)
    for word, code in table.items():
        same = word == str(code).lower().replace("-", "_")
        others[str(code)].extend([] if same else [word.replace("_", " ")])
    yield from others.items()


def _tables() -> list[tuple[list[str], Mapping[str, Any]]]:
    """Each list of words once, with the fields that take it; those of every event first."""
    found: dict[tuple[tuple[str, Any], ...], list[str]] = {}
    for owner, model in _shapes():
        for field, coded in coded_fields(model):
            fields = found.setdefault(tuple(coded.table.items()), [])
            name = f"{owner}{field}"
            if field not in fields and name not in fields:
                fields.append(name)
    return [(fields, dict(table)) for table, fields in found.items()]


@cache
def list_of(source: str, field: str) -> str:
    """The list, by its name in `vocabulary.LISTS`, that *field* of a partner's messages takes; blank where none."""
    shapes = [event.shape for event in adapters()[source].catalogue.events.values()]
    found = (coded.name for model in (*PARTS, *shapes) for name, coded in coded_fields(model) if name == field)
    return next(found, "")


def _shapes() -> Iterator[tuple[str, type[BaseModel]]]:
    yield from (("", part) for part in PARTS)
    for source, adapter in adapters().items():
        for model in dict.fromkeys(adapter.catalogue.models.values()):
            yield f"{source}: ", model


def coded_fields(model: type[BaseModel], within: str = "") -> Iterator[tuple[str, Coded]]:
    """Each field of *model* that takes a code, as partners write it, with dots between its parts."""
    for name, field in model.model_fields.items():
        written = f"{within}{_written(name, field.validation_alias)}"
        for part in (*field.metadata, *_parts(field.annotation)):
            if isinstance(part, Coded):
                yield written, part
            elif isinstance(part, type) and issubclass(part, Shape):
                yield from coded_fields(part, f"{written}.")


def _written(name: str, alias: object) -> str:
    return alias if isinstance(alias, str) else str(getattr(alias, "choices", [name])[0])


def _parts(annotation: Any) -> Iterator[Any]:
    """Everything that *annotation* is made of."""
    yield annotation
    for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield from _parts(part)
