"""What the demo tells a person at the end: a dozen lives in plain words, the outcomes, and the books."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from onward.local.demo.books import Account
from onward.local.demo.ending import Observed, final_states
from onward.local.demo.playing import Playing

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


def tell(out: Console, playing: Playing, seen: Observed) -> None:
    """One story in plain words."""
    out.print(f"\n[bold]{playing.story.title}[/bold]")
    out.print(f"  {playing.story.tells}", highlight=False)
    for line in _lines(seen):
        out.print(f"  · {line}", highlight=False)


def _lines(seen: Observed) -> list[str]:
    lines = [line for decision in seen.decisions for line in _decided(decision, final_states(seen.steps))]
    for question in seen.asked:
        facts = ", ".join(words(fact["path"].replace(".", " ")) for fact in question["facts"][:_ASKED_SHOWN])
        more = len(question["facts"]) - _ASKED_SHOWN
        lines.append(f"Asked {question['partner']}: {facts}{f' and {more} more' if more > 0 else ''}.")
    lines += [f"Told {words(notice['to'])}: {words(notice['kind'])}." for notice in seen.escalations]
    lines += [f"A message was parked whole, to be mended: {words(reason)}." for reason in seen.parked]
    if seen.ignored:
        lines.append(f"{seen.ignored} message(s) rightly ignored.")
    return list(dict.fromkeys(lines))


def _decided(decision: Mapping[str, Any], final: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for stopped in decision["suppressed"]:
        yield f"No referral: {words(stopped['reason'])} (rule {stopped['rule']})."
    for referral in decision["referrals"]:
        state = final.get(referral["referral_id"])
        if state is not None:
            yield (
                f"{words(referral['category']).capitalize()}: the referral to {referral['provider']} "
                f"{_PLAIN[state['now']]}. Basis: {words(referral['legal_basis']['kind'])}. Why: {referral['why']}."
            )
    for unmet in decision["unmet"]:
        yield f"{words(unmet['category']).capitalize()}: nobody can take it (rule {unmet['rule']})."


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
