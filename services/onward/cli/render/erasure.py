"""Erasures, in words and as JSON: nobody is named, and no value of anybody's record is shown."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from onward.calendar.times import LONDON
from onward.cli.erasure_report import WholeReport
from onward.cli.erasures_topics import ErasureStanding
from onward.cli.render.output import number_of, visible
from onward.contracts.erasure import ErasureReport, ErasureStatement
from onward.people.subject import SubjectRecord

_STATES = {
    "second_signature_awaited": "Asked for; a second person has to confirm it.",
    "asked_for": "Confirmed; no service has done its part yet.",
    "erasing": "Some services have done their part.",
    "erased": "Erased.",
    "nobody_known": "Nothing was erased: nobody was known by that.",
    "several_people": "Nothing was erased: that names several people; ask again with --person.",
}
_BECAUSE = {
    "provider_must_acknowledge": "a provider must be told to stop, and say that it has",
    "accountability": "who looked must be accounted for (UK GDPR Article 5(2))",
    "stops_replays": "so that what is sent again brings nobody back",
    "somebody_elses": "somebody else has it too",
    "topic_retention": "it ends with its topic",
    "own_controller": "it was disclosed: the recipient has it as a controller of its own",
    "sealed_until_retention": "sealed, and ends with its topic",
}


def asked(statement: ErasureStatement, known: SubjectRecord) -> str:
    """What the second person needs to know."""
    return "\n".join(
        (
            f"Asked for: {statement.erasure_id}",
            f"  {number_of(len(known.contacts), 'contact')}, the last on {_day(known.contacts[-1].occurred_at)}",
            f"  {number_of(len(statement.parked), 'parked original')} of theirs",
            f"A second person confirms it: onward erase --confirm {statement.erasure_id}",
        )
    )


def asked_document(statement: ErasureStatement, known: SubjectRecord) -> dict[str, Any]:
    """As one JSON object."""
    return {
        "ok": True,
        "erasure_id": str(statement.erasure_id),
        "contacts": len(known.contacts),
        "last_contact_at": known.contacts[-1].occurred_at.isoformat(),
        "parked": list(statement.parked),
    }


def text(report: WholeReport) -> str:
    """The report, for people."""
    return "\n".join(map(visible, _lines(report)))


def document(report: WholeReport) -> dict[str, Any]:
    """The report, for programs."""
    progress = report.progress
    statement = progress.erasure.statement
    return {
        "ok": True,
        "erasure_id": str(statement.erasure_id),
        "state": progress.state,
        "whom": statement.whom,
        "ground": statement.ground,
        "reason": statement.reason,
        "asked_at": statement.at.isoformat(),
        "signed_by": [each.by for each in progress.erasure.signatures],
        "waits_for": list(progress.waits_for),
        "services": [each.model_dump(mode="json", exclude={"erasure_id"}) for each in progress.reports],
        "waiting_for_providers": report.waiting_for_providers,
        "topics": [
            {
                "topic": each.topic,
                "records": each.count,
                "in_the_clear": each.in_the_clear,
                "because": because(each.topic),
                "last_ends_at": each.ends_at.isoformat(),
            }
            for each in report.topics
        ],
        "parked": [{"place": place, "ends_at": ends.isoformat()} for place, ends in report.parked],
    }


def because(topic: str) -> str:
    """Why what stands on a topic stays."""
    return "own_controller" if topic.startswith("referrals.") else "topic_retention"


def _lines(report: WholeReport) -> Iterator[str]:
    yield from _asked(report.progress)
    for done in report.progress.reports:
        yield from _done(done)
    if report.waiting_for_providers:
        yield f"Still to be acknowledged by providers: {number_of(report.waiting_for_providers, 'referral')}"
    for left in report.topics:
        kind = "in the clear" if left.in_the_clear else "under a pseudonym, or sealed under a key that is gone"
        yield f"Topic {left.topic}: {number_of(left.count, 'record')}, {kind}; the last ends {_day(left.ends_at)}"
        if because(left.topic) == "own_controller":
            yield f"  {_BECAUSE['own_controller']}"
    for place, ends in report.parked:
        yield f"Parked {place}: an original, sealed to those who mend; ends {_day(ends)}"


def _asked(progress: ErasureStanding) -> Iterator[str]:
    statement, signatures = progress.erasure.statement, progress.erasure.signatures
    yield f"Erasure {statement.erasure_id}: {_STATES[progress.state]}"
    yield f"  whom: {statement.whom}"
    yield f"  ground: {statement.ground.replace('_', ' ')} (UK GDPR Article 17(1)); reason: {statement.reason}"
    yield f"  asked for by {statement.by} on {_moment(statement.at)}"
    for each in signatures[1:]:
        yield f"  confirmed by {each.by}"
        for service in progress.waits_for:
            yield f"  {service} has not done its part yet"


def _done(done: ErasureReport) -> Iterator[str]:
    yield f"{done.service}, {_moment(done.at)}"
    for what, count in done.erased.items():
        if count:
            yield f"  gone: {count} {what}"
    for kept in done.kept:
        until = f", until {kept.until}" if kept.until else ""
        yield f"  stays: {kept.count} {kept.what}{until}: {_BECAUSE[kept.because]}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d %b %Y %H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d %b %Y}"
