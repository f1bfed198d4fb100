"""Files to a rule set: every problem of every file in one pass, and all or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from onward.contracts.decision import RuleVersion
from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlMapping
from onward.routing.domain import overlays, precedence
from onward.routing.domain.actions import CATEGORIES, NOTICE_URGENCIES, ROLES, SERVICES
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import BundleError, ProblemReport, SourceFile, read
from onward.routing.domain.language import HIT_POLICIES, THEMES, Goal, Rule, RuleSet
from onward.routing.domain.rule_reader import RuleReader
from onward.routing.domain.shape import Fields, items, text_of
from onward.routing.domain.shared import Shared

SCHEMA = "routing/v1"
MAX_BUNDLE_BYTES = 8 * 1024 * 1024
"""All files together: some twenty thousand rules. Whatever they hold, reading them ends in under a minute and 1 GB."""
_CONTENT = ("rules", "sets", "bases", "prerequisites", "cover", "narrows")
_OF_A_GOAL = ("category", "service", "urgency", "told")
_TOP = ("theme", "owner", "hit_policy", "area", *_CONTENT)


def load(files: Sequence[SourceFile]) -> RuleSet:
    """
    The rule set of a bundle, with its rules in their own order, whatever the order of files and lines.

    Raises:
        BundleError: At least one problem, of any file; nothing is loaded then.
    """
    report = ProblemReport()
    ordered = sorted(files, key=lambda file: file.name)
    check_size(sum(len(file.content) for file in files))
    trees = [(file.name, tree) for file in ordered if (tree := read(file, report)) is not None]
    unread = len(trees) < len(ordered)
    loading = _Loading(report, Shared(report, unread), unread)
    loading.files([(name, _open(tree, report)) for name, tree in trees])
    if not loading.rules and not report.found:
        report.add(Place("rules", 1, 1), "R003", "no rules at all; name the folder that holds the rule files")
    report.finish()
    rules = tuple(sorted(loading.rules.values(), key=lambda rule: rule.order))
    shared = loading.shared
    return RuleSet(rules, version_of(ordered), shared.bases, tuple(loading.goals), tuple(loading.unique), shared.uses)


def check_size(size: int) -> None:
    """
    Refuse what is too large to be rules, before it is read.

    Raises:
        BundleError: *size*, in bytes, is over the limit.
    """
    if size > MAX_BUNDLE_BYTES:
        message = f"the files have {size} bytes in all, over {MAX_BUNDLE_BYTES}; this is no rule bundle"
        raise BundleError([Diagnostic.at(Place("rules", 1, 1), "Y001", message)])


def version_of(files: Sequence[SourceFile]) -> RuleVersion:
    """Names, lengths and bytes of all files, hashed in the order of names."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{len(file.name.encode())}:{file.name}:{len(file.content)}:".encode())
        digest.update(file.content)
    return RuleVersion(name="rules", version=digest.hexdigest()[:12], sha256=digest.hexdigest())


def _open(tree: Node, report: ProblemReport) -> Fields:
    """The top of a file."""
    rules = isinstance(tree, YamlMapping) and any(key.text == "rules" for key, _ in tree.entries)
    required = ("schema", "theme", "owner") if rules else ("schema",)
    top = Fields(tree, "the file", report, required=required, optional=_TOP)
    node = top.get("schema")
    if node is not None and text_of(node, "`schema`", report) != SCHEMA:
        report.add(node.place, "R007", f"`schema` must be `{SCHEMA}`; write that")
    if isinstance(tree, YamlMapping) and not any(top.get(key) for key in _CONTENT):
        report.add(tree.place, "R003", "the file has no `rules`, `sets` or `bases`; add one or remove the file")
    return top


@dataclass(slots=True)
class _Loading:
    report: ProblemReport
    shared: Shared
    unread: bool
    """Whether a file cannot be read: then no rule is known to be missing."""
    rules: dict[str, Rule] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    unique: list[frozenset[str]] = field(default_factory=list)
    _places: dict[str, Place] = field(default_factory=dict)
    _narrowings: list[overlays.OverlayCondition] = field(default_factory=list)

    def files(self, tops: Sequence[tuple[str, Fields]]) -> None:
        """First what files share, then the rules, then what rules say of each other."""
        for name, top in tops:
            self.shared.take(name, top)
        readers = [self.shared.reader(top) for _, top in tops]
        for (_, top), reader in zip(tops, readers, strict=True):
            self.shared.take_prerequisites(top, reader)
            self.shared.take_uses(top, reader)
        for (_, top), reader in zip(tops, readers, strict=True):
            self._file(top, reader)
        overlays.narrow(self.rules, self._narrowings, self._places, self.report, unread=self.unread)
        self._check_links()
        self.rules = precedence.arranged(self.rules, self._places, self.report)

    def _file(self, top: Fields, reader: ConditionReader) -> None:
        area = overlays.area_of(top, reader)
        self._narrowings += overlays.narrowings(top, area, reader)
        self.goals += _goals(top.get("cover"), reader)
        unique = top.word("hit_policy", HIT_POLICIES) == "unique"
        node = top.get("rules")
        if node is None:
            return
        theme, owner = top.word("theme", THEMES) or "need", top.text("owner")
        one = RuleReader(theme, owner, area, reader, self.shared, self._places, self.report)
        read_ = [one.read(item) for item in items(node, "`rules`", self.report)]
        own = {rule.id: rule for rule in read_ if rule is not None}
        self.rules |= own
        if unique:
            self.unique.append(frozenset(own))

    def _check_links(self) -> None:
        """Linked rules exist and refer (a rule may link its own other referrals); widened ones are national."""
        for rule in self.rules.values():
            for refer in rule.refer:
                for name, place in refer.linked:
                    other = self.rules.get(name)
                    if name not in self._places and not self.unread:
                        help_ = did_you_mean(name, self._places) or "; name the id of a rule"
                        self.report.add(place, "R010", f"no rule `{name}`{help_}")
                    elif other is not None and not other.refer:
                        self.report.add(place, "R010", f"rule `{name}` refers nobody; link a rule that refers")
            for name, place in rule.widens:
                overlays.national(name, place, self.rules, self._places, self.report, unread=self.unread)


def _goals(node: Node | None, reader: ConditionReader) -> tuple[Goal, ...]:
    """Who must be reached, as one file says it under `cover`; `onward rules analyse` proves it."""
    found: list[Goal] = []
    for item in items(node, "`cover`", reader.report):
        fields = Fields(item, "a goal", reader.report, required=("why", "when"), optional=_OF_A_GOAL)
        when = fields.get("when")
        group = reader.group(when, "`when`") if when is not None else ()
        goal = Goal(
            fields.text("why"),
            group,
            fields.word("category", CATEGORIES),
            item.place,
            fields.word("service", SERVICES),
            fields.word("urgency", NOTICE_URGENCIES),
            fields.word("told", ROLES),
        )
        found.append(goal)
    return tuple(found)
