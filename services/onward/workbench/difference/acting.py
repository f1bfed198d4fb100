"""What two rules do otherwise, in words."""

from collections.abc import Iterator, Mapping

from onward.contracts.decision import LegalBasis
from onward.routing.domain.language import Notify, Refer, Rule, Suppress
from onward.workbench.rule_actions import action, placeless


def changes(before: Rule, after: Rule, names: Mapping[str, str]) -> tuple[str, ...]:
    """What *after* does otherwise than *before*; empty if they do the same."""
    if action(before, names) == action(after, names):
        return ()
    return tuple(_changes(before, after, names))


def _changes(before: Rule, after: Rule, names: Mapping[str, str]) -> Iterator[str]:
    yield from _was("class", before.theme, after.theme)
    yield from _referrals(before, after, names)
    yield from _basis(before.legal_basis, after.legal_basis)
    yield from (f"no longer tells {_notice(each)}" for each in before.notify if each not in after.notify)
    yield from (f"now tells {_notice(each)}" for each in after.notify if each not in before.notify)
    yield from _suppression(before.suppress, after.suppress)
    yield from _was("holds for approval by", _holds(before), _holds(after))
    yield from _was("plan", _plan(before), _plan(after))
    if before.is_release != after.is_release:
        yield "now makes release referrals" if after.is_release else "no longer makes release referrals"


def _holds(rule: Rule) -> str:
    held = rule.approve
    return "nobody" if held is None else f"{held.by}, with the advice: {held.advice or 'none'}"


def _plan(rule: Rule) -> str:
    if rule.plan is None:
        return "none"
    return f"{rule.plan.kind}, which it leads" if rule.plan.lead else rule.plan.kind


def _referrals(before: Rule, after: Rule, names: Mapping[str, str]) -> Iterator[str]:
    waiting = [placeless(refer) for refer in after.refer]
    for refer in (placeless(each, names) for each in before.refer):
        same_target = (each for each in waiting if (each.category, each.service) == (refer.category, refer.service))
        same_category = (each for each in waiting if each.category == refer.category)
        pair = next(same_target, None) or next(same_category, None)
        if pair is None:
            yield f"no longer refers for {target(refer)}"
        else:
            waiting.remove(pair)
            yield from _referral(refer, pair)
    yield from (f"now also refers for {target(refer)}" for refer in waiting)


def _referral(before: Refer, after: Refer) -> Iterator[str]:
    yield from _was("service", before.service, after.service)
    yield from _was("providers", _providers(before), _providers(after))
    yield from _was("urgency", before.urgency, after.urgency)
    yield from _was("approval", before.approval or "none needed", after.approval or "none needed")
    yield from _was("catchment by", before.catchment_by, after.catchment_by)
    yield from _was("advice", before.advice or "none", after.advice or "none")
    yield from _was("advice about linked ones", before.linked_advice or "none", after.linked_advice or "none")
    yield from _was("linked with", *(", ".join(name for name, _ in each.linked) or "none" for each in (before, after)))


def _basis(before: LegalBasis | None, after: LegalBasis | None) -> Iterator[str]:
    if before is None or after is None:
        yield from _was("legal basis", before.name if before else "none", after.name if after else "none")
        return
    if before.name != after.name:
        yield f"legal basis: was {before.name} ({before.kind}); is {after.name} ({after.kind})"
        return
    old, new = before.model_dump(), after.model_dump()
    for name in old:
        if name != "name":
            yield from _was(f"{name} of the legal basis", str(old[name] or "none"), str(new[name] or "none"))


def _suppression(before: Suppress | None, after: Suppress | None) -> Iterator[str]:
    if before is None or after is None:
        yield from ("no longer stops referrals",) if before else ()
        yield from (f"now stops {_stopped(after)}",) if after else ()
        return
    yield from _was("stops", _stopped(before), _stopped(after))
    yield from _was("closes open referrals", before.closes, after.closes)
    yield from _was("closure reason", before.closure_reason or "none", after.closure_reason or "none")
    yield from _was("reason", before.reason, after.reason)


def target(refer: Refer) -> str:
    """What a referral is for, and to which service."""
    return f"{refer.category} to {refer.service}"


def _stopped(suppress: Suppress) -> str:
    return suppress.what if isinstance(suppress.what, str) else ", ".join(sorted(suppress.what))


def _notice(notify: Notify) -> str:
    only = ", where nobody can take it" if notify.if_unmet else ""
    return f"{notify.to} of {notify.kind} ({notify.urgency}{only})"


def _providers(refer: Refer) -> str:
    return ", ".join(name for name, _ in refer.providers) or "any of the service, by catchment"


def _was(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what}: was {before}; is {after}"
