"""Files to a rule set: every problem of every file in one pass, and all or nothing."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from onward.contracts.decision import LegalBasis, RuleVersion
from onward.contracts.yaml_text import did_you_mean
from onward.routing.domain.actions import notices, refers, suppression
from onward.routing.domain.bases import bases
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import Place, Report
from onward.routing.domain.examples import examples
from onward.routing.domain.language import EVENT_DAY, THEMES, Between, Condition, Rule, RuleSet, Theme
from onward.routing.domain.policy import check_rule
from onward.routing.domain.reading import Items, Node, SourceFile, Table, read
from onward.routing.domain.shape import Fields, entries, items, text_of, unique
from onward.routing.domain.suggest import one_of
from onward.routing.domain.values import day

SCHEMA = "routing/v1"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TOP = ("theme", "owner", "sets", "rules", "bases")
_RULE = ("effective", "when", "any_of", "unless", "refer", "notify", "suppress", "legal_basis", "tests")


def load(files: Sequence[SourceFile]) -> RuleSet:
    """
    The rule set of a bundle, with its rules in their own order, whatever the order of files and lines.

    Raises:
        BundleError: At least one problem, of any file; nothing is loaded then.
    """
    report = Report()
    ordered = sorted(files, key=lambda file: file.name)
    trees = [(file.name, tree) for file in ordered if (tree := read(file, report)) is not None]
    loading = _Loading(report)
    tops = [loading.open(tree) for _, tree in trees]
    for (name, _), top in zip(trees, tops, strict=True):
        loading.shared(name, top)
    for top in tops:
        loading.rules_of(top)
    loading.check_links()
    if not loading.rules and not report.found:
        report.add(Place("rules", 1, 1), "R003", "no rules at all; name the folder that holds the rule files")
    report.finish()
    rules = tuple(sorted(loading.rules.values(), key=lambda rule: rule.order))
    return RuleSet(rules, _version(ordered), loading.bases)


def _version(files: Sequence[SourceFile]) -> RuleVersion:
    """Names, lengths and bytes of all files, hashed in the order of names."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{len(file.name.encode())}:{file.name}:{len(file.content)}:".encode())
        digest.update(file.content)
    return RuleVersion(name="rules", version=digest.hexdigest()[:12], sha256=digest.hexdigest())


@dataclass(slots=True)
class _Loading:
    report: Report
    bases: dict[str, LegalBasis] = field(default_factory=dict)
    base_places: dict[str, Place] = field(default_factory=dict)
    sets: dict[str, Items] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    rule_places: dict[str, Place] = field(default_factory=dict)

    def open(self, tree: Node) -> Fields:
        """The top of a file."""
        rules = isinstance(tree, Table) and any(key.text == "rules" for key, _ in tree.entries)
        required = ("schema", "theme", "owner") if rules else ("schema",)
        top = Fields(tree, "the file", self.report, required=required, optional=_TOP)
        node = top.get("schema")
        if node is not None and text_of(node, "`schema`", self.report) != SCHEMA:
            self.report.add(node.place, "R007", f"`schema` must be `{SCHEMA}`; write that")
        if isinstance(tree, Table) and not any(top.get(key) for key in ("rules", "sets", "bases")):
            self.report.add(
                tree.place, "R003", "the file has no `rules`, `sets` or `bases`; add one or remove the file"
            )
        return top

    def shared(self, name: str, top: Fields) -> None:
        """What other files may use: bases, and the sets of a file without rules."""
        node = top.get("bases")
        if node is not None:
            self.bases |= bases(node, self.base_places, self.report)
        if top.get("rules") is None:
            for set_name, values in self._sets(top).items():
                if set_name in self.sets:
                    self.report.add(values.place, "R004", f"set `{set_name}` of {name} again; rename one")
                self.sets[set_name] = values

    def _sets(self, top: Fields) -> dict[str, Items]:
        node = top.get("sets")
        found: dict[str, Items] = {}
        for key, value in entries(node, "`sets`", self.report) if node is not None else ():
            if isinstance(value, Items):
                found[key.text] = value
            else:
                self.report.add(value.place, "R001", f"set `{key.text}` must be a list")
        return found

    def rules_of(self, top: Fields) -> None:
        """Every rule of one file."""
        node = top.get("rules")
        if node is None:
            return
        theme, owner = top.word("theme", THEMES) or "need", top.text("owner")
        local = self._sets(top)
        for name in local.keys() & self.sets.keys():
            self.report.add(local[name].place, "R004", f"set `{name}` hides the shared one; rename it")
        reader = ConditionReader({**self.sets, **local}, self.report)
        for item in items(node, "`rules`", self.report):
            rule = self._rule(item, theme, owner, reader)
            if rule is not None:
                self.rules[rule.id] = rule

    def _rule(self, node: Node, theme: Theme, owner: str, reader: ConditionReader) -> Rule | None:
        fields = Fields(node, "a rule", self.report, required=("id", "why", "when"), optional=_RULE)
        rule_id = self._id(fields)
        when = fields.get("when")
        rule = Rule(
            id=rule_id,
            why=fields.text("why"),
            theme=theme,
            owner=owner,
            place=node.place,
            effective=self._effective(fields),
            when=reader.group(when, "`when`") if when is not None else (),
            any_of=reader.groups(fields.get("any_of"), "`any_of`"),
            unless=reader.groups(fields.get("unless"), "`unless`", single=True),
            refer=refers(fields.get("refer"), self.report),
            notify=notices(fields.get("notify"), self.report),
            suppress=suppression(fields.get("suppress"), self.report),
            legal_basis=self._basis(fields),
            tests=examples(fields.get("tests"), self.report),
        )
        check_rule(rule, fields)
        return rule if rule_id else None

    def _id(self, fields: Fields) -> str:
        node, name = fields.get("id"), fields.text("id")
        if node is None or not name:
            return ""
        if not _ID.fullmatch(name):
            self.report.add(node.place, "R005", f"`{name}` is no rule id; write words in lower case joined by `-`")
        elif unique(node, name, self.rule_places, "rule", self.report):
            self.rule_places[name] = node.place
            return name
        return ""

    def _basis(self, fields: Fields) -> LegalBasis | None:
        node, name = fields.get("legal_basis"), fields.text("legal_basis")
        if node is None or not name:
            return None
        if name not in self.base_places:
            known: Mapping[str, Place] = self.base_places
            help_ = did_you_mean(name, known) or f"; there are {one_of(known)}" if known else "; add it to `bases`"
            self.report.add(node.place, "R009", f"no legal basis `{name}`{help_}")
        return self.bases.get(name)

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

    def check_links(self) -> None:
        """Linked rules exist and refer; a rule may link its own other referrals."""
        for rule in self.rules.values():
            for refer in rule.refer:
                for name, place in refer.linked:
                    other = self.rules.get(name)
                    if name not in self.rule_places:
                        help_ = did_you_mean(name, self.rule_places) or "; name the id of a rule"
                        self.report.add(place, "R010", f"no rule `{name}`{help_}")
                    elif other is not None and not other.refer:
                        self.report.add(place, "R010", f"rule `{name}` refers nobody; link a rule that refers")
