"""The answer to `--why-not`, in words."""

from onward.cli.rules.explain_page import Page
from onward.cli.rules.explain_values import plain, said, would_be
from onward.workbench.explaining.counterfactual import Change, Counterfactual, WhyNot
from onward.workbench.explaining.told import sources_of

_MOST_CLOSED = 8


def why_not_words(answer: WhyNot, page: Page) -> None:
    """What would have led to the category, or why nothing would."""
    page.gap()
    page.heading(f"Why not {answer.category}?")
    if answer.already:
        page.texts(f"It is so already: to {made.provider} ({made.rule})." for made in answer.already)
        return
    if answer.smallest is None:
        _nothing(answer, page)
    elif not any(change.unchangeable for change in answer.smallest.changes):
        _would(answer.smallest, page, f"It would be so if {_count(answer.smallest)}:")
        return
    else:
        _would(
            answer.smallest, page, f"It would be so if {_count(answer.smallest)}, though nobody can change all of it:"
        )
    if answer.mendable is not None:
        page.gap()
        _would(answer.mendable, page, f"Of what somebody can tell or mend, the least is {_count(answer.mendable)}:")
    elif answer.smallest is not None:
        page.text("Nothing that somebody can tell or mend about this event would lead there.")


def _count(found: Counterfactual) -> str:
    many = len(found.changes)
    return "this one fact were so" if many == 1 else f"these {many} facts were so"


def _would(found: Counterfactual, page: Page, opening: str) -> None:
    page.text(opening)
    page.texts((_change(change, found) for change in found.changes), level=2)
    for made in found.referrals:
        approval = f", once approved by {made.approval}" if made.approval else ""
        page.text(f"Then: {made.category} to {made.provider}, {plain(made.urgency)}{approval} ({made.rule}).")


def _change(change: Change, found: Counterfactual) -> str:
    asked = _asked(change, found)
    stays = "; nobody can change this" if change.unchangeable else ""
    return f"{change.path}: {would_be(change.path, change.then)} (now {said(change.now)}{asked}{stays})"


def _asked(change: Change, found: Counterfactual) -> str:
    """What the rule that would refer asks of the fact, if it asks for more than this one value."""
    for made in found.referrals:
        for held in made.conditions:
            if held.field == change.path and held.expected not in (said(change.then), str(change.then).lower()):
                return f"; asked: {held.expected}"
            if held.field not in (change.path, "effective") and change.path in sources_of(held.field):
                return f"; then {held.field} is {said(held.actual)}, asked: {held.expected}"
    return ""


def _nothing(answer: WhyNot, page: Page) -> None:
    if answer.at_least:
        page.text(
            f"No answer: the search looked at {answer.looked_at} sets of changes and gave up. Any that leads there "
            f"changes {answer.at_least} facts or more."
        )
        return
    page.text("No change of facts leads there.")
    if not answer.closed:
        page.text("No rule refers anybody for it.")
    page.texts((f"{each.rule}: {each.why}" for each in answer.closed[:_MOST_CLOSED]), level=2)
    if len(answer.closed) > _MOST_CLOSED:
        page.text(f"and {len(answer.closed) - _MOST_CLOSED} more; --json has them all", level=2)
