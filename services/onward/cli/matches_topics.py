"""The questions whether two people are one, with the answer that counts to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from onward.chassis.clock import moment
from onward.cli import whole_topic
from onward.contracts import topics
from onward.contracts.matches import MatchDecision, MatchQuestion, MatchStatement, Verdict
from onward.releases.match_signing import signer_of_match
from onward.releases.signing import RefusedError, TrustedKeys


@dataclass(frozen=True, slots=True)
class AnsweredMatch:
    """A question, and what was answered last."""

    question: MatchQuestion
    verdict: Verdict | None = None
    """None: nobody whose key is trusted has answered."""
    by: str = ""
    at: datetime | None = None


async def read_all(bootstrap: str, trusted: TrustedKeys) -> list[AnsweredMatch]:
    """
    Every question, oldest first, each once.

    Raises:
        KafkaError: The broker is away, or lacks the topics.
        TimeoutError: The broker fell silent.
    """
    asked = [record.value async for record in whole_topic.records(bootstrap, topics.MATCH_QUESTIONS.name)]
    said = [
        (record.value, moment(record.timestamp))
        async for record in whole_topic.records(bootstrap, topics.MATCH_DECISIONS.name)
    ]
    return answered(asked, said, trusted)


def answered(
    asked: Iterable[bytes | None], said: Iterable[tuple[bytes | None, datetime]], trusted: TrustedKeys
) -> list[AnsweredMatch]:
    """
    Every question with its answer. What cannot be read, or was not signed by a trusted key, is left out.

    Args:
        asked: The records of `match-questions`.
        said: Those of `match-decisions`, each with when it was appended.
        trusted: The keys that may sign.
    """
    newest: dict[object, MatchDecision] = {}
    for value, at in said:
        decision = _counting(value, at, trusted)
        if decision is not None:
            before = newest.get(decision.statement.match_id)
            if before is None or before.statement.at <= decision.statement.at:
                newest[decision.statement.match_id] = decision
    found: dict[object, AnsweredMatch] = {}
    for value in asked:
        try:
            question = MatchQuestion.model_validate_json(value or b"")
        except ValidationError:
            continue
        answer = newest.get(question.match_id)
        found[question.match_id] = _with(question, answer.statement if answer else None)
    return sorted(found.values(), key=lambda one: max(each.occurred_at for each in one.question.people))


def _with(question: MatchQuestion, said: MatchStatement | None) -> AnsweredMatch:
    return AnsweredMatch(question) if said is None else AnsweredMatch(question, said.verdict, said.by, said.at)


def _counting(value: bytes | None, at: datetime, trusted: TrustedKeys) -> MatchDecision | None:
    try:
        decision = MatchDecision.model_validate_json(value or b"")
        signer_of_match(decision, trusted, at=at)
    except (ValidationError, RefusedError):
        return None
    return decision
