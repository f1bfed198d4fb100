"""One rule of a file, read and checked by itself; what it says of other rules is checked by the loader."""

import re
from dataclasses import dataclass
from datetime import date

from onward.diagnostics.yaml_tree import Node, Place
from onward.routing.domain.actions import approving, names_in, notices, plan_role, refers, suppression
from onward.routing.domain.basis_use import check_use
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.examples import examples
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Rule, Theme
from onward.routing.domain.policy import check_rule
from onward.routing.domain.shape import Fields, items, text_of, unique
from onward.routing.domain.shared import Shared
from onward.routing.domain.values import day

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MAY_HAVE = (
    "owner",
    "effective",
    "when",
    "any_of",
    "unless",
    "requires",
    "widens",
    "instead_of",
    "release",
    "refer",
    "notify",
    "suppress",
    "approve",
    "plan",
    "legal_basis",
    "tests",
)


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads the rules of one file, under what its head says of all of them."""

    theme: Theme
    owner: str
    area: Condition | None
    """Where the rules of an area overlay hold."""
    conditions: ConditionReader
    shared: Shared
    places: dict[str, Place]
    """Every rule id of the bundle so far, with its place; the reader adds to it."""
    report: ProblemReport

    def read(self, node: Node) -> Rule | None:
        """The rule, or None when it cannot even be named; every problem is reported."""
        fields = Fields(node, "a rule", self.report, required=("id", "why", "when"), optional=_MAY_HAVE)
        rule_id = self._id(fields)
        when = fields.get("when")
        required = self.shared.required(fields.get("requires"))
        conditions = (
            *(self.conditions.group(when, "`when`") if when is not None else ()),
            *((self.area,) if self.area is not None else ()),
            *(condition for prerequisite in required for condition in prerequisite.when),
        )
        rule = Rule(
            id=rule_id,
            why=fields.text("why"),
            theme=self.theme,
            owner=fields.text("owner") or self.owner,
            place=node.place,
            effective=self._effective(fields),
            when=conditions,
            any_of=self.conditions.groups(fields.get("any_of"), "`any_of`"),
            unless=self.conditions.groups(fields.get("unless"), "`unless`", single=True),
            refer=refers(fields.get("refer"), self.report),
            notify=notices(fields.get("notify"), self.report),
            suppress=suppression(fields.get("suppress"), self.report),
            approve=approving(fields.get("approve"), self.report),
            plan=plan_role(fields.get("plan"), self.report),
            legal_basis=self.shared.basis(fields),
            release=_yes_or_no(fields, "release"),
            tests=examples(fields.get("tests"), self.report),
            area=self.area,
            widens=self._widens(fields.get("widens")),
            instead_of=names_in(fields, "instead_of"),
            requires=required,
        )
        check_rule(rule, fields)
        use = self.shared.uses.get(rule.legal_basis.name) if rule.legal_basis is not None else None
        if use is not None:
            check_use(rule, use, fields.place_of("legal_basis"), self.report)
        return rule if rule_id else None

    def _id(self, fields: Fields) -> str:
        node, name = fields.get("id"), fields.text("id")
        if node is None or not name:
            return ""
        if not _ID.fullmatch(name):
            self.report.add(node.place, "R005", f"`{name}` is no rule id; write words in lower case joined by `-`")
        elif unique(node, name, self.places, "rule", self.report):
            self.places[name] = node.place
            return name
        return ""

    def _widens(self, node: Node | None) -> tuple[tuple[str, Place], ...]:
        named = ((text_of(item, "`widens`", self.report), item.place) for item in items(node, "`widens`", self.report))
        if node is not None and self.area is None:
            message = "`widens` is for rules of an area overlay; add `area:` to the file, or remove it"
            self.report.add(node.place, "R017", message)
        return tuple((name, place) for name, place in named if name)

    def _effective(self, fields: Fields) -> Condition:
        node = fields.get("effective")
        if node is None:
            return Condition(EVENT_DAY, Between(None, None), "at any time", str(fields.place))
        span = Fields(node, "`effective`", self.report, required=("from",), optional=("until",))
        start, end = (self._end(span, key) for key in ("from", "until"))
        if start and end and end < start:
            self.report.add(node.place, "T010", "`effective` ends before it starts; swap the days")
        expected = f"from {start}" + (f" until {end}" if end else "")
        return Condition(EVENT_DAY, Between(start, end), expected, str(node.place))

    def _end(self, span: Fields, key: str) -> date | None:
        node = span.get(key)
        return None if node is None else day(node, f"`effective` {key}", self.report)


def _yes_or_no(fields: Fields, key: str) -> bool | None:
    word = fields.word(key, ("true", "false"))
    return None if word is None else word == "true"
