"""The words that rules are written in: every fact with who tells it, services, categories, roles, urgencies."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS, Fact
from onward.contracts.facts_by_source import ToldFacts
from onward.contracts.notice_kinds import OWN_KINDS
from onward.intake.domain.answers import EVENT_TYPE
from onward.routing.domain.actions import CATEGORIES, NOTICE_URGENCIES, ROLES, SERVICES

PAGE = "rule-vocabulary.md"
_HEAD = """\
# The words of rules

Generated from the code and from what intake really reads: `make schemas`. `onward rules facts` shows it for one fact.

A word that is not here cannot stand in a rule. **If one is missing and meant** (a need, a service, a role, a fact), do
not take a neighbour for it: ask the maintainers of Onward ([contributing](contributing.md)) with the name that the
field has for it, who tells it, and who may see it. A fact reaches rules once a partner's format says it.

"""
_OF_ONE_EVENT = """
What belongs to one event (`event.…`) is known only of the contact that brought it: a rule that asks for two that no one
contact has is found by `lint` ([L031](rule-errors/L031.md)).
"""
_KINDS = """\
A rule gives a notice a kind of its own, in words joined by `-`. Onward itself uses these, and no rule may:
"""


class FactRow(NamedTuple):
    """A fact as an author looks it up."""

    path: str
    values: str
    told_by: str
    why: str


def rows(told: ToldFacts) -> list[FactRow]:
    """Every fact that a rule may ask about."""
    return [
        FactRow(each.path, _values(each.kind), _told_by(each, told), each.why)
        for each in FACTS.values()
        if not each.monitoring
    ]


def _values(kind: Kind) -> str:
    match kind:
        case YesNo():
            return "true, false"
        case Whole(low, high):
            return f"{low} to {high}"
        case Choice(values):
            return ", ".join(values)
        case Code(_, example):
            return f"a code such as {example}"
        case Day():
            return "a day"
        case Records(fields):
            return f"records with {', '.join(fields)}"


def _told_by(fact: Fact, told: ToldFacts) -> str:
    """The partners whose messages say it, and those who may only be asked."""
    if fact.derived:
        return f"follows from {fact.ask}" if fact.ask else "worked out by Onward"
    telling = [
        source
        for source, types in told.items()
        if any(_says(types[kind], fact) for kind in types if kind != EVENT_TYPE)
    ]
    asked = [
        source for source, types in told.items() if source not in telling and _says(types.get(EVENT_TYPE, ()), fact)
    ]
    return "; ".join(
        [*([", ".join(telling)] if telling else []), *([f"if asked: {', '.join(asked)}"] if asked else [])]
    )


def _says(facts: Iterable[str], fact: Fact) -> bool:
    return fact.path in facts


def rule_vocabulary(told: ToldFacts) -> dict[str, str]:
    """The page, by the name of its file."""
    return {PAGE: _HEAD + "\n".join(_sections(told)) + "\n"}


def _sections(told: ToldFacts) -> Iterator[str]:
    yield "## Facts\n"
    yield "| Fact | Values | Told by | What it is |"
    yield "|---|---|---|---|"
    yield from (f"| `{row.path}` | {row.values} | {row.told_by} | {row.why} |" for row in rows(told))
    yield _OF_ONE_EVENT
    yield "## Types of contact\n"
    yield "| Partner | Type | Facts of the event |"
    yield "|---|---|---|"
    for source, types in told.items():
        for kind in sorted(types.keys() - {EVENT_TYPE}):
            of_event = sorted(
                path for path in types[kind] if FACTS[path].of_event and path not in ("event.source", "event.type")
            )
            yield f"| {source} | `{kind}` | {', '.join(f'`{path}`' for path in of_event)} |"
    for title, words in (
        ("Categories", CATEGORIES),
        ("Services", SERVICES),
        ("Roles", ROLES),
        ("Urgencies", NOTICE_URGENCIES),
    ):
        yield f"\n## {title}\n"
        yield ", ".join(f"`{word}`" for word in words) + "."
    yield "\n## Kinds of notice\n"
    yield _KINDS + ", ".join(f"`{kind}`" for kind in OWN_KINDS) + "."
