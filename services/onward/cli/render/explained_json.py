"""`onward rules explain --json`: every rule, always with every key."""

from collections.abc import Sequence
from typing import Any

from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.facts import FACTS_ADAPTER
from onward.routing.domain.kleene import Seen
from onward.workbench.explaining.counterfactual import Counterfactual, WhyNot
from onward.workbench.explaining.endings import Ending
from onward.workbench.explaining.explanation import DecisionExplained, RuleExplained, group_truth


def document(explained: DecisionExplained, rules: Sequence[RuleExplained], answer: WhyNot | None) -> dict[str, Any]:
    """One situation: what was decided, *rules* condition by condition, and the answer to "why not?" if it was asked."""
    decision = explained.decision
    return {
        "event": {
            "source": decision.source,
            "type": decision.contact_type,
            "occurred_at": decision.occurred_at.isoformat(),
        },
        "rules_version": decision.rules.sha256,
        "decided_by_other_rules": explained.other_rules,
        "facts": FACTS_ADAPTER.dump_python(decision.facts, mode="json"),
        "history": {path: past.model_dump(mode="json") for path, past in decision.history.items()},
        "disputed": {path: found.model_dump(mode="json") for path, found in decision.disputed.items()},
        "decision": _decision(decision),
        "rules": [_rule(each) for each in rules],
        "nearest": [each.rule.id for each in explained.nearest(len(explained.rules))],
        "why_not": None if answer is None else _why_not(answer),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    hidden = {"person", "formerly", "references", "sealed", "facts", "history", "disputed"}
    whole = decision.model_dump(mode="json", exclude=hidden)
    parts = ("referrals", "notices", "needs_information", "suppressed", "covered", "unmet", "waiting")
    return {"decision_id": whole["decision_id"], **{part: whole[part] for part in parts}}


def _rule(each: RuleExplained) -> dict[str, Any]:
    explanation = each.explanation
    return {
        "rule": each.rule.id,
        "why": each.rule.why,
        "theme": each.rule.theme,
        "where": str(each.rule.place),
        "outcome": each.outcome,
        "failing": [_seen(seen) for seen in each.failing],
        "missing": list(each.missing),
        "effective": _seen(explanation.effective),
        "when": [_seen(seen) for seen in explanation.when],
        "any_of": [_group(group) for group in explanation.any_of],
        "unless": [_group(group) for group in explanation.unless],
        "became": [_ending(ending) for ending in each.endings],
    }


def _group(group: tuple[Seen, ...]) -> dict[str, Any]:
    return {"holds": group_truth(group), "conditions": [_seen(seen) for seen in group]}


def _seen(seen: Seen) -> dict[str, Any]:
    """A condition; `holds` is null where it is not known."""
    return {
        "fact": seen.condition.path,
        "expected": seen.condition.expected,
        "actual": seen.actual,
        "holds": seen.truth,
        "where": seen.condition.where,
    }


def _ending(ending: Ending) -> dict[str, Any]:
    return {
        "what": ending.what,
        "category": ending.category,
        "to": ending.to or None,
        "by": ending.by or None,
        "why": ending.why or None,
        "approval": ending.approval,
        "missing": list(ending.missing),
        "tried": [each.model_dump(mode="json") for each in ending.tried],
    }


def _why_not(answer: WhyNot) -> dict[str, Any]:
    return {
        "category": answer.category,
        "already": [_referral(made) for made in answer.already],
        "smallest": _counterfactual(answer.smallest),
        "mendable": _counterfactual(answer.mendable),
        "closed": [{"rule": each.rule, "why": each.why} for each in answer.closed],
        "gave_up_below": answer.at_least or None,
        "looked_at": answer.looked_at,
    }


def _counterfactual(found: Counterfactual | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "changes": [
            {"fact": each.path, "now": each.now, "then": each.then, "unchangeable": each.unchangeable}
            for each in found.changes
        ],
        "referrals": [_referral(made) for made in found.referrals],
    }


def _referral(made: ProposedReferral) -> dict[str, Any]:
    return {
        "rule": made.rule,
        "category": made.category,
        "service": made.service,
        "provider": made.provider,
        "urgency": made.urgency,
        "approval": made.approval,
    }
