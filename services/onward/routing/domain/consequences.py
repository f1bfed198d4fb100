"""What a test says of what happens, `then:`, read and checked: only words that a rule could have too."""

from collections.abc import Callable, Mapping

from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import Node, YamlList, YamlScalar
from onward.routing.domain.actions import (
    AREAS,
    CATEGORIES,
    CLOSES,
    CLOSURE_REASONS,
    NOTICE_URGENCIES,
    PLAN_KINDS,
    ROLES,
    SERVICES,
    URGENCIES,
    stopped,
)
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import EffectKind, EffectValue, Expect, RuleAction, Then
from onward.routing.domain.shape import Fields, items, text_of, word_of
from onward.routing.domain.values import fact_at

_Reader = Callable[[Node, str, ProblemReport], EffectValue | None]
ONE_OR_MORE: tuple[EffectKind, ...] = ("refer", "notify")
ALONE: tuple[EffectKind, ...] = ("suppress", "approve", "plan")
PLAIN: tuple[EffectKind, ...] = ("release", "instead_of", "legal_basis")
"""The keys of `then`: mappings of which there may be a list, mappings of which there is one, single values."""


def consequences(node: Node | None, expect: Expect | None, report: ProblemReport) -> Then | None:
    """What `then` says, or None where it is not there; what fits the outcome that is expected, and no more."""
    if node is None:
        return None
    fields = Fields(node, "`then`", report, required=(), optional=(*KEYS, *PLAIN, "asks"))
    found: list[RuleAction] = []
    for kind in ONE_OR_MORE + ALONE:
        value = fields.get(kind)
        each = items(value, f"`{kind}`", report, single=True) if kind in ONE_OR_MORE else (value,) if value else ()
        found += [_effect(item, kind, report) for item in each]
    for kind in PLAIN:
        if (value := fields.get(kind)) is not None and (said := _PLAIN[kind](value, kind, report)) is not None:
            found.append(RuleAction(kind, {kind: said}, value.place))
    asks = fields.get("asks")
    then = Then(tuple(found), None if asks is None else _facts(asks, report), node.place)
    _check_fits(then, expect, report)
    return then


def _check_fits(then: Then, expect: Expect | None, report: ProblemReport) -> None:
    if then.effects and expect in ("no_match", "needs_information"):
        message = f"nothing happens where the test expects `{expect}`; remove it, or say it where the rule matches"
        report.add(then.effects[0].place, "R030", message)
    if then.asks is not None and expect in ("no_match", "match"):
        message = f"nobody is asked where the test expects `{expect}`; remove `asks`, or say it where the rule waits"
        report.add(then.place, "R030", message)


def _effect(node: Node, kind: EffectKind, report: ProblemReport) -> RuleAction:
    """What is said of one referral, notice or stop: at least which one."""
    keys = KEYS[kind]
    which = next(iter(keys)) if kind in ONE_OR_MORE else None
    fields = Fields(
        node,
        f"`{kind}`",
        report,
        required=(which,) if which else (),
        optional=[key for key in keys if key != which],
    )
    read = ((key, keys[key](value, key, report)) for key in keys if (value := fields.get(key)) is not None)
    return RuleAction(kind, {key: value for key, value in read if value is not None}, node.place)


def _facts(node: Node, report: ProblemReport) -> frozenset[str]:
    named = items(node, "`asks`", report, single=True)
    found = [item.text for item in named if isinstance(item, YamlScalar) and fact_at(item.text, item.place, report)]
    return frozenset(found) & FACTS.keys()


def _word(options: tuple[str, ...]) -> _Reader:
    def read(node: Node, key: str, report: ProblemReport) -> EffectValue | None:
        return word_of(node, f"`{key}`", options, report)

    return read


def _text(node: Node, key: str, report: ProblemReport) -> EffectValue | None:
    return text_of(node, f"`{key}`", report) or None


def _names(node: Node, key: str, report: ProblemReport) -> EffectValue | None:
    return tuple(text_of(item, f"a name in `{key}`", report) for item in items(node, f"`{key}`", report))


def _rules(node: Node, key: str, report: ProblemReport) -> EffectValue | None:
    return frozenset(text_of(item, f"a name in `{key}`", report) for item in items(node, f"`{key}`", report))


def _yes_or_no(node: Node, key: str, report: ProblemReport) -> EffectValue | None:
    word = word_of(node, f"`{key}`", ("true", "false"), report)
    return None if word is None else word == "true"


def _what(node: Node, _key: str, report: ProblemReport) -> EffectValue | None:
    found = stopped(node, report)
    return frozenset(found) if isinstance(node, YamlList) and found is not None else found


KEYS: Mapping[EffectKind, Mapping[str, _Reader]] = {
    "refer": {
        "category": _word(CATEGORIES),
        "service": _word(SERVICES),
        "urgency": _word(URGENCIES),
        "providers": _names,
        "catchment_by": _word(AREAS),
        "approval": _word(ROLES),
        "advice": _text,
        "linked": _names,
        "linked_advice": _text,
    },
    "notify": {"kind": _text, "to": _word(ROLES), "urgency": _word(NOTICE_URGENCIES), "if_unmet": _yes_or_no},
    "suppress": {
        "reason": _text,
        "what": _what,
        "closes": _word(CLOSES),
        "closure_reason": _word(CLOSURE_REASONS),
    },
    "approve": {"by": _word(ROLES), "advice": _text},
    "plan": {"kind": _word(PLAN_KINDS), "lead": _yes_or_no},
}
"""What may be said of each: the first key of what there may be several of says which is meant."""
_PLAIN: Mapping[EffectKind, _Reader] = {"release": _yes_or_no, "instead_of": _rules, "legal_basis": _text}
