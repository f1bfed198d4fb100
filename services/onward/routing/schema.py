"""The JSON Schema of rule files, for editors: `schemas/routing/routing.schema.json`."""

import re

from onward.contracts.fact_kinds import Choice, Code, Day, Kind, Records, Whole, YesNo
from onward.contracts.facts import FACTS, Fact
from onward.diagnostics.json_text import as_file
from onward.routing.domain.actions import CATEGORIES, NOTICE_URGENCIES, ROLES, SERVICES
from onward.routing.domain.bases import KINDS
from onward.routing.domain.examples import EXPECTATIONS
from onward.routing.domain.language import EVENT_DAY, HIT_POLICIES, THEMES
from onward.routing.domain.loader import SCHEMA
from onward.routing.schema_actions import (
    NAMES,
    TEXT,
    Schema,
    approve,
    notify,
    one_or_more,
    plan,
    refer,
    suppress,
    table,
    then,
)

FILE = "routing.schema.json"

_WHY: Schema = {**TEXT, "description": "The reason, in words for the people it is told to"}
_TESTS: Schema = {"type": "array", "items": {"$ref": "#/definitions/test"}, "minItems": 1}
_SHAPES = "#/definitions/conditions/definitions/"
"""Where the shapes stand that several facts have."""
_SET: Schema = {"$ref": f"{_SHAPES}set"}
_PRESENCE: Schema = {"$ref": f"{_SHAPES}presence"}
_DAY_PATTERN = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_DAY: Schema = {
    "type": "string",
    "pattern": f"^{_DAY_PATTERN}$",
    "patternErrorMessage": "Write a day such as 2026-03-31.",
}


def editor_schema() -> Schema:
    """
    A JSON Schema (draft 7) of rule files, for completion and quick warnings while somebody writes.

    It is generous: the loader alone decides, with better messages.
    """
    shapes = _Shapes()
    conditions, test = _conditions(shapes), _test(shapes)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Onward rules, {SCHEMA}",
        "type": "object",
        "required": ["schema"],
        "additionalProperties": False,
        "definitions": {
            "conditions": {**conditions, "definitions": shapes.named},
            "group": {"$ref": "#/definitions/conditions"},
            "refer": refer(),
            "notify": notify(),
            "suppress": suppress(),
            "approve": approve(),
            "plan": plan(),
            "test": test,
            "then": then(),
            "rule": _rule(),
            "basis": _basis(),
            "prerequisite": table({"why": _WHY, "when": _group("All must hold")}, 2),
            "goal": _goal(),
            "narrowing": _narrowing(),
        },
        "properties": _top(),
    }


def _top() -> Schema:
    area = FACTS["person.area"].kind
    return {
        "schema": {"const": SCHEMA},
        "theme": {"enum": list(THEMES), "description": "The class of every rule in the file"},
        "owner": {**TEXT, "description": "The role that answers for these rules"},
        "hit_policy": {
            "enum": list(HIT_POLICIES),
            "description": "collect: every rule that matches acts. unique: at most one may match, which analyse proves",
        },
        "area": {
            **_test_of(area, _value(area), presence=False),
            "description": "Makes the file an overlay: its rules hold in this area only",
        },
        "sets": {
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 1},
            "description": "Lists of values by name, used as $name",
        },
        "prerequisites": {
            "type": "object",
            "additionalProperties": {"$ref": "#/definitions/prerequisite"},
            "description": "What must exist before a rule that `requires` it may act",
        },
        "cover": _many("goal", "Who must be reached by some rule; analyse looks for gaps"),
        "narrows": _many("narrowing", "What is asked beside national rules, in the area of this overlay"),
        "rules": _many("rule", "The rules of the file; their order has no meaning"),
        "bases": {
            "type": "object",
            "additionalProperties": {"$ref": "#/definitions/basis"},
            "description": "Legal bases by name, for all files",
        },
    }


def _many(name: str, description: str) -> Schema:
    return {
        "type": "array",
        "items": {"$ref": f"#/definitions/{name}"},
        "minItems": 1,
        "description": description,
    }


def _group(description: str) -> Schema:
    return {"$ref": "#/definitions/group", "description": description}


def _narrowing() -> Schema:
    return table(
        {
            "rule": {**TEXT, "description": "The id of a national rule"},
            "why": _WHY,
            "when": _group("In the area the rule matches only if these hold too"),
            "tests": _TESTS,
        },
        3,
    )


def _value(kind: Kind) -> Schema:
    """One value of a kind."""
    match kind:
        case YesNo():
            return {"type": "boolean"}
        case Whole(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case Choice(values):
            return {"enum": list(values)}
        case Code(pattern, _):
            return {"type": "string", "pattern": pattern}
        case Day():
            return _DAY
        case Records(fields):
            record = table({name: _value(field) for name, field in fields.items()}, 0)
            return {"type": "array", "items": record}


def _test_of(kind: Kind, one: Schema, *, presence: bool = True) -> Schema:
    """What may be asked of a value of a kind; *one* is the schema of such a value in a list."""
    value = _value(kind)
    # Editors tell of the first form where none fits, so that it has the words for most slips.
    match kind:
        case Whole(low, high):
            what = f"a whole number from {low} to {high}"
            value |= {"type": ["integer", "string"], **_range(r"-?\d+", what, f">= {low + 1}", f"{low + 1}..{high}")}
        case Day():
            value = {"type": "string", **_range(_DAY_PATTERN, "a day", ">= 2026-01-01", "2026-01-01..2026-03-31")}
            value["pattern"] = rf"{value['pattern'][:-2]}|{_DAY_PATTERN})$"
        case _:
            pass
    one_or_more = {"anyOf": [value, {"type": "array", "items": one, "minItems": 1}]}
    forms = [one_or_more, _SET, *_other_than(kind)]
    if presence:
        forms.append(_PRESENCE)
    return {"anyOf": forms}


def _other_than(kind: Kind) -> list[Schema]:
    """`not` and a value; of yes and no there is the other."""
    match kind:
        case Choice(values):
            word = "|".join(map(re.escape, values))
        case Code(pattern, _):
            word = pattern.removeprefix("^").removesuffix("$")
        case Whole():
            word = r"-?\d+"
        case Day():
            word = _DAY_PATTERN
        case _:
            return []
    return [{"type": "string", "pattern": rf"^not\s+({word})\s*$"}]


def _range(end: str, what: str, bound: str, span: str) -> Schema:
    """What a text that bounds a value looks like; *end* is the pattern of one end."""
    return {
        "pattern": rf"^((>=|<=|>|<)\s*{end}|{end}\s*\.\.\s*{end})$",
        "defaultSnippets": [{"label": f'"{bound}"', "body": f'"{bound}"'}, {"label": span, "body": span}],
        "patternErrorMessage": f'Write {what}, a bound such as "{bound}", a range such as {span}, known or unknown.',
    }


class _Shapes:
    """Schemas that many facts share: each stands once, under a name, and is referred to."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {
            "set": {"type": "string", "pattern": r"^(not )?\$\S+$"},
            "presence": {"enum": ["known", "unknown", "not known"]},
        }

    def ref(self, name: str, schema: Schema) -> Schema:
        """A reference to *schema*, which goes by *name* unless one like it has a name already."""
        known = next((name for name, each in self.named.items() if each == schema), name)
        assert self.named.setdefault(known, schema) == schema, f"two shapes are called `{name}`"
        return {"$ref": f"{_SHAPES}{known}"}

    def test(self, path: str, kind: Kind) -> Schema:
        """What may be asked of the fact at *path*."""
        return self.ref(_shape_name(path, kind), _test_of(kind, self.value(path, kind)))

    def value(self, path: str, kind: Kind) -> Schema:
        """A value of the fact at *path*."""
        return self.ref(f"{_shape_name(path, kind)}-value", _value(kind))


def _shape_name(path: str, kind: Kind) -> str:
    """What people see of a shape's name in a diff: that of its kind, or of the first fact whose words they are."""
    match kind:
        case YesNo():
            return "yes-or-no"
        case Whole(low, high):
            return f"{low}-to-{high}"
        case Day():
            return "day"
        case _:
            return path


def _conditions(shapes: _Shapes) -> Schema:
    properties: Schema = {}
    for path, fact in FACTS.items():
        if fact.monitoring:
            continue
        if isinstance(fact.kind, Records):
            fields = {
                name: _test_of(field, shapes.value(f"{path}.{name}", field), presence=False)
                for name, field in fact.kind.fields.items()
            }
            one = shapes.ref(f"{path}-has", table(fields, 0, minProperties=1))
            for operator in ("has", "has no"):
                properties[f"{path} {operator}"] = {**one, "description": fact.why}
            properties[path] = {**_PRESENCE, "description": fact.why}
        else:
            properties[path] = {**shapes.test(path, fact.kind), "description": _words(fact)}
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


def _words(fact: Fact) -> str:
    whole = f" ({fact.kind.low} to {fact.kind.high})" if isinstance(fact.kind, Whole) else ""
    return f"{fact.why}{whole}{'; derived' if fact.derived else ''}"


def _test(shapes: _Shapes) -> Schema:
    given = {path: {**shapes.value(path, fact.kind), "description": _words(fact)} for path, fact in FACTS.items()}
    given[EVENT_DAY] = {**_DAY, "description": "The London day of the event; by default the rule's first day"}
    return table(
        {
            "name": TEXT,
            "given": table(given, 0, minProperties=1, description="What is known of the person and the event"),
            "expect": {"enum": list(EXPECTATIONS), "description": "How the rule comes out"},
            "because": {"enum": [*FACTS, EVENT_DAY], "description": "The fact that decides against a match"},
            "then": {"$ref": "#/definitions/then", "description": "What happens: what is named is checked"},
        },
        3,
    )


def _goal() -> Schema:
    return table(
        {
            "why": _WHY,
            "when": _group("Who must be reached"),
            "category": {"enum": list(CATEGORIES)},
            "service": {"enum": list(SERVICES)},
            "urgency": {"enum": list(NOTICE_URGENCIES), "description": "No later than this"},
            "told": {"enum": list(ROLES), "description": "Who must be told"},
        },
        2,
    )


def _rule() -> Schema:
    group = {"$ref": "#/definitions/group"}
    return table(
        {
            "id": {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"},
            "why": _WHY,
            "when": {**group, "description": "All must hold"},
            "owner": {**TEXT, "description": "The role that answers for this rule, when it is not the file's"},
            "effective": table({"from": _DAY, "until": _DAY}, 1, description="In force on these days, both included"),
            "any_of": {"type": "array", "items": group, "minItems": 1, "description": "At least one group must hold"},
            "unless": {**one_or_more(group), "description": "No group may hold"},
            "requires": {**NAMES, "description": "Prerequisites by name: until they are met the referral waits"},
            "widens": {**NAMES, "description": "National rules whose people this overlay's rule knowingly adds to"},
            "instead_of": {**NAMES, "description": "Rules of this class that it wins over for the same referral"},
            "release": {
                "type": "boolean",
                "description": "Whether these are release referrals: stopped by what is no release, "
                "closed by a return to prison",
            },
            "refer": {
                **one_or_more({"$ref": "#/definitions/refer"}),
                "description": "Sends the person's referral to a provider; each category once",
            },
            "notify": {**one_or_more({"$ref": "#/definitions/notify"}), "description": "Tells a role something"},
            "suppress": {"$ref": "#/definitions/suppress", "description": "Stops referrals; in theme suppress only"},
            "approve": {
                "$ref": "#/definitions/approve",
                "description": "Holds whatever else is referred, but for theme safety, until a role has agreed",
            },
            "plan": {"$ref": "#/definitions/plan", "description": "The plan this belongs to, and whether it leads"},
            "legal_basis": {**TEXT, "description": "A name of bases.yaml; required with `refer`"},
            "tests": _TESTS,
        },
        3,
        dependencies={"refer": ["legal_basis"]},
    )


def _basis() -> Schema:
    names = ("purpose", "article_6", "citation", "article_9", "article_10")
    services = {"type": "array", "items": {"enum": list(SERVICES)}, "minItems": 1}
    uses = {
        "for": {
            **table(dict.fromkeys(CATEGORIES, services), 0),
            "description": "The services that it may be used for, by need",
        },
        "themes": {"type": "array", "items": {"enum": list(THEMES)}, "minItems": 1},
        "only_where": {
            **one_or_more({"$ref": "#/definitions/group"}),
            "description": "A rule that rests on it asks all of one of these groups",
        },
    }
    return table({"kind": {"enum": list(KINDS)}, **dict.fromkeys(names, TEXT), **uses}, 4)


def rule_file_schema() -> dict[str, str]:
    """The schema, by the name of its file."""
    return {FILE: as_file(editor_schema())}
