"""`onward try` for people: what would happen, why, what is missing, and what must not happen."""

from collections.abc import Iterable, Iterator

from onward.cli.render.page import Page, Style
from onward.cli.render.values import day, event, notice, plain, referral, said, stopped, unmet
from onward.cli.trial import Trial, TriedContact, shown
from onward.contracts.decision import Decision, MetCondition, ProposedReferral, Tried


def words(trial: Trial, *, reveal: bool, width: int, style: Style) -> list[str]:
    """
    The lines to print.

    Args:
        trial: What became of the message.
        reveal: Whether personal values may be printed.
        width: Columns of the terminal.
        style: How a text gets its colour; without a terminal it gives the text back.
    """
    page = Page(width, style, narrowest=40, hanging="    ")
    if trial.outcome == "ignored" and trial.unknown_type:
        page.heading("Ignored", f"nobody here knows this type, and nobody acts on it: {trial.reason}", "error")
        page.texts(
            [
                f"Did you mean `{trial.near_type}`?" if trial.near_type else "",
                "It would be counted, and dropped. `onward types` lists the types that are known.",
            ]
        )
    elif trial.outcome == "ignored":
        page.heading("Ignored", f"understood, and rightly nothing to do: {trial.reason}", "warning")
    elif trial.outcome == "parked":
        where = f" at {trial.pointer}" if trial.pointer else ""
        page.heading("Parked", f"cannot be handled: {trial.reason}{where}", "error")
        page.texts([trial.detail])
        page.texts(["It would be kept whole, sealed, for a person to mend."])
    _not_read(trial, page)
    _feedback(trial, page)
    for tried in trial.contacts:
        _contact(tried, page, reveal=reveal)
    return page.lines


def _not_read(trial: Trial, page: Page) -> None:
    for left in trial.left_out:
        page.heading("Left out", f"{left.pointer}: {left.reason}", "error")
    for each in trial.not_read:
        if each.resembles:
            page.heading("Not read", f"{each.pointer}; did you mean `{each.resembles}`?", "error")
    others = [each.pointer for each in trial.not_read if not each.resembles]
    if others:
        page.heading("Not read", f"{', '.join(others)} (nothing here reads these)", "warning")


def _feedback(trial: Trial, page: Page) -> None:
    if trial.feedback is None:
        return
    named = trial.feedback.event_id or trial.feedback.reference
    whose = f"of {named}" if named else "by where the message stands, since nothing in it names it"
    page.heading("Feedback", f"the partner would hear: {plain(trial.feedback.outcome)}, {whose}", "note")
    page.texts(f"{each.pointer or '/'}: {each.says} {each.page}" for each in trial.feedback.faults)


def _contact(tried: TriedContact, page: Page, *, reveal: bool) -> None:
    decision = tried.decision
    page.heading("Contact", event(decision), "strong")
    page.texts(_known(tried, reveal=reveal))
    for made in decision.referrals:
        page.gap()
        _referral(made, tried.disclosed[made.referral_id], page, reveal=reveal)
    _told(decision, page)
    _not_yet(decision, page, reveal=reveal)
    for rules in decision.overlaps:
        page.gap()
        page.heading("Overlap", ", ".join(rules), "error")
        page.text("Their file says that at most one of them matches. All acted; mend the rules.")
    follows = (decision.referrals, decision.notices, decision.needs_information, decision.suppressed, decision.unmet)
    if not any(follows) and not decision.waiting:
        page.gap()
        page.heading("Nothing follows", "no rule acts on this, and none waits for information.", "warning")
    page.gap()
    page.text(f"Rules {decision.rules.version}, directory {decision.directory.version}.")


def _known(tried: TriedContact, *, reveal: bool) -> Iterator[str]:
    for identifier in tried.contact.identifiers:
        yield f"{identifier.type} {identifier.value if reveal else '(hidden)'}"
    facts = shown(tried.decision.facts, reveal=reveal)
    seen = [f"{path}: {said(value)}" for path, value in facts.items() if value is not None]
    hidden = [path for path, value in facts.items() if value is None]
    if seen:
        yield f"Known: {'; '.join(seen)}"
    for path, past in tried.decision.history.items():
        was = f" ({said(past.value)})" if reveal else ""
        yield f"Too old to decide: {path}{was}, said on {day(past.on)} by {past.by}"
    for path, found in tried.decision.disputed.items():
        yield f"Disputed: {path}, found on {day(found.on)} by {found.by}; this contact says none. It stands"
    if hidden:
        yield f"Known, values hidden: {', '.join(hidden)}"


def _referral(made: ProposedReferral, disclosed: tuple[str, ...], page: Page, *, reveal: bool) -> None:
    page.heading("Referral", referral(made), "good")
    basis = made.legal_basis
    articles = ", ".join(part for part in (basis.article_6, basis.article_9, basis.article_10) if part)
    page.texts(
        [
            f"Why: {made.why} ({made.rule})",
            _because(made.conditions, reveal=reveal),
            f"Legal basis: {plain(basis.kind)}: {basis.citation} ({articles})",
            f"Would be told: {', '.join(disclosed) or 'nothing but that there is a referral'}",
            f"Must first be approved by: {made.approval}" if made.approval else "",
            f"Advice to the provider: {made.advice}" if made.advice else "",
            f"Advice, if it may know of the others: {made.linked_advice}" if made.linked_advice else "",
            f"Warning, if it may know of an approval: {made.warning}" if made.warning else "",
            *_tried(made.destinations),
        ]
    )


def _because(conditions: Iterable[MetCondition], *, reveal: bool) -> str:
    held = [
        f"{each.field} is {said(each.actual)} (asked: {each.expected})" if reveal else each.field for each in conditions
    ]
    return f"Because of: {'; '.join(held)}" if held else ""


def _tried(destinations: Iterable[Tried]) -> Iterator[str]:
    for each in destinations:
        yield f"{'Chosen' if each.chosen else 'Not chosen'}: {each.provider}: {each.why}"


def _told(decision: Decision, page: Page) -> None:
    for each in decision.notices:
        page.gap()
        page.heading("Notice", notice(each), "note")
        page.text(f"Why: {each.why} ({each.rule})")
    for needs in decision.needs_information:
        of = f" ({needs.category})" if needs.category else ""
        page.gap()
        page.heading("Not known", f"{', '.join(needs.missing)}", "warning")
        page.text(f"Rule {needs.rule}{of} could act if this were known; a partner who can answer is asked.")
    for stop in decision.suppressed:
        page.gap()
        page.heading("Stopped", stopped(stop), "error")
        page.text(f"Stops: {', '.join(stop.stopped)}" if stop.stopped else "")
        if stop.closure_reason:
            page.text(f"Closes the person's open referrals: {stop.closes} ({plain(stop.closure_reason)})")


def _not_yet(decision: Decision, page: Page, *, reveal: bool) -> None:
    for covered in decision.covered:
        page.gap()
        page.heading("Covered", f"{covered.category} ({covered.rule})", "warning")
        page.text(f"Rule {covered.by} refers for the same need to the same service.")
    for each in decision.unmet:
        page.gap()
        page.heading("Unmet need", unmet(each), "error")
        page.texts(_tried(each.destinations))
    for waiting in decision.waiting:
        what = f"{waiting.category} ({waiting.rule})" if waiting.category else waiting.rule
        page.gap()
        page.heading("Waiting", f"{what} for {', '.join(waiting.prerequisites)}", "warning")
        page.texts([f"First this: {waiting.why}", _because(waiting.conditions, reveal=reveal)])
