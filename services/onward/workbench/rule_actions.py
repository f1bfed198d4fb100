"""What a rule does, wherever it stands: rules for which this is equal do the same where they match."""

from collections.abc import Mapping
from dataclasses import replace

from onward.diagnostics.yaml_tree import Place
from onward.routing.domain.language import Refer, Rule

_NOWHERE = Place("", 0, 0)
_AS_THEY_ARE: Mapping[str, str] = {}


def action(rule: Rule, names: Mapping[str, str] = _AS_THEY_ARE) -> object:
    """
    What a rule does.

    *names* are the present ids of rules that had another before.
    """
    refers = sorted((placeless(refer, names) for refer in rule.refer), key=repr)
    notices = sorted(rule.notify, key=repr)
    does = tuple(refers), tuple(notices), rule.suppress, rule.approve, rule.plan
    return rule.theme, *does, rule.legal_basis, rule.is_release


def placeless(refer: Refer, names: Mapping[str, str] = _AS_THEY_ARE) -> Refer:
    """A referral without the places where it is written; *names* as for `action`."""
    return replace(
        refer,
        place=_NOWHERE,
        providers=tuple((name, _NOWHERE) for name, _ in refer.providers),
        linked=tuple((names.get(name, name), _NOWHERE) for name, _ in refer.linked),
    )
