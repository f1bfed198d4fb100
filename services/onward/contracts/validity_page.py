"""`docs/fact-validity.md`: for how long each fact may decide."""

from collections.abc import Iterator

from onward.contracts.facts import FACTS
from onward.contracts.validity import Validity, validity_of

PAGE = "fact-validity.md"

_HEAD = """# For how long a fact may decide

<!-- Written by `make schemas` from `contracts/validity.py`; change that, and not this page. -->

Nothing that was said decides for ever. A fact decides in the contact that says it, and afterwards for as many days as
stand here; older, it is unknown again to rules, as if nobody had said it, so that a rule asks rather than acts. What
was said stays in the situation and in the decision as `history`, with its day and who said it, for people to see:
`onward rules explain` and `onward try` say "said on 10 January 2024, too old to decide".

Days are London days, from the one on which it was said (a consent: the day it was given) to the one on which the
record arrived that is decided on. No clock is read: a decision that is made again sees the same. The newest word
counts: where it is too old, nothing older takes its place.

**Taken over**: a contact tells that health services have the person: section 136, voluntary attendance, conveyance, or
hospital. From that contact on nothing that was said before of the crisis decides. That a crisis team has accepted a
referral is known to the ledger, which makes no second one while the first is open.

**Episode**: what one partner does under one reference of its own. It ends with `custody.disposed` (unless the person
stays in police custody), `caution.completed` or `mha.s136-ended`; a consent given in it still counts in that contact,
and in answers to questions about it. A refusal that names one provider never grows old.

| Fact | Decides for | Why | Source |
|---|---|---|---|
"""


def validity_page() -> dict[str, str]:
    """The page, by its file name."""
    return {PAGE: _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in _rows())}


def _rows() -> Iterator[tuple[str, str, str, str]]:
    alike: dict[tuple[str, str, str], list[str]] = {}
    for path, fact in sorted(FACTS.items()):
        validity = validity_of(path)
        if validity is not None and not (fact.derived or fact.of_event):
            alike.setdefault((duration(validity), validity.why, validity.source), []).append(f"`{path}`")
    for (days, why, source), paths in alike.items():
        yield ", ".join(paths), days, why, source or "our judgement"


def duration(validity: Validity) -> str:
    """For how long a fact may decide, in words."""
    days = "until something newer is said" if validity.days is None else f"{validity.days} days"
    shorter = [f"{value.replace('_', ' ')}: {number} days" for value, number in validity.of_values.items()]
    ends = [
        text
        for text, applies in (
            ("at most, until somebody takes the person over", validity.until_taken_over),
            ("at most, until the episode ends", validity.until_episode_ends),
        )
        if applies
    ]
    return ", ".join([f"{days} {ends[0]}" if ends else days, *shorter])
