"""On random rule sets: every finding holds up when the engine is asked, and what is not found does not happen."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from onward.contracts.decision import LegalBasis, RuleVersion
from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.decide import Router
from onward.routing.domain.kleene import Known, rule_holds
from onward.routing.domain.language import Goal, Refer, Rule, RuleSet, Stops, Suppress, Theme
from onward.routing.domain.policy import about_release
from onward.workbench.analysis import AnalysisFinding, analyse
from onward.workbench.logic.questions import Questions
from unit.routing.routing_builders import a_directory, a_provider
from unit.workbench import linked_rules

SEED = 20260402
HERE = Place("random.yaml", 1, 1)
BASIS = LegalBasis(name="duty", kind="statutory_duty", purpose="tests", article_6="6(1)(c)", citation="tests")
DIRECTORY = a_directory(a_provider("council"), a_provider("youth", eligibility={"max_age": 17}))
STOPS: tuple[Stops, ...] = ("everything", "all-but-safety", "release")


def an_acting_rule(random: Random, number: int) -> Rule:
    rule = linked_rules.a_rule(random, f"rule-{number}")
    if random.random() < 0.2:
        return replace(rule, theme="suppress", notify=(), suppress=Suppress("tests", random.choice(STOPS)))
    refer = Refer(
        "ACCOMMODATION",
        "housing_authority",
        random.choice(("immediate", "within_24_hours")),
        HERE,
        approval=random.choice((None, None, "duty-practitioner")),
    )
    theme: Theme = random.choice(("safety", "need"))
    release = bool(about_release(rule))
    return replace(rule, theme=theme, notify=(), refer=(refer,), legal_basis=BASIS, release=release)


def a_rule_set(random: Random, size: int) -> RuleSet:
    rules = [an_acting_rule(random, number) for number in range(size)]
    if random.random() < 0.5:
        twin = replace(random.choice(rules), id="rule-twin")
        fewer, more = twin.when[: random.randint(1, len(twin.when))], (*twin.when, *random.choice(rules).when)
        rules.append(replace(twin, when=random.choice((fewer, more))))
    if random.random() < 0.3:
        stopped = random.choice(rules)
        stop = Suppress("tests", random.choice(STOPS))
        rules.append(
            replace(stopped, id="rule-stop", theme="suppress", refer=(), legal_basis=None, release=None, suppress=stop)
        )
    ordered = tuple(sorted(rules, key=lambda rule: rule.order))
    goal = Goal("tests", linked_rules.a_rule(random, "goal").when, None, HERE)
    version = RuleVersion(name="rules", version="test", sha256="0" * 64)
    return RuleSet(ordered, version, goals=(goal,), unique=(frozenset(rule.id for rule in rules[:3]),))


class Judge:
    """Random situations, and what the rules make of each."""

    def __init__(self, rules: RuleSet, situations: Sequence[Known]) -> None:
        self.rules = {rule.id: rule for rule in rules.rules}
        self.seen: list[tuple[Known, frozenset[str]]] = []
        for known in situations:
            self.seen.append((known, self.matching(known)))

    def matching(self, known: Known) -> frozenset[str]:
        return frozenset(name for name, rule in self.rules.items() if rule_holds(rule, known) is True)


def reaches(rule: Rule, known: Known) -> bool:
    """Whether a rule matches, or asks somebody."""
    truth = rule_holds(rule, known)
    return truth is True or (truth is None and bool(Questions(rule).asked(known)))


def confirm(finding: AnalysisFinding, judge: Judge, router: Router) -> None:
    """Hold a finding with a situation against the plain evaluator, and against a whole decision."""
    if finding.witness is None:
        assert finding.code in ("A001", "A010", "A014"), finding
        return
    known = finding.witness.known()
    matching = judge.matching(known)
    decision = router.decide(finding.witness.situation())
    referred = {referral.rule for referral in decision.referrals}
    first = finding.rules[0] if finding.rules else ""
    match finding.code:
        case "A002" | "A004":
            assert first in matching
            assert first not in referred
        case "A003":
            assert set(finding.rules) <= matching
            assert first not in referred or judge.rules[first].suppress is not None
        case "A005" | "A006" | "A007":
            assert set(finding.rules[:2]) <= matching
            stopped = {name for each in decision.suppressed for name in each.stopped}
            stopped |= {each.rule for each in decision.covered}
            held = {each.rule for each in decision.needs_information}
            assert finding.code == "A005" or first not in stopped
            assert finding.rules[1] not in referred or first in stopped | held
        case "A015":
            assert set(finding.rules[:2]) <= matching
        case "A008":
            assert set(finding.rules) <= matching
            assert any(set(finding.rules) <= set(overlap) for overlap in decision.overlaps)
        case "A013":
            assert not any(reaches(rule, known) for rule in judge.rules.values() if rule.suppress is None)
        case _:
            raise AssertionError(finding)


def refute(findings: tuple[AnalysisFinding, ...], rules: RuleSet, judge: Judge) -> None:
    """Hold what was *not* found, and what was found to be impossible, against every random situation."""
    told: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for finding in findings:
        told[finding.code].add(finding.rules)
    together = {
        (one[0], other) for code in ("A003", "A004", "A005", "A006", "A007") for one in told[code] for other in one[1:]
    }
    dead = {names[0] for names in told["A002"] | told["A004"] | told["A003"]}
    unique = {frozenset(names) for names in told["A008"]}
    for _, matching in judge.seen:
        assert not matching & {names[0] for names in told["A001"]}
        for one, other in combinations(sorted(matching), 2):
            if judge.rules[one].refer and judge.rules[other].refer and not {one, other} & dead:
                assert {(one, other), (other, one)} & together, (one, other)
            if {one, other} <= rules.unique[0]:
                assert frozenset((one, other)) in unique


def run(seed: int, sets: int, situations: int) -> Counter[str]:
    random, seen = Random(seed), Counter[str]()
    told = [linked_rules.a_witness(random).known() for _ in range(situations)]
    for _ in range(sets):
        rules = a_rule_set(random, random.randint(3, 7))
        findings = analyse(rules, DIRECTORY)
        judge, router = Judge(rules, told), Router(rules, DIRECTORY)
        for finding in findings:
            assert finding.code != "A090", finding
            confirm(finding, judge, router)
            seen[finding.code] += 1
        refute(findings, rules, judge)
    return seen


def test_findings_hold_up_and_nothing_that_was_not_found_happens() -> None:
    seen = run(SEED, sets=20, situations=400)
    assert {"A001", "A002", "A004", "A005", "A006", "A007", "A008", "A013"} <= set(seen), seen


@pytest.mark.nightly
def test_findings_hold_up_and_nothing_that_was_not_found_happens_in_many_more_rule_sets() -> None:
    assert run(SEED + 1, sets=400, situations=3_000).total() > 1_000
