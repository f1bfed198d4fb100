"""Rule files by their grammar: whole bundles that load, and the same with a few of their parts replaced."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

import yaml
from hypothesis import strategies as st

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS
from onward.routing.domain.diagnostics import SourceFile

Tree: TypeAlias = Any
"""A file, as JSON has it."""
Bundle: TypeAlias = dict[str, Tree]
"""Its files by name."""

AREA = "person.area"
DAYS = st.dates(date(1901, 1, 1), date(2150, 1, 1)).map(str)
PATHS = sorted(path for path, fact in FACTS.items() if not fact.monitoring and path != AREA)
BASE = {"kind": "vital_interests", "purpose": "life", "article_6": "6(1)(d)", "citation": "UK GDPR Art. 6"}


def whole_tests(low: int, high: int) -> st.SearchStrategy[Tree]:
    inside = st.integers(low, high)
    bounds = st.sampled_from((f">= {high}", f"< {high}", f"> {low}", f"<= {low}"))
    spans = st.integers(low + 1, high).map(lambda edge: f"{edge}..{high}")
    return st.one_of(inside, st.lists(inside, min_size=1, max_size=3, unique=True), bounds, spans)


def value_tests(kind: Kind) -> st.SearchStrategy[Tree]:
    """A test of a value that makes sense: neither always nor never true."""
    match kind:
        case YesNo():
            return st.booleans()
        case Whole(low, high):
            return whole_tests(low, high)
        case Choice(values):
            few = st.lists(st.sampled_from(values), min_size=1, max_size=len(values) - 1, unique=True)
            plain = st.sampled_from([word for word in values if word != "unknown"])
            return few | plain | plain.map(lambda word: f"not {word}" if len(values) > 2 else word)
        case Code(_, example):
            return st.sampled_from((example, [example], f"not {example}"))
        case Day():
            return DAYS | DAYS.map(lambda day: f">= {day}") | DAYS.map(lambda day: f"{day} .. 2150-01-01")
        case Records():
            return st.just("known")


def values(kind: Kind) -> st.SearchStrategy[Tree]:
    """A value that an example may give."""
    match kind:
        case YesNo():
            return st.booleans()
        case Whole(low, high):
            return st.integers(low, high)
        case Choice(words):
            return st.sampled_from(words)
        case Code(_, example):
            return st.just(example)
        case Day():
            return DAYS
        case Records(fields):
            record = {name: values(field) for name, field in fields.items()}
            return st.lists(st.fixed_dictionaries(record), max_size=2)


@st.composite
def groups(draw: st.DrawFn) -> Tree:
    """Conditions that must all hold."""
    group: dict[str, Tree] = {}
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True)):
        kind = FACTS[path].kind
        if isinstance(kind, Records):
            field = draw(st.sampled_from(sorted(kind.fields)))
            operator = draw(st.sampled_from(("has", "has no")))
            group[f"{path} {operator}"] = {field: draw(value_tests(kind.fields[field]))}
        else:
            group[path] = draw(st.sampled_from(("known", "not known")) | value_tests(kind))
    if draw(st.booleans()):
        group[AREA] = draw(st.sampled_from(("$here", "not $here", "E07000008")))
    return group


@st.composite
def examples(draw: st.DrawFn, rule: str) -> Tree:
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True))
    example: dict[str, Tree] = {"name": f"of {rule}", "given": {path: draw(values(FACTS[path].kind)) for path in paths}}
    if draw(st.booleans()):
        example["given"]["event.day"] = draw(DAYS)
    return example | {"expect": draw(st.sampled_from(("match", "no_match", "needs_information"))), "because": paths[0]}


@st.composite
def rules(draw: st.DrawFn, rule: str) -> Tree:
    made: dict[str, Tree] = {"id": rule, "why": "Made for a test", "when": draw(groups())}
    if draw(st.booleans()):
        made["refer"] = {"category": "ACCOMMODATION", "service": "cas3", "urgency": "immediate", "linked": [rule]}
        made["refer"] |= {"providers": ["one", "two"], "approval": "approving-practitioner", "advice": "Take care"}
        made |= {"legal_basis": "life", "release": draw(st.booleans())}
    if "refer" not in made or draw(st.booleans()):
        made["notify"] = {"kind": "check", "to": "duty-practitioner", "urgency": "immediate"}
    parts: dict[str, st.SearchStrategy[Tree]] = {
        "owner": st.just("somebody else"),
        "effective": st.just({"from": "2026-01-01"}) | st.just({"from": "2026-01-01", "until": "2026-12-31"}),
        "any_of": st.lists(groups(), min_size=1, max_size=2),
        "unless": groups() | st.lists(groups(), min_size=1, max_size=2),
        "requires": st.just(["told"]),
        "tests": examples(rule).map(lambda example: [example]),
    }
    return made | draw(st.fixed_dictionaries({}, optional=parts))


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    """A bundle with every key that a file can have."""
    head = {"schema": "routing/v1", "theme": "need", "owner": "tests"}
    shared = {
        "schema": "routing/v1",
        "sets": {"here": ["E07000008", "E08000025"]},
        "bases": {"life": BASE, "safe": BASE | {"kind": "safeguarding", "article_9": "9(2)(c)", "article_10": "x"}},
        "prerequisites": {"told": {"why": "Told first", "when": draw(groups())}},
    }
    national = [draw(rules(f"national-{number}")) for number in range(draw(st.integers(1, 2)))]
    local = draw(rules("local")) | {"widens": ["national-0"]}
    narrowing = {"rule": "national-0", "why": "Here too", "when": draw(groups()), "tests": [draw(examples("here"))]}
    stop = {"id": "stop", "why": "Stop", "when": draw(groups())}
    stop["suppress"] = {
        "reason": "stopped",
    } | draw(
        st.sampled_from(
            (
                *({"what": what, "closes": "none"} for what in ("everything", "release", ["ACCOMMODATION"])),
                {"what": "release", "closes": "release", "closure_reason": "return_to_prison"},
                {"what": "all-but-safety", "closes": "all", "closure_reason": "removal_from_uk"},
                {"what": "everything", "closes": "all", "closure_reason": "death"},
            )
        )
    )
    cover = {"why": "Everybody", "when": draw(groups()), "category": "ACCOMMODATION"}
    return {
        "need.yaml": head | {"hit_policy": "unique", "cover": [cover], "rules": national},
        "overlay.yaml": head | {"hit_policy": "collect", "area": "$here", "rules": [local], "narrows": [narrowing]},
        "shared.yaml": shared,
        "suppress.yaml": head | {"theme": "suppress", "rules": [stop]},
    }


Way: TypeAlias = tuple[str | int, ...]
"""The keys and numbers that lead to a part of a tree."""


def ways(tree: Tree, way: Way = ()) -> Iterator[Way]:
    """The way to every part of a tree."""
    yield way
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, member in members:
        yield from ways(member, (*way, key))


def part(tree: Tree, way: Way) -> Tree:
    for key in way:
        tree = tree[key]
    return tree


def replaced(tree: Tree, way: Way, new: Tree) -> Tree:
    """The tree with *new* at the end of *way*."""
    if not way:
        return new
    key, rest = way[0], way[1:]
    if isinstance(tree, dict):
        return {name: replaced(value, rest, new) if name == key else value for name, value in tree.items()}
    return [replaced(value, rest, new) if number == key else value for number, value in enumerate(tree)]


ODD_WORDS = (
    *("", " ", "~", "known", "unknown", "not known", "not ", "not $here", "$here", "$nowhere", "$", "has", "not not x"),
    *(">= 5", "< 0", ">=", "5..1", "..", "1..", "2026-02-30", "2026-01-01..2025-01-01", "9999-12-31", "> 2199-12-31"),
    *("true", "no", "99999999999", "-1", "E07000008", "national-0", "stop", "local", "told", "life", "everything"),
    *("first", "unique", "suppress", "event.day", "person.age", "person.ethnicity", "\x00", "\u2028", "\ufeff", "😀"),
)
KEYS = (
    *("schema", "theme", "owner", "hit_policy", "area", "rules", "sets", "bases", "prerequisites", "cover", "narrows"),
    *("id", "why", "effective", "when", "any_of", "unless", "requires", "widens", "refer", "notify", "suppress"),
    *(
        "legal_basis",
        "release",
        "tests",
        "given",
        "expect",
        "because",
        "from",
        "until",
        "category",
        "rule",
        "name",
        "<<",
        "x",
    ),
    *("person.age", "person.age has", "registrations", "registrations has", "registrations has no", "person.area"),
)
odd: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(ODD_WORDS) | st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def near_bundles(draw: st.DrawFn) -> Bundle:
    """A bundle that loads but for one to three parts: odd ones, parts of elsewhere, other keys, or nothing instead."""
    bundle = draw(bundles())
    for _ in range(draw(st.integers(1, 3))):
        everywhere = [way for way in ways(bundle) if way]
        way = draw(st.sampled_from(everywhere))
        kind = draw(st.sampled_from(("odd", "elsewhere", "gone", "another key")))
        above = part(bundle, way[:-1])
        if kind == "odd" or len(way) == 1:
            bundle = replaced(bundle, way, draw(odd))
        elif kind == "elsewhere":
            bundle = replaced(bundle, way, part(bundle, draw(st.sampled_from(everywhere))))
        elif isinstance(above, list):
            rest = [member for number, member in enumerate(above) if number != way[-1]]
            bundle = replaced(bundle, way[:-1], rest if kind == "gone" else [*above, above[-1]])
        else:
            key = {"gone": None}.get(kind, draw(st.sampled_from(KEYS)))
            renamed = {(key if name == way[-1] else name): member for name, member in above.items()}
            renamed.pop(None, None)
            bundle = replaced(bundle, way[:-1], renamed)
    return bundle


def files(bundle: Bundle, *, block: bool) -> list[SourceFile]:
    """A bundle as files, in YAML's block style or in its flow style."""

    def text(tree: Tree) -> str:
        dumped: str = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True) if block else json.dumps(tree, indent=1)
        return dumped

    return [SourceFile(name, text(tree).encode()) for name, tree in bundle.items()]
