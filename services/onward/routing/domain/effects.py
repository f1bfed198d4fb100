"""
What a rule does, as plain values by the keys of its file, and how that is held against what a test says of it.

A test says what happens in the words of the rule language. What it names is checked, and nothing else: `advice` holds
where the rule's advice has that text in it, everything else where it is the same.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from onward.routing.domain.language import EffectKind, EffectValue, Notify, Refer, Rule, RuleAction, Suppress, Then

ADVICE: Final = frozenset({"advice", "linked_advice"})
"""Texts, of which a test names some words."""
DEFAULTS: Mapping[tuple[EffectKind, str], EffectValue] = {
    ("refer", "catchment_by"): "person.area",
    ("notify", "urgency"): "next_working_day",
    ("notify", "if_unmet"): False,
    ("suppress", "closes"): "none",
    ("plan", "lead"): False,
    ("release", "release"): False,
}
"""What holds where a rule says nothing; that no test need say."""


def effects(rule: Rule) -> tuple[RuleAction, ...]:
    """Everything that *rule* does where it matches, what it wins over and which plan it belongs to."""
    return tuple(_effects(rule))


def _effects(rule: Rule) -> Iterator[RuleAction]:
    if rule.suppress is not None:
        yield RuleAction("suppress", _suppressing(rule.suppress), rule.place)
    if rule.approve is not None:
        yield RuleAction("approve", _said({"by": rule.approve.by, "advice": rule.approve.advice}), rule.place)
    if rule.release is not None:
        yield RuleAction("release", {"release": rule.release}, rule.place)
    for refer in rule.refer:
        yield RuleAction("refer", _referring(refer), refer.place)
    for notify in rule.notify:
        yield RuleAction("notify", _telling(notify), rule.place)
    if rule.plan is not None:
        yield RuleAction("plan", {"kind": rule.plan.kind, "lead": rule.plan.lead}, rule.place)
    if rule.instead_of:
        yield RuleAction("instead_of", {"instead_of": frozenset(name for name, _ in rule.instead_of)}, rule.place)
    if rule.legal_basis is not None:
        yield RuleAction("legal_basis", {"legal_basis": rule.legal_basis.name}, rule.place)


def _referring(refer: Refer) -> Mapping[str, EffectValue]:
    return _said(
        {
            "category": refer.category,
            "service": refer.service,
            "urgency": refer.urgency,
            "providers": tuple(name for name, _ in refer.providers),
            "catchment_by": refer.catchment_by,
            "approval": refer.approval,
            "advice": refer.advice,
            "linked": tuple(name for name, _ in refer.linked),
            "linked_advice": refer.linked_advice,
        }
    )


def _telling(notify: Notify) -> Mapping[str, EffectValue]:
    return {"kind": notify.kind, "to": notify.to, "urgency": notify.urgency, "if_unmet": notify.if_unmet}


def _suppressing(suppress: Suppress) -> Mapping[str, EffectValue]:
    return _said(
        {
            "reason": suppress.reason,
            "what": suppress.what,
            "closes": suppress.closes,
            "closure_reason": suppress.closure_reason,
        }
    )


def _said(values: Mapping[str, EffectValue | None]) -> Mapping[str, EffectValue]:
    return {key: value for key, value in values.items() if value not in (None, "", ())}


def met(said: RuleAction, done: RuleAction) -> bool:
    """Whether a rule's effect is what a test says, in all that the test names."""
    return said.kind == done.kind and not _differing(said, done)


def _differing(said: RuleAction, done: RuleAction) -> list[str]:
    return [key for key, value in said.values.items() if not _same(key, value, done.values.get(key))]


def _same(key: str, said: EffectValue, done: EffectValue | None) -> bool:
    return isinstance(done, str) and str(said) in done if key in ADVICE else said == done


def differences(then: Then, rule: Rule) -> tuple[str, ...]:
    """Where *rule* does otherwise than a test says, each in words; none where all that the test says is so."""
    done = effects(rule)
    return tuple(_told(said, done) for said in then.effects if not any(met(said, each) for each in done))


def _told(said: RuleAction, done: tuple[RuleAction, ...]) -> str:
    """What the rule does instead: the effect of that kind that differs least."""
    alike = [each for each in done if each.kind == said.kind]
    if not alike:
        return f"then says `{said.kind}`, and the rule has none"
    nearest = min(alike, key=lambda each: len(_differing(said, each)))
    pairs = (
        f"`{key}: {in_words(said.values[key])}`, and the rule has {_or_nothing(nearest.values.get(key))}"
        for key in _differing(said, nearest)
    )
    return f"then says {'; '.join(pairs)}"


def _or_nothing(value: EffectValue | None) -> str:
    return "none" if value is None else f"`{in_words(value)}`"


def in_words(value: EffectValue) -> str:
    """A value as a rule file has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case frozenset():
            return f"[{', '.join(sorted(value))}]"
        case _:
            return f"[{', '.join(value)}]"
