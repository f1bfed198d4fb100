"""What partners are asked: what could change the outcome, and what nobody else's word shows; once an episode."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from onward.calendar.times import london_day
from onward.calendar.working_days import add_working_days, working_days_between
from onward.contracts.asking import FINDINGS, worth_asking
from onward.contracts.decision import Decision
from onward.contracts.facts import FACTS
from onward.contracts.ids import derived_id
from onward.tracking.domain.changes import FactsUnanswerable, QuestionAsked, QuestionSettled
from onward.tracking.domain.model import OpenQuestion, Partners

_TO_ANSWER = 2
"""Working days a partner has to answer a question, unless the person will be gone before."""
_LONGEST_EPISODE = timedelta(days=183)
"""After half a year the same reference is as good as another episode: what was answered then decides no longer."""


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
    Ask the contact's own partner for what it can find out while it has the person before it, once an episode.

    What it is asked for follows from its own contacts and from what it was asked before, and from nothing that another
    partner said. What is missing for a need that somebody found, and no partner can say, goes to a person on duty.

    Args:
        decision: What routing decided.
        asked_before: The person's open questions, and every question about the contact or its episode.
        partners: Every partner, and which facts it can be asked for at which contacts.
        now: When the decision arrived.
    """
    before = list(asked_before)
    paths = tuple(
        path
        for path in decision.to_ask
        if _can_be_asked(path, decision, partners)
        and not any(_was_asked(path, question, decision, now) for question in before)
    )
    asked = (_question(paths, decision, now=now),) if paths else ()
    return (*asked, *_unanswerable(decision, [*before, *(each.question for each in asked)], now=now))


def _can_be_asked(path: str, decision: Decision, partners: Partners) -> bool:
    """Whether the decision's partner can find it out, and has the person before it still."""
    source = decision.source
    if source not in decision.references or source not in partners:
        return False
    met, told = london_day(decision.occurred_at), london_day(decision.received_at)
    still = working_days_between(met, told) <= _TO_ANSWER
    return still and partners[source].asked(path, decision.contact_type, risk_unread=decision.risk_unread)


def _was_asked(path: str, question: OpenQuestion, decision: Decision, now: datetime) -> bool:
    """
    Whether *question* has asked the decision's partner for a fact in this episode already.

    Whether it was answered is another matter: that may have been by somebody else, of whom this partner must not hear.
    """
    if question.source != decision.source or path not in question.facts:
        return False
    if question.contact_id == decision.contact_id:
        return True
    lately = now - question.asked_at < _LONGEST_EPISODE
    return not _is_of_event(path) and lately and question.episode == _episode(decision)


def _episode(decision: Decision) -> UUID:
    return decision.episode or decision.contact_id


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


def _question(paths: tuple[str, ...], decision: Decision, *, now: datetime) -> QuestionAsked:
    question = OpenQuestion(
        question_id=derived_id("question", str(decision.contact_id), decision.source, *sorted(paths)),
        person=decision.person,
        contact_id=decision.contact_id,
        episode=_episode(decision),
        source=decision.source,
        facts=paths,
        outstanding=paths,
        asked_at=now,
        answer_by=_answer_by(decision),
    )
    return QuestionAsked(question=question, reference=decision.references[decision.source])


def _unanswerable(
    decision: Decision, questions: Iterable[OpenQuestion], *, now: datetime
) -> tuple[FactsUnanswerable, ...]:
    """
    What is missing for a need that was found, and nobody is asked for, or was asked for and did not say in time.

    That nobody has looked for a need is no reason to call anybody: whoever meets the person next is asked.
    """
    asked = {
        path
        for question in questions
        if question.answer_by >= now or question.contact_id == decision.contact_id
        for path in question.facts
    }
    found = [need for need in decision.needs_information if FINDINGS.isdisjoint(need.missing)]
    paths = tuple(path for path in worth_asking(found, decision.facts) if path not in asked)
    if not paths:
        return ()
    rule = next(rule.rule for rule in found if set(rule.missing) & set(paths))
    return (
        FactsUnanswerable(
            person=decision.person,
            contact_id=decision.contact_id,
            rule=rule,
            at=now,
            paths=paths,
            episode=_episode(decision),
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
