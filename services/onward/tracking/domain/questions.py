"""What partners are asked: only what could still change the outcome, each fact of one partner, and never twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from onward.calendar.working_days import add_working_days
from onward.contracts.decision import Decision
from onward.contracts.facts import FACTS
from onward.contracts.ids import derived_id
from onward.tracking.domain.changes import FactsUnanswerable, QuestionAsked, QuestionSettled
from onward.tracking.domain.model import OpenQuestion, Partners

_TO_ANSWER = 2
"""Working days a partner has to answer a question, unless the person will be gone before."""


def settle(decision: Decision, questions: Iterable[OpenQuestion], *, now: datetime) -> tuple[QuestionSettled, ...]:
    """The questions that this decision changes: answered, no longer of any use, or past their time."""
    known, missing = _known(decision), _missing(decision)
    unreferable = any(suppressed.closes == "all" for suppressed in decision.suppressed)
    settled: list[QuestionSettled] = []
    for question in questions:
        over = unreferable or (question.answer_by < now and question.contact_id != decision.contact_id)
        outstanding = () if over else _still_open(question, decision, known, missing)
        if outstanding != question.outstanding:
            settled.append(QuestionSettled(question=replace(question, outstanding=outstanding)))
    return tuple(settled)


def ask(
    decision: Decision, asked_before: Iterable[OpenQuestion], *, partners: Partners, now: datetime
) -> tuple[QuestionAsked | FactsUnanswerable, ...]:
    """
    Ask for the facts that are missing and have not been asked for.

    A fact is not asked again while a question for it is open and in time, nor ever again about the same contact.
    What no partner can say goes to a person on duty.
    """
    pending = {
        path
        for question in asked_before
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
    questions = (_question(source, tuple(paths), decision, now=now) for source, paths in asked.items())
    return (*questions, *_unanswerable(nobody, decision, now=now))


def _missing(decision: Decision) -> tuple[str, ...]:
    """The missing facts, each once, in the order the decision names them."""
    return tuple(dict.fromkeys(path for rule in decision.needs_information for path in rule.missing))


def _known(decision: Decision) -> frozenset[str]:
    """The facts that are known now, as partners are asked for them."""
    return frozenset(FACTS[path].asked_as if path in FACTS else path for path in decision.facts)


def _is_of_event(path: str) -> bool:
    return path.startswith("event.")


def _still_open(
    question: OpenQuestion, decision: Decision, known: frozenset[str], missing: Iterable[str]
) -> tuple[str, ...]:
    same = question.contact_id in (decision.contact_id, decision.in_reply_to)
    return tuple(
        path
        for path in question.outstanding
        if not (path in known and (same or not _is_of_event(path)))  # nobody has said it
        and not (same and path not in missing)  # and it still matters
    )


def _whom(path: str, decision: Decision, partners: Partners) -> str | None:
    """The one partner to ask: the contact's own source if it can answer, else another that knows the person."""
    others: list[str] = [] if _is_of_event(path) else sorted(decision.references.keys() - {decision.source})
    for source in (decision.source, *others):
        if source in decision.references and source in partners and partners[source](path):
            return source
    return None


def _question(source: str, paths: tuple[str, ...], decision: Decision, *, now: datetime) -> QuestionAsked:
    question = OpenQuestion(
        question_id=derived_id("question", str(decision.contact_id), source, *sorted(paths)),
        person=decision.person,
        contact_id=decision.contact_id,
        source=source,
        facts=paths,
        outstanding=paths,
        asked_at=now,
        answer_by=_answer_by(decision),
    )
    return QuestionAsked(question=question, reference=decision.references[source])


def _unanswerable(paths: list[str], decision: Decision, *, now: datetime) -> tuple[FactsUnanswerable, ...]:
    if not paths:
        return ()
    rule = next(rule.rule for rule in decision.needs_information if set(rule.missing) & set(paths))
    return (
        FactsUnanswerable(
            person=decision.person, contact_id=decision.contact_id, rule=rule, at=now, paths=tuple(paths)
        ),
    )


def _answer_by(decision: Decision) -> datetime:
    """
    When a partner is to have answered: in two working days, or before a custody or section 136 clock runs out.

    At least one hour from when the partner's message arrived.
    """
    ordinary = add_working_days(decision.received_at, _TO_ANSWER)
    hours_left = decision.facts.get("event.nearest_deadline_hours")
    if hours_left is None:
        return ordinary
    return min(ordinary, decision.received_at + timedelta(hours=max(1, hours_left)))
