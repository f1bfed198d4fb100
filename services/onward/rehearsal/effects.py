"""What came of one step, by kind, as plain values: people are told of it, and expectations are held against it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from uuid import UUID

from onward.contracts.ids import referral_id_anew

Document: TypeAlias = Mapping[str, Any]

_KINDS: Final = (
    "sent", "withdrawals", "referrals", "escalations", "questions", "matches", "statuses", "feedback", "suppressed",
    "unmet", "waiting", "ignored", "parked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record on a topic of ours, read."""

    topic: str
    headers: Mapping[str, str]
    value: bytes


@dataclass(slots=True)
class StepEffects:
    """What came of a step."""

    sent: list[Document] = field(default_factory=list[Document])
    """What providers received."""
    withdrawals: list[Document] = field(default_factory=list[Document])
    """What providers were told to stop."""
    referrals: list[Document] = field(default_factory=list[Document])
    """How every referral stands after it, in the order in which they were made."""
    escalations: list[Document] = field(default_factory=list[Document])
    questions: list[Document] = field(default_factory=list[Document])
    matches: list[Document] = field(default_factory=list[Document])
    """Questions whether two people are one."""
    statuses: list[Document] = field(default_factory=list[Document])
    feedback: list[Document] = field(default_factory=list[Document])
    """What partners were told of messages of theirs."""
    suppressed: list[Document] = field(default_factory=list[Document])
    unmet: list[Document] = field(default_factory=list[Document])
    waiting: list[Document] = field(default_factory=list[Document])
    ignored: list[Document] = field(default_factory=list[Document])
    parked: list[Document] = field(default_factory=list[Document])
    facts: list[Document] = field(default_factory=list[Document])
    """What each decision stood on."""
    contacts: int = 0
    """How many were made."""
    people: int = 0
    """How many are known by now."""

    def of(self, kind: str) -> Sequence[Document]:
        """All of one kind."""
        found: Sequence[Document] = getattr(self, kind)
        return found

    def document(self, *, reveal: bool) -> dict[str, Any]:
        """As one JSON object, always with every kind; without *reveal* no value of a field or a fact."""
        kinds = {kind: [_shown(each, reveal=reveal) for each in self.of(kind)] for kind in _KINDS}
        facts = [dict(each) if reveal else dict.fromkeys(each) for each in self.facts]
        return {**kinds, "facts": facts, "contacts": self.contacts, "people": self.people}


def _shown(thing: Document, *, reveal: bool) -> dict[str, Any]:
    shown = dict(thing)
    if "disclosed" in shown and not reveal:
        shown["disclosed"] = dict.fromkeys(shown["disclosed"])
    return shown


class EffectsReader:
    """Reads what each step led to, and remembers from step to step how referrals stand and who is known."""

    def __init__(self) -> None:
        self.contacts: list[str] = []
        """The contacts made so far, by our own ids."""
        self._proposals: dict[str, Document] = {}
        self._standings: dict[str, dict[str, Any]] = {}
        self._persons: dict[str, str] = {}
        self.sent: list[Document] = []
        """All that providers received so far."""
        self.matches: list[Document] = []
        """Each question whether two people are one so far, in full."""
        self.approvals: list[Document] = []
        """Each request for somebody's approval so far."""

    def read(self, records: Iterable[SeenRecord], ignored: Iterable[tuple[str, str]]) -> StepEffects:
        """
        What came of a step.

        Args:
            records: All that services published.
            ignored: The service and the reason of each record that was ignored.
        """
        made = StepEffects()
        for record in records:
            self._take(record, made)
        made.ignored = [{"service": service, "reason": reason} for service, reason in ignored]
        made.referrals = [dict(each) for each in self._standings.values()]
        made.people = len(set(self._persons.values()))
        return made

    @property
    def undecided(self) -> bool:
        """Whether a contact that was made has no decision yet."""
        return not self._persons.keys() >= set(self.contacts)

    def _take(self, record: SeenRecord, made: StepEffects) -> None:
        family, _, member = record.topic.partition(".")
        match family:
            case "contacts":
                self._made(_document(record)["contact_id"], made)
            case "decisions":
                self._decided(_document(record), made)
            case "referrals":
                body = _document(record)
                if "disclosed" in body:
                    self._sent(member, body, made)
                else:
                    self._withdrawn(member, body, made)
            case "referral-events":
                self._moved(_document(record))
            case "escalations":
                self._raised(_document(record), made)
            case "match-questions":
                body = _document(record)
                self.matches.append(body)
                made.matches.append(_parts(body, "shared", "agree", "differ"))
            case "questions" | "status" | "feedback":
                _heard(family, member, _document(record), made)
            case "parked":
                told = {name: record.headers.get(name, "") for name in ("reason", "pointer", "origin")}
                made.parked.append({"service": member, **told})
            case _:
                pass

    def _made(self, contact: str, made: StepEffects) -> None:
        """What a partner repeats is the same contact again."""
        if contact not in self.contacts:
            self.contacts.append(contact)
            made.contacts += 1

    def _decided(self, decision: Document, made: StepEffects) -> None:
        self._persons[decision["contact_id"]] = decision["person"]
        self._proposals |= {each["referral_id"]: each for each in decision["referrals"]}
        # Made again after two people were parted, it has another id.
        anew = ((referral_id_anew(UUID(each["referral_id"])), each) for each in decision["referrals"])
        self._proposals |= {str(referral_id): each for referral_id, each in anew}
        made.facts.append(decision["facts"])
        made.suppressed += [_parts(each, "reason", "rule", "stopped", "closes") for each in decision["suppressed"]]
        made.unmet += [_parts(each, "category", "rule") for each in decision["unmet"]]
        made.waiting += [_parts(each, "category", "rule", "why") for each in decision["waiting"]]

    def _sent(self, provider: str, referral: Document, made: StepEffects) -> None:
        proposal = self._proposals.get(referral["referral_id"], {})
        plan = referral.get("plan") or {"kind": None, "leads": False, "services": []}
        sent = {
            "referral_id": referral["referral_id"],
            "category": referral["category"],
            "provider": provider,
            "service": proposal.get("service"),
            "urgency": referral["urgency"],
            "basis": referral["legal_basis"]["kind"],
            "rule": proposal.get("rule"),
            "why": proposal.get("why"),
            "plan": plan["kind"],
            "leads": plan["leads"],
            "beside": plan["services"],
            "follows": referral.get("earlier") is not None,
            "disclosed": referral["disclosed"],
        }
        made.sent.append(sent)
        self.sent.append(sent)

    def _withdrawn(self, provider: str, withdrawal: Document, made: StepEffects) -> None:
        proposal = self._proposals.get(withdrawal["referral_id"], {})
        made.withdrawals.append(
            {"category": proposal.get("category"), "provider": provider, "reason": withdrawal["reason"]}
        )

    def _moved(self, event: Document) -> None:
        standing = {**_parts(event, "referral_id", "category", "provider"), "status": event["now"]}
        self._standings[event["referral_id"]] = standing

    def _raised(self, escalation: Document, made: StepEffects) -> None:
        call = {**_parts(escalation, "kind", "to", "urgency", "rule", "why"), "news": escalation["revision"] > 0}
        made.escalations.append(call)
        if escalation["kind"] == "approval-needed":
            proposal = self._proposals.get(str(escalation["referral_id"]), {})
            asked = _parts(escalation, "referral_id", "to")
            self.approvals.append({**asked, **_parts(proposal, "category", "provider", "service")})


def _parts(document: Document, *names: str) -> dict[str, Any]:
    return {name: document.get(name) for name in names}


def _heard(family: str, partner: str, body: Document, made: StepEffects) -> None:
    """What a partner is asked or told."""
    match family:
        case "questions":
            made.questions.append({"to": partner, "asks": [fact["path"] for fact in body["facts"]]})
        case "status":
            told = {name: body[name] for name in ("category", "status", "reason", "closure_reason")}
            made.statuses.append({"to": partner, **told})
        case _:
            reasons = [fault["reason"] for fault in body["faults"]]
            made.feedback.append({"to": partner, "outcome": body["outcome"], "reasons": reasons})


def _document(record: SeenRecord) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(record.value)
    return document
