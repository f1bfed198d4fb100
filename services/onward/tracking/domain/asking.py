"""What partners are asked: only what could still change the outcome, each fact of one partner, and never twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from onward.contracts import topics
from onward.contracts.decision import Decision
from onward.contracts.fact_kinds import Day, in_words
from onward.contracts.facts import FACTS
from onward.contracts.ids import derived_id
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import Escalation, Question, QuestionedFact
from onward.tracking.domain import escalations
from onward.tracking.domain.deadlines import answer_by
from onward.tracking.domain.model import Asked, Partners


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions that were asked or have changed, and what that tells whom."""

    questions: tuple[Asked, ...] = ()
    messages: tuple[Outgoing[Question], ...] = ()
    escalations: tuple[Outgoing[Escalation], ...] = ()


def _described(path: str) -> QuestionedFact:
    """A fact as a partner is asked for it. Not what it decides: that would say what is planned for the person."""
    fact = FACTS.get(path)
    if fact is not None:
        return QuestionedFact(path=path, why=fact.why, allowed=in_words(fact.kind))
    # A fact that identifies the person, so that no rule sees it: what is made of it says why it is asked.
    made = ", ".join(fact.why for fact in FACTS.values() if fact.asked_as == path)
    return QuestionedFact(path=path, why=made, allowed=in_words(Day()))


def _missing(decision: Decision) -> tuple[str, ...]:
    """The missing facts, each once, in the order the decision names them."""
    return tuple(dict.fromkeys(path for rule in decision.needs_information for path in rule.missing))


def _said(decision: Decision) -> frozenset[str]:
    """The facts that are known now, as partners are asked for them."""
    return frozenset(FACTS[path].asked_as if path in FACTS else path for path in decision.facts)


def _is_of_event(path: str) -> bool:
    return path.startswith("event.")


def _still_open(question: Asked, decision: Decision, said: frozenset[str], missing: Iterable[str]) -> tuple[str, ...]:
    same = question.contact_id in (decision.contact_id, decision.in_reply_to)
    return tuple(
        path
        for path in question.outstanding
        if not (path in said and (same or not _is_of_event(path)))  # nobody has said it
        and not (same and path not in missing)  # and it still matters
    )


def settle(decision: Decision, questions: Iterable[Asked], *, now: datetime) -> tuple[Asked, ...]:
    """The questions that this decision changes: answered, no longer of any use, or past their time."""
    said, missing = _said(decision), _missing(decision)
    unreferable = any(suppressed.closes == "all" for suppressed in decision.suppressed)
    changed: list[Asked] = []
    for question in questions:
        over = unreferable or (question.answer_by < now and question.contact_id != decision.contact_id)
        outstanding = () if over else _still_open(question, decision, said, missing)
        if outstanding != question.outstanding:
            changed.append(replace(question, outstanding=outstanding))
    return tuple(changed)


def _whom(path: str, decision: Decision, partners: Partners) -> str | None:
    """The one partner to ask: the contact's own source if it can answer, else another that knows the person."""
    others: list[str] = [] if _is_of_event(path) else sorted(decision.references.keys() - {decision.source})
    for source in (decision.source, *others):
        if source in decision.references and source in partners and partners[source](path):
            return source
    return None


def _nobody(paths: list[str], decision: Decision, *, now: datetime) -> tuple[Outgoing[Escalation], ...]:
    if not paths:
        return ()
    rule = next(rule.rule for rule in decision.needs_information if set(rule.missing) & set(paths))
    return (
        escalations.escalation(
            person=decision.person,
            contact_id=decision.contact_id,
            kind="nobody-can-answer",
            to=escalations.DUTY,
            urgency="next_working_day",
            rule=rule,
            why=f"No partner that knows this person can say: {', '.join(paths)}",
            at=now,
            apart=",".join(sorted(paths)),
        ),
    )


def ask(decision: Decision, questions: Iterable[Asked], *, partners: Partners, now: datetime) -> Asking:
    """
    Ask for the facts that are missing and have not been asked for.

    A fact is not asked again while a question for it is open and in time, nor ever again about the same contact.
    What no partner can say goes to a person on duty.
    """
    pending = {
        path
        for question in questions
        for path in (question.facts if question.contact_id == decision.contact_id else question.outstanding)
        if question.contact_id == decision.contact_id or not _is_of_event(path)
    }
    asked: dict[str, list[str]] = defaultdict(list)
    nobody: list[str] = []
    for path in _missing(decision):
        if path in pending:
            continue
        whom = _whom(path, decision, partners)
        (asked[whom] if whom else nobody).append(path)
    made = [_question(source, tuple(paths), decision, now=now) for source, paths in asked.items()]
    return Asking(
        tuple(question for question, _ in made),
        tuple(message for _, message in made),
        _nobody(nobody, decision, now=now),
    )


def _question(
    source: str, paths: tuple[str, ...], decision: Decision, *, now: datetime
) -> tuple[Asked, Outgoing[Question]]:
    asked = Asked(
        question_id=derived_id("question", str(decision.contact_id), source, *sorted(paths)),
        person=decision.person,
        contact_id=decision.contact_id,
        source=source,
        facts=paths,
        outstanding=paths,
        asked_at=now,
        answer_by=answer_by(decision),
    )
    question = Question(
        question_id=asked.question_id,
        contact_id=asked.contact_id,
        reference=decision.references[source],
        facts=tuple(_described(path) for path in paths),
        answer_by=asked.answer_by,
        asked_at=asked.asked_at,
    )
    return asked, topics.QUESTIONS.message(question, key=question.reference, of=source)
