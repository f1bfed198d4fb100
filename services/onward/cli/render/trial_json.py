"""`onward try --json`: one object, always with every key."""

from typing import Any

from onward.cli.trial import Trial, TriedContact, shown
from onward.contracts.contact import Contact
from onward.contracts.decision import Decision, ProposedReferral
from onward.contracts.facts import FACTS_ADAPTER
from onward.contracts.situation import PastStatement

UNMET = "unmet-need"
WAITING = "waiting-referral"
DUTY = "duty-practitioner"
"""How, and to whom, `tracking` tells that nobody can take a need, or that a referral waits for another."""


def document(trial: Trial, *, reveal: bool) -> dict[str, Any]:
    """
    The object that is printed.

    Without *reveal* the value of an identifier, and of a fact that is personal, is null.
    """
    return {
        "intake": {
            "outcome": trial.outcome,
            "reason": trial.reason,
            "pointer": trial.pointer,
            "did_you_mean": trial.near_type or None,
            "left_out": [{"pointer": each.pointer, "reason": each.reason} for each in trial.left_out],
            "not_read": [{"pointer": each.pointer, "did_you_mean": each.resembles or None} for each in trial.not_read],
        },
        "feedback": trial.feedback.model_dump(mode="json") if trial.feedback else None,
        "contacts": [_contact(tried, reveal=reveal) for tried in trial.contacts],
    }


def _contact(tried: TriedContact, *, reveal: bool) -> dict[str, Any]:
    facts = FACTS_ADAPTER.dump_python(tried.decision.facts, mode="json")
    decision = tried.decision
    return {
        "type": tried.contact.type,
        "occurred_at": tried.contact.occurred_at.isoformat(),
        "identifiers": _identifiers(tried.contact, reveal=reveal),
        "facts": shown(facts, reveal=reveal),
        "history": {path: _past(past, reveal=reveal) for path, past in decision.history.items()},
        "disputed": {path: _past(found, reveal=reveal) for path, found in decision.disputed.items()},
        "decision": _decision(tried),
    }


def _past(past: PastStatement, *, reveal: bool) -> dict[str, Any]:
    return {"value": past.value if reveal else None, "on": past.on.isoformat(), "by": past.by}


def _identifiers(contact: Contact, *, reveal: bool) -> list[dict[str, str | None]]:
    return [{"type": each.type, "value": each.value if reveal else None} for each in contact.identifiers]


def _decision(tried: TriedContact) -> dict[str, Any]:
    decision = tried.decision
    return {
        "referrals": [_referral(each, tried.disclosed[each.referral_id]) for each in decision.referrals],
        "notices": _notices(decision),
        "needs_information": [
            {"rule": each.rule, "missing": list(each.missing)} for each in decision.needs_information
        ],
        "suppressed": [{"rule": each.rule, "reason": each.reason} for each in decision.suppressed],
        "covered": [{"rule": each.rule, "by": each.by} for each in decision.covered],
    }


def _notices(decision: Decision) -> list[dict[str, str]]:
    """Who is told what: by the rules, and of each need that nobody can take or that waits, as tracking tells it."""
    noticed = [{"kind": each.kind, "to": each.to, "rule": each.rule} for each in decision.notices]
    unmet = [{"kind": UNMET, "to": DUTY, "rule": each.rule} for each in decision.unmet]
    waiting = [{"kind": WAITING, "to": DUTY, "rule": each.rule} for each in decision.waiting]
    return noticed + unmet + waiting


def _referral(referral: ProposedReferral, disclosed: tuple[str, ...]) -> dict[str, Any]:
    return {
        "category": referral.category,
        "provider": referral.provider,
        "legal_basis": referral.legal_basis.kind,
        "urgency": referral.urgency,
        "rule": referral.rule,
        "disclosed": list(disclosed),
    }
