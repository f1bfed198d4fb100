"""`onward try` for people: what would happen, why, what is missing, and what must not happen."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

from onward.calendar.times import LONDON
from onward.cli.printing import visible
from onward.cli.trial import Trial, TriedContact, shown
from onward.contracts.decision import (
    Covered,
    Held,
    NeedsInformation,
    Notice,
    ProposedReferral,
    Suppressed,
    Tried,
    Unmet,
    Waiting,
)

Style = Callable[[str, str], str]
"""Colours a text: `style(text, "green")`."""

_INDENT = "    "


def words(trial: Trial, *, reveal: bool, width: int, style: Style) -> Iterator[str]:
    """
    The lines to print.

    Args:
        trial: What became of the message.
        reveal: Whether personal values may be printed.
        width: Columns of the terminal.
        style: How a text gets its colour; without a terminal it gives the text back.
    """
    page = _Page(width, style)
    if trial.outcome == "ignored" and trial.unknown_type:
        yield from page.heading("Ignored", f"nobody here knows this type, and nobody acts on it: {trial.reason}", "red")
        yield from page.lines(
            [
                f"Did you mean `{trial.near_type}`?" if trial.near_type else "",
                "It would be counted, and dropped. `onward types` lists the types that are known.",
            ]
        )
    elif trial.outcome == "ignored":
        yield from page.heading("Ignored", f"understood, and rightly nothing to do: {trial.reason}", "yellow")
    elif trial.outcome == "parked":
        where = f" at {trial.pointer}" if trial.pointer else ""
        yield from page.heading("Parked", f"cannot be handled: {trial.reason}{where}", "red")
        yield from page.lines([trial.detail])
        yield from page.lines(["It would be kept whole, sealed, for a person to mend."])
    yield from _not_read(trial, page)
    for tried in trial.contacts:
        yield from _contact(tried, page, reveal=reveal)


def _not_read(trial: Trial, page: "_Page") -> Iterator[str]:
    for each in trial.not_read:
        if each.resembles:
            yield from page.heading("Not read", f"{each.pointer}; did you mean `{each.resembles}`?", "red")
    others = [each.pointer for each in trial.not_read if not each.resembles]
    if others:
        yield from page.heading("Not read", f"{', '.join(others)} (nothing here reads these)", "yellow")


class _Page:
    """Wraps text to a width."""

    def __init__(self, width: int, style: Style) -> None:
        self._width = max(40, width)
        self._style = style

    def heading(self, word: str, text: str, colour: str) -> Iterator[str]:
        """A line that begins with a coloured word."""
        first, *rest = self._wrapped(f"{word}: {text}", "", _INDENT)
        yield first.replace(word, self._style(word, colour), 1)
        yield from rest

    def lines(self, texts: Iterable[str]) -> Iterator[str]:
        """Indented texts; empty ones are left out."""
        for text in texts:
            yield from self._wrapped(text, _INDENT, _INDENT + "  ")

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(
            visible(text),
            self._width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _contact(tried: TriedContact, page: _Page, *, reveal: bool) -> Iterator[str]:
    contact, decision = tried.contact, tried.decision
    when = contact.occurred_at.astimezone(LONDON)
    yield from page.heading("Contact", f"{contact.type} from {contact.source}, {when:%A %d %B %Y at %H:%M}", "bold")
    yield from page.lines(_known(tried, reveal=reveal))
    for referral in decision.referrals:
        yield ""
        yield from _referral(referral, tried.disclosed[referral.referral_id], page, reveal=reveal)
    for part in (
        (_notice(each, page) for each in decision.notices),
        (_missing(each, page) for each in decision.needs_information),
        (_stopped(each, page) for each in decision.suppressed),
        (_covered(each, page) for each in decision.covered),
        (_unmet(each, page) for each in decision.unmet),
        (_waiting(each, page, reveal=reveal) for each in decision.waiting),
        (_overlap(each, page) for each in decision.overlaps),
    ):
        for lines in part:
            yield ""
            yield from lines
    follows = (decision.referrals, decision.notices, decision.needs_information, decision.suppressed, decision.unmet)
    if not any(follows) and not decision.waiting:
        yield ""
        yield from page.heading("Nothing follows", "no rule acts on this, and none waits for information.", "yellow")
    yield ""
    yield from page.lines([f"Rules {decision.rules.version}, directory {decision.directory.version}."])


def _known(tried: TriedContact, *, reveal: bool) -> Iterator[str]:
    for identifier in tried.contact.identifiers:
        yield f"{identifier.type} {identifier.value if reveal else '(hidden)'}"
    facts = shown(tried.decision.facts, reveal=reveal)
    seen = [f"{path}: {_said(value)}" for path, value in facts.items() if value is not None]
    hidden = [path for path, value in facts.items() if value is None]
    if seen:
        yield f"Known: {'; '.join(seen)}"
    if hidden:
        yield f"Known, values hidden: {', '.join(hidden)}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _referral(referral: ProposedReferral, disclosed: tuple[str, ...], page: _Page, *, reveal: bool) -> Iterator[str]:
    to = f"{referral.category} to {referral.provider}, {_plain(referral.urgency)}"
    yield from page.heading("Referral", to, "green")
    basis = referral.legal_basis
    articles = ", ".join(part for part in (basis.article_6, basis.article_9, basis.article_10) if part)
    yield from page.lines(
        [
            f"Why: {referral.why} ({referral.rule})",
            _because(referral.conditions, reveal=reveal),
            f"Legal basis: {_plain(basis.kind)}: {basis.citation} ({articles})",
            f"Would be told: {', '.join(disclosed) or 'nothing but that there is a referral'}",
            f"Must first be approved by: {referral.approval}" if referral.approval else "",
            f"Advice to the provider: {referral.advice}" if referral.advice else "",
            *_tried(referral.destinations),
        ]
    )


def _because(conditions: Iterable[Held], *, reveal: bool) -> str:
    held = [
        f"{each.field} is {_said(each.actual)} (asked: {each.expected})" if reveal else each.field
        for each in conditions
    ]
    return f"Because of: {'; '.join(held)}" if held else ""


def _tried(destinations: Iterable[Tried]) -> Iterator[str]:
    for each in destinations:
        yield f"{'Chosen' if each.chosen else 'Not chosen'}: {each.provider}: {each.why}"


def _notice(notice: Notice, page: _Page) -> Iterator[str]:
    yield from page.heading("Notice", f"{_plain(notice.kind)} to {notice.to}, {_plain(notice.urgency)}", "cyan")
    yield from page.lines([f"Why: {notice.why} ({notice.rule})"])


def _missing(needs: NeedsInformation, page: _Page) -> Iterator[str]:
    of = f" ({needs.category})" if needs.category else ""
    yield from page.heading("Not known", f"{', '.join(needs.missing)}", "yellow")
    yield from page.lines([f"Rule {needs.rule}{of} could act if this were known; a partner who can answer is asked."])


def _stopped(suppressed: Suppressed, page: _Page) -> Iterator[str]:
    yield from page.heading("Stopped", f"{_plain(suppressed.reason)} ({suppressed.rule})", "red")
    yield from page.lines(
        [
            f"Stops: {', '.join(suppressed.stopped)}" if suppressed.stopped else "",
            f"Closes the person's open referrals: {suppressed.closes} ({_plain(suppressed.closure_reason)})"
            if suppressed.closure_reason
            else "",
        ]
    )


def _covered(covered: Covered, page: _Page) -> Iterator[str]:
    yield from page.heading("Covered", f"{covered.category} ({covered.rule})", "yellow")
    yield from page.lines([f"Rule {covered.by} refers for the same need to the same service."])


def _unmet(unmet: Unmet, page: _Page) -> Iterator[str]:
    yield from page.heading("Unmet need", f"{unmet.category}: no provider can take this ({unmet.rule})", "red")
    yield from page.lines(_tried(unmet.destinations))


def _waiting(waiting: Waiting, page: _Page, *, reveal: bool) -> Iterator[str]:
    what = f"{waiting.category} ({waiting.rule})" if waiting.category else waiting.rule
    yield from page.heading("Waiting", f"{what} for {', '.join(waiting.prerequisites)}", "yellow")
    yield from page.lines([f"First this: {waiting.why}", _because(waiting.conditions, reveal=reveal)])


def _overlap(rules: tuple[str, ...], page: _Page) -> Iterator[str]:
    yield from page.heading("Overlap", ", ".join(rules), "red")
    yield from page.lines(["Their file says that at most one of them matches. All acted; mend the rules."])


def _plain(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")
