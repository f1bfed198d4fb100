"""What a rule does, value by value, and which of its tests says so; what is unsaid, as a test would say it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.consequences import KEYS, PLAIN
from onward.routing.domain.effects import ADVICE, DEFAULTS, effects, in_words, met
from onward.routing.domain.language import EffectKind, EffectValue, Rule, RuleAction, RuleTest
from onward.routing.domain.rule_tests import run_test

_ENDS = (". ", "; ", ": ")
"""Where the first clause of an advice ends."""
_TELLING = 12
"""Characters of a clause that can be told from others."""


@dataclass(frozen=True, slots=True)
class ActionCoverage:
    """One value of what a rule does, and the first test that says it."""

    effect: RuleAction
    key: str
    test: str
    """Its name, or empty where no test says it."""

    @property
    def what(self) -> str:
        """The value, as a gap of coverage is named."""
        value = in_words(self.effect.values[self.key])
        named = self.key if self.key == self.effect.kind else f"{self.effect.kind} {self.key}"
        return f"{named}: {value}"

    @property
    def place(self) -> Place:
        """Where the rule says it."""
        return self.effect.place


def sayings(rule: Rule, passed: Sequence[RuleTest]) -> list[ActionCoverage]:
    """Every value of what *rule* does that is not the usual one, with the test among those *passed* that says it."""
    said = [(test.name, each) for test in passed if test.then is not None for each in test.then.effects]
    found: list[ActionCoverage] = []
    for done in effects(rule):
        for key, value in done.values.items():
            if DEFAULTS.get((done.kind, key)) != value:
                names = (name for name, each in said if key in each.values and met(each, done))
                found.append(ActionCoverage(done, key, next(names, "")))
    return found


def unsaid(rule: Rule) -> tuple[RuleAction, ...]:
    """What no test of *rule* says of what it does, as a test would say it: whole effects, each with all its values."""
    passed = [test for test in rule.tests if not run_test(rule, test).problem]
    lacking = {id(each.effect): each.effect for each in sayings(rule, passed) if not each.test}
    return tuple(RuleAction(each.kind, dict(_values(each)), each.place) for each in lacking.values())


def _values(effect: RuleAction) -> Iterator[tuple[str, EffectValue]]:
    for key, value in effect.values.items():
        if key in ADVICE:
            yield key, _clause(str(value))
        elif DEFAULTS.get((effect.kind, key)) != value:
            yield key, value


def _clause(advice: str) -> str:
    """The first words of an advice that say something: a test names these, and not the whole text again."""
    ends = (at for end in _ENDS if (at := advice.find(end)) >= _TELLING)
    return advice[: min(ends, default=len(advice))]


def then_as_yaml(said: Sequence[RuleAction], indent: str) -> str:
    """A `then` of these effects, to stand under a test whose keys begin at *indent*; `onward rules fmt` folds it."""
    lines = [f"{indent}then:"]
    order: tuple[EffectKind, ...] = (
        "suppress",
        "approve",
        "release",
        "refer",
        "notify",
        "plan",
        "instead_of",
        "legal_basis",
    )
    found = {each.kind for each in said}
    for kind in (each for each in order if each in found):
        of_kind = [each for each in said if each.kind == kind]
        if kind in PLAIN:
            lines.append(f"{indent}  {kind}: {in_words(of_kind[0].values[kind])}")
        elif len(of_kind) == 1:
            lines.append(f"{indent}  {kind}: {_braces(of_kind[0])}")
        else:
            lines += [f"{indent}  {kind}:", *(f"{indent}    - {_braces(each)}" for each in of_kind)]
    return "\n".join(lines) + "\n"


def _braces(effect: RuleAction) -> str:
    pairs = (f"{key}: {_text(effect.values[key])}" for key in KEYS[effect.kind] if key in effect.values)
    return f"{{{', '.join(pairs)}}}"


def _text(value: EffectValue) -> str:
    words = in_words(value)
    if not isinstance(value, str) or all(each.isalnum() or each in "-_ " for each in words):
        return words
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
