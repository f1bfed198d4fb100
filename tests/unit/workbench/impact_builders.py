"""Changed rule sets, to replay beside the rule set they were changed from."""

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import get_args

from onward.contracts.codes import Category, Urgency
from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import Refer, Rule, RuleSet, Stops
from onward.routing.domain.loader import load
from unit.routing.routing_builders import BASES, a_directory, a_provider, rule_file
from unit.routing.test_decision_properties import DIRECTORY, NEED, SAFETY, SUPPRESS

URGENCIES: tuple[Urgency, ...] = get_args(Urgency)

HOUSING_ONLY: frozenset[Category] = frozenset(("ACCOMMODATION",))
STOPS: tuple[Stops | frozenset[Category], ...] = ("everything", "all-but-safety", "release", HOUSING_ONLY)


def changed(rules: RuleSet, random: Random, *, least: int = 0, most: int = 3) -> RuleSet:
    """The same rules with some changes by chance: rules removed, added, asking less, referring otherwise."""
    found = {rule.id: rule for rule in rules.rules}
    for number in range(random.randint(least, most)):
        rule = found[random.choice(sorted(found))]
        match random.choice(("remove", "add", "ask less", "refer", "stop")):
            case "remove" if len(found) > 1:
                del found[rule.id]
            case "add":
                found[f"{rule.id}-{number}"] = replace(asking_less(rule, random), id=f"{rule.id}-{number}")
            case "ask less":
                found[rule.id] = asking_less(rule, random)
            case "stop" if rule.suppress is not None:
                found[rule.id] = replace(rule, suppress=replace(rule.suppress, what=random.choice(STOPS)))
            case _:
                found[rule.id] = replace(rule, refer=tuple(otherwise(refer, random) for refer in rule.refer))
    return RuleSet(tuple(sorted(found.values(), key=lambda rule: rule.order)), rules.version)


def asking_less(rule: Rule, random: Random) -> Rule:
    dropped = random.randrange(len(rule.when)) if rule.when else 0
    return replace(rule, when=rule.when[:dropped] + rule.when[dropped + 1 :], unless=rule.unless[1:])


def otherwise(refer: Refer, random: Random) -> Refer:
    """Referred with another urgency, to another provider, with approval, or by another area."""
    names = (("house", refer.place), ("council", refer.place))
    return random.choice(
        (
            replace(refer, urgency=random.choice(URGENCIES)),
            replace(refer, providers=random.choice((names, names[:1], ()))),
            replace(refer, approval=None if refer.approval else "approving-practitioner"),
            replace(refer, catchment_by="accommodation.chosen_authority"),
        )
    )


def bundle(*edits: tuple[str, str], safety: str = SAFETY, need: str = NEED, suppress: str = SUPPRESS) -> RuleSet:
    """The rules of the decision tests, with texts replaced."""
    files = [rule_file("safety", safety), rule_file("need", need), rule_file("suppress", suppress)]
    texts = {file.name: file.content.decode() for file in files}
    for old, new in edits:
        assert any(old in text for text in texts.values()), old
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    return load([SourceFile("bases.yaml", BASES.encode()), *(SourceFile(n, t.encode()) for n, t in texts.items())])


BUNDLES: Mapping[str, RuleSet] = {
    "as it is": bundle(),
    "other words": bundle(("A homeless adult who agrees", "Another reason"), ("rules:\n", "rules:\n\n  # A comment\n")),
    "a rule less": bundle(need=re.sub(r"  - id: housing\n(    .*\n)+", "", NEED).replace(", linked: [housing]", "")),
    "an older age": bundle(('">= 18"', '">= 40"')),
    "another urgency": bundle(("within_5_working_days", "within_3_weeks")),
    "approval": bundle(("within_5_working_days}", "within_5_working_days, approval: offender-manager}")),
}


def another_directory() -> Directory:
    """The directory of the decision tests, with a council that is full and a house for everybody."""
    providers = DIRECTORY.providers
    return a_directory(
        providers["team"],
        providers["council"].model_copy(update={"accepting": False}),
        a_provider("house", services=("supported_housing", "housing_authority")),
    )
