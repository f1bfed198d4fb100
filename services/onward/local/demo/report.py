"""What the demo tells a person at the end: a dozen lives in plain words, the outcomes, and the books."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from onward.local.demo.books import Account
from onward.local.demo.playing import Playing
from onward.rehearsal.effects import StepEffects

_PLAIN = {
    "AWAITING_APPROVAL": "waits for a named person's approval",
    "READY": "is ready to go",
    "SENT": "was sent; the provider has not answered yet",
    "DELIVERY_FAILED": "could not be delivered; a person on duty has been told",
    "RECEIVED": "was received",
    "INFO_REQUESTED": "was received; the provider asks for more",
    "ACCEPTED": "was accepted",
    "REJECTED": "was refused; a person on duty has been told",
    "WITHDRAWN": "was withdrawn",
    "CLOSED_DECEASED": "was closed, because the person has died",
}

_ASKED_SHOWN = 4


def words(text: str) -> str:
    """A code as words: `SUBSTANCE_ALCOHOL` is "substance alcohol"."""
    return text.replace("_", " ").replace("-", " ").lower()


def tell(out: Console, playing: Playing, steps: Sequence[StepEffects]) -> None:
    """One scenario in plain words."""
    out.print(f"\n[bold]{playing.scenario.title}[/bold]")
    out.print(f"  {playing.scenario.tells}", highlight=False)
    for line in dict.fromkeys(_lines(steps)):
        out.print(f"  · {line}", highlight=False)


def _lines(steps: Sequence[StepEffects]) -> Iterator[str]:
    stands = {each["referral_id"]: each for each in (steps[-1].referrals if steps else ())}
    for step in steps:
        for stop in step.suppressed:
            yield f"No referral: {words(stop['reason'])} (rule {stop['rule']})."
        for sent in step.sent:
            yield (
                f"{words(sent['category']).capitalize()}: the referral to {sent['provider']} "
                f"{_PLAIN[stands[sent['referral_id']]['status']]}. Basis: {words(sent['basis'])}. Why: {sent['why']}."
            )
        for need in step.unmet:
            yield f"{words(need['category']).capitalize()}: nobody can take it (rule {need['rule']})."
    told = {sent["referral_id"] for step in steps for sent in step.sent}
    for referral, each in stands.items():
        if referral not in told:
            yield f"{words(each['category']).capitalize()}: the referral {_PLAIN[each['status']]}."
    for step in steps:
        yield from map(_asked, step.questions)
        yield from (f"Told {words(call['to'])}: {words(call['kind'])}." for call in step.escalations)
        yield from (f"A message was parked whole, to be mended: {words(each['reason'])}." for each in step.parked)
    ignored = sum(len(step.ignored) for step in steps)
    if ignored:
        yield f"{ignored} message(s) rightly ignored."


def _asked(question: Mapping[str, Any]) -> str:
    facts = ", ".join(words(path.replace(".", " ")) for path in question["asks"][:_ASKED_SHOWN])
    more = len(question["asks"]) - _ASKED_SHOWN
    return f"Asked {question['to']}: {facts}{f' and {more} more' if more > 0 else ''}."


def final_states(steps: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """
    The last step of each referral.

    Steps of one referral can reach the topic in another order than they were taken (they come from different
    partitions), so the last is the one that leads to a state from which no other step goes on.
    """
    by_referral: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        by_referral.setdefault(step["referral_id"], []).append(step)
    final: dict[str, Mapping[str, Any]] = {}
    for referral, taken in by_referral.items():
        left = Counter(step["was"] for step in taken)
        ends = [step for step in taken if not left[step["now"]]]
        final[referral] = ends[-1] if ends else taken[-1]
    return final


def outcomes(out: Console, decisions: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]) -> None:
    """The table of outcomes by source, and the one of referrals by category."""
    by_source = Table(title="Decisions by source", title_justify="left")
    for column in ("source", "contacts", "referrals", "questions to ask", "stopped", "notices"):
        by_source.add_column(column, justify="left" if column == "source" else "right")
    for source in sorted({decision["source"] for decision in decisions}):
        mine = [decision for decision in decisions if decision["source"] == source]
        counts = (
            len({decision["contact_id"] for decision in mine}),
            sum(len(decision["referrals"]) for decision in mine),
            sum(bool(decision["needs_information"]) for decision in mine),
            sum(bool(decision["suppressed"]) for decision in mine),
            sum(len(decision["notices"]) for decision in mine),
        )
        by_source.add_row(source, *map(str, counts))
    out.print(by_source)
    final = final_states(steps).values()
    states = sorted({step["now"] for step in final})
    by_category = Table(title="Referrals by category, as they stand", title_justify="left")
    by_category.add_column("category")
    for state in states:
        by_category.add_column(words(state), justify="right")
    for category in sorted({step["category"] for step in final}):
        counted = Counter(step["now"] for step in final if step["category"] == category)
        by_category.add_row(words(category), *(str(counted[state] or "") for state in states))
    out.print(by_category)


def books(out: Console, accounts: Sequence[Account]) -> None:
    """The books, one row for each topic, families summed."""
    table = Table(title="The books", title_justify="left")
    for column in ("topic", "records", "how each ended", "lost", "doubled"):
        table.add_column(column, justify="left" if column in ("topic", "how each ended") else "right")
    for row in accounts:
        ended = ", ".join(f"{count} {outcome}" for outcome, count in sorted(row.outcomes.items()) if count)
        table.add_row(row.topic, str(row.records), ended or "for partners and people", str(row.lost), str(row.doubled))
    out.print(table)
    lost, doubled = sum(row.lost for row in accounts), sum(row.doubled for row in accounts)
    total = sum(row.records for row in accounts)
    out.print(f"{total} records in {len(accounts)} kinds of topic: {lost} lost, {doubled} doubled.", highlight=False)
