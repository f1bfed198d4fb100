"""Erasures that were asked for, and how far each is, as the topics say."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from onward.cli import whole_topic
from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.erasure import ErasedPerson, Erasure, ErasureReport
from onward.contracts.topics import Topic

M = TypeVar("M", bound=Message)

REPORTING = ("people", "tracking")
"""The services that keep anything of a person, each of which reports."""


@dataclass(frozen=True, slots=True)
class ErasureStanding:
    """One erasure: who signed it, and who has done its part."""

    erasure: Erasure
    """With as many signatures as there are."""
    erased: ErasedPerson | None
    reports: tuple[ErasureReport, ...]

    @property
    def state(self) -> str:
        """`second_signature_awaited`, `asked_for`, `erasing`, `erased`, `nobody_known` or `several_people`."""
        if len(self.erasure.signatures) < 2:
            return "second_signature_awaited"
        refused = [report.outcome for report in self.reports if report.outcome != "erased"]
        if refused:
            return refused[0]
        return "erased" if not self.waits_for else "erasing" if self.reports else "asked_for"

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The services that have not reported."""
        if any(report.outcome != "erased" for report in self.reports):
            return ()
        done = {report.service for report in self.reports}
        return tuple(service for service in REPORTING if service not in done)


async def progress_of(bootstrap: str, erasure_id: UUID) -> ErasureStanding | None:
    """
    How far an erasure is; None if nobody asked for it.

    Raises:
        KafkaError, TimeoutError: the broker is away, or lacks the topics.
    """
    asked = [one for one in await _all(bootstrap, topics.ERASURES) if one.statement.erasure_id == erasure_id]
    if not asked:
        return None
    told = [one for one in await _all(bootstrap, topics.ERASED_PERSONS) if one.erasure_id == erasure_id]
    reports = [one for one in await _all(bootstrap, topics.ERASURE_REPORTS) if one.erasure_id == erasure_id]
    signed = max(asked, key=lambda one: len(one.signatures))
    return ErasureStanding(signed, told[0] if told else None, tuple({one.service: one for one in reports}.values()))


async def _all(bootstrap: str, topic: Topic[M]) -> list[M]:
    found: list[M] = []
    async for record in whole_topic.records(bootstrap, topic.name):
        try:
            found.append(topic.model.model_validate_json(record.value or b""))
        except ValidationError:
            continue
    return found
