"""The answer to `--why-not`, in words."""

from typing import Any

from onward.cli.render.page import Page
from onward.cli.render.values import plain, said
from onward.contracts.fact_kinds import Code
from onward.contracts.facts import FACTS
from onward.routing.domain.derived import sources_of
from onward.workbench.explaining.counterfactual import AnsweredChange, Counterfactual, WhyNot
from onward.workbench.logic.nearest import OTHER_CODES

_SUCH = "such as"
"""Before a code of which there are others that would do."""
_MOST_CLOSED = 8
_CAUTION = "This says what the rules look at, not what to say: tell only what is so."
"""Whoever wants help for a person must not read it as the answer that brings help."""


def why_not_words(answer: WhyNot, page: Page) -> None:
    """What would have led to the category, or why nothing would."""
    page.gap()
    page.heading(f"Why not {answer.category}?")
    if answer.already:
        page.texts(f"It is so already: to {made.provider} ({made.rule})." for made in answer.already)
        return
    smallest, mendable = answer.smallest, answer.mendable
    if smallest is None:
        _nothing(answer, page)
    elif any(change.unchangeable for change in smallest.changes):
        them = "it" if len(smallest.changes) == 1 else "them all"
        _would(smallest, page, f"With {_many(smallest)} it would be so, though nobody can make {them}:")
        if mendable is None:
            page.text("Nothing that somebody can tell or mend about this event would lead there.")
    else:
        _would(smallest, page, f"With {_many(smallest)} it would be so:")
    if mendable is not None:
        page.gap()
        _would(mendable, page, f"By what somebody can tell or mend, {_many(mendable)} would do:")
    if smallest is not None:
        page.gap()
        page.text(_CAUTION)


def _many(found: Counterfactual) -> str:
    return "this one change" if len(found.changes) == 1 else f"these {len(found.changes)} changes"


def _would(found: Counterfactual, page: Page, opening: str) -> None:
    page.text(opening)
    page.texts((_change(change, found) for change in found.changes), level=2)
    for made in found.referrals:
        approval = f", once approved by {made.approval}" if made.approval else ""
        page.text(f"Then: {made.category} to {made.provider}, {plain(made.urgency)}{approval} ({made.rule}).")


def _change(change: AnsweredChange, found: Counterfactual) -> str:
    then = _would_be(change.path, change.then)
    if change.now is None:
        asked_as = FACTS[change.path].asked_as
        what = f"tell {change.path}{'' if asked_as == change.path else f' (as {asked_as})'}: {then}"
    elif change.then is None:
        what = f"leave {change.path} unsaid, which is {said(change.now)}"
    else:
        to = f"another, {then}" if then.startswith(_SUCH) else then
        what = f"change {change.path} from {said(change.now)} to {to}"
    never = "that would be another event" if change.path.startswith("event.") else "nobody can change that"
    return f"{what}{_asked(change, found)}{f'; {never}' if change.unchangeable else ''}"


def _would_be(path: str, value: Any) -> str:
    """A value that a fact would have to have; any code that stands for others is said to."""
    if value in OTHER_CODES:
        return "one that no rule names"
    if isinstance(FACTS[path].kind, Code) and value is not None and not path.startswith("event."):
        return f"{_SUCH} {value}"
    return said(value)


def _asked(change: AnsweredChange, found: Counterfactual) -> str:
    """What the rule that would refer asks of the fact, if it asks for more than this one value."""
    for made in found.referrals:
        for held in made.conditions:
            if held.field == change.path and held.expected not in (
                "known",
                said(change.then),
                str(change.then).lower(),
            ):
                return f" (asked: {held.expected})"
            if held.field not in (change.path, "effective") and change.path in sources_of(held.field):
                return f" (then {held.field} is {said(held.actual)}; asked: {held.expected})"
    return ""


def _nothing(answer: WhyNot, page: Page) -> None:
    if answer.at_least:
        page.text(
            f"No answer: the search gave up after {answer.looked_at} questions. Whatever leads there changes "
            f"{answer.at_least} facts or more."
        )
        return
    page.text("No change of facts leads there.")
    if not answer.closed:
        page.text("No rule refers anybody for it.")
    page.texts((f"{each.rule}: {each.why}" for each in answer.closed[:_MOST_CLOSED]), level=2)
    if len(answer.closed) > _MOST_CLOSED:
        page.text(f"and {len(answer.closed) - _MOST_CLOSED} more; --json has them all", level=2)
