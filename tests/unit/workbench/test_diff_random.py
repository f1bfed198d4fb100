"""On random rules with random changes: whatever a random situation shows has been reported, and proofs stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from onward.contracts.decision import RuleVersion
from onward.routing.domain.decide import Router
from onward.routing.domain.kleene import Known, rule_holds
from onward.routing.domain.language import Rule, RuleSet
from onward.routing.domain.waiting import without_prerequisites
from onward.workbench.difference import Difference, RuleDifference, Side, difference
from onward.workbench.logic import Witness
from onward.workbench.logic.questions import Questions
from unit.workbench import linked_rules
from unit.workbench.diffed import reproduce
from unit.workbench.random_edits import PLAIN, a_rule, edited, reworded
from unit.workbench.test_analysis_random import DIRECTORY, a_rule_set, an_acting_rule

SEED = 20260407
LINKED = linked_rules.TOLD + linked_rules.DERIVED


def bundle(rules: Sequence[Rule]) -> RuleSet:
    version = RuleVersion(name="rules", version="test", sha256="0" * 64)
    return RuleSet(tuple(sorted(rules, key=lambda rule: rule.order)), version)


class Judged:
    """A rule in one bundle, and what it makes of situations, by the plain evaluator."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._free = without_prerequisites(rule)
        self._questions = Questions(rule)

    def makes(self, known: Known) -> tuple[bool | None, frozenset[str], bool]:
        truth = rule_holds(self._rule, known)
        waits = bool(self._rule.requires) and truth is False and rule_holds(self._free, known) is True
        return truth, self._questions.asked(known), waits


def seen(before: Rule, after: Rule, situations: Sequence[Known]) -> set[str]:
    """The directions in which random situations show that two rules differ."""
    one, other, found = Judged(before), Judged(after), set[str]()
    for known in situations:
        (old, asked, waited), (new, asks, waits) = one.makes(known), other.makes(known)
        told = {
            "gains": new is True and old is not True,
            "loses": old is True and new is not True,
            "asks": bool(asks - asked) or (new is None and old is not None),
            "asks no longer": bool(asked - asks) or (old is None and new is not None),
            "waits": waits and not waited,
            "waits no longer": waited and not waits,
        }
        found |= {direction for direction, is_so in told.items() if is_so}
        both = old is True and new is True
        if both and (before.notify, before.refer, before.suppress) != (after.notify, after.refer, after.suppress):
            found.add("moves")
    return found


def held(rule: RuleDifference, situations: Sequence[Known]) -> None:
    """Hold what was found of a rule against random situations."""
    assert rule.before is not None
    assert rule.after is not None
    assert not rule.not_proved, rule
    reported = {shown.direction for shown in rule.shown}
    sampled = seen(rule.before, rule.after, situations)
    assert sampled <= reported, (sampled, reported, rule)


def compare(random: Random, rules: Sequence[Rule], situations: Sequence[Known], paths: Sequence[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    new: list[Rule] = []
    same: set[str] = set()
    for rule in rules:
        if random.random() < 0.3:
            new.append(reworded(rule, random) if not rule.requires else rule)
            same.add(rule.id)
        else:
            changed = edited(rule, random, paths)
            new.append(replace(changed, id=f"new-{rule.id}") if random.random() < 0.1 else changed)
    sides = Side(bundle(rules), DIRECTORY), Side(bundle(new), DIRECTORY)
    for each in difference(*sides).rules:
        counted[each.status] += 1
        if each.before is None or each.after is None:
            continue
        held(each, situations)
        assert each.rule.id not in same or each.same, each
        for shown in each.shown:
            counted[shown.direction] += 1
            reproduce(each, shown, sides)
    return counted


def run_plain(seed: int, sets: int, situations: int) -> Counter[str]:
    random, counted = Random(seed), Counter[str]()
    told = [linked_rules.a_witness(random, PLAIN).known() for _ in range(situations)]
    for _ in range(sets):
        rules = [a_rule(random, f"rule-{number}") for number in range(5)]
        counted += compare(random, rules, told, PLAIN)
    return counted


def run_linked(seed: int, sets: int, situations: int) -> Counter[str]:
    random, counted = Random(seed), Counter[str]()
    told = [linked_rules.a_witness(random).known() for _ in range(situations)]
    for _ in range(sets):
        rules = [linked_rules.a_rule(random, f"rule-{number}") for number in range(4)]
        counted += compare(random, rules, told, LINKED)
    return counted


def targets(router: Router, witness: Witness) -> set[tuple[str, str]]:
    return {(made.category, made.service) for made in router.decide(witness.situation()).referrals}


def hold_people(found: Difference, routers: Sequence[Router], told: Sequence[Witness]) -> None:
    """Hold what was found for people against whole decisions."""
    reported = {(each.direction, (each.category, each.service)) for each in found.people}
    assert all(each.witness is not None for each in found.people)
    for each in found.people:
        assert each.witness is not None
        old, new = (targets(router, each.witness) for router in routers)
        assert (each.category, each.service) in (old - new if each.direction == "loses" else new - old)
    for witness in told:
        old, new = (targets(router, witness) for router in routers)
        assert {("loses", target) for target in old - new} <= reported
        assert {("gains", target) for target in new - old} <= reported


def run_people(seed: int, sets: int, situations: int) -> Counter[str]:
    random, counted = Random(seed), Counter[str]()
    told = [linked_rules.a_witness(random) for _ in range(situations)]
    for _ in range(sets):
        rules = a_rule_set(random, random.randint(3, 6)).rules
        new = [edited(rule, random, LINKED) if random.random() < 0.4 else rule for rule in rules]
        if random.random() < 0.5:
            new.remove(random.choice(new))
        if random.random() < 0.5:
            new.append(replace(an_acting_rule(random, 9), id="rule-added"))
        sides = Side(bundle(rules), DIRECTORY), Side(bundle(new), DIRECTORY)
        found = difference(*sides)
        hold_people(found, [Router(side.rule_set, DIRECTORY) for side in sides], told)
        for each in found.of("added", "removed"):
            assert each.concern is not None
            assert each.concern.proved, each
            if each.concern.witness is None and each.rule.refer:
                counted["never"] += 1
                side = sides[each.status == "added"]
                router = Router(side.rule_set, DIRECTORY)
                for witness in told:
                    assert each.rule.id not in {made.rule for made in router.decide(witness.situation()).referrals}
        counted.update(each.direction for each in found.people)
        counted["nobody"] += not found.people
    return counted


def test_what_situations_show_of_changed_rules_is_reported_and_proofs_of_equality_stand() -> None:
    counted = run_plain(SEED, sets=12, situations=500)
    wanted = {"changed", "words", "gains", "loses", "moves", "asks", "asks no longer", "waits no longer"}
    assert wanted <= set(counted), counted


def test_what_situations_show_of_rules_about_derived_facts_is_reported() -> None:
    counted = run_linked(SEED, sets=4, situations=300)
    assert {"changed", "words", "gains", "loses", "asks", "asks no longer"} <= set(counted), counted


def test_whoever_gains_or_loses_in_whole_decisions_is_reported() -> None:
    counted = run_people(SEED, sets=12, situations=300)
    assert min(counted["gains"], counted["loses"], counted["nobody"]) > 0, counted


@pytest.mark.nightly
def test_many_more_changed_rules() -> None:
    assert run_plain(SEED + 1, sets=300, situations=3_000).total() > 1_500
    assert run_linked(SEED + 1, sets=150, situations=2_000).total() > 500
    assert run_people(SEED + 1, sets=200, situations=2_000).total() > 200
