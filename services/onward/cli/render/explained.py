"""`onward rules explain` for people: what was decided and why; rules that came near; any rule in full."""

from collections.abc import Iterable, Iterator, Sequence

from onward.cli.render.output import number_of
from onward.cli.render.page import Page
from onward.cli.render.values import day, event, expected, notice, plain, referral, said, stopped, too_old, unmet
from onward.contracts.codes import Category
from onward.contracts.decision import Decision, MetCondition, Tried
from onward.routing.domain.kleene import Seen
from onward.routing.domain.language import EVENT_DAY, Stops
from onward.workbench.explaining.endings import Ending
from onward.workbench.explaining.explanation import DecisionExplained, RuleExplained, group_truth, wrong_in

_NEAREST = 5
_FEW = 3
_OTHER_RULES = "Decided by another version of the rules; the rules below are the present ones."
_TONES = {"matched": "good", "needs_information": "warning", "not_matched": "error"}


def decided(explained: DecisionExplained, page: Page) -> None:
    """What was decided, why, and what came of it; shortly."""
    decision = explained.decision
    page.heading("Event", event(decision))
    for path, past in decision.history.items():
        page.text(f"Too old to decide: {path} was {said(past.value)}, said on {day(past.on)} by {past.by}")
    for path, found in decision.disputed.items():
        page.text(
            f"Disputed: {path}, found on {day(found.on)} by {found.by}; this contact says none. The finding stands"
        )
    if explained.other_rules:
        page.text(_OTHER_RULES)
    said_why = ""
    for made in decision.referrals:
        if made.rule != said_why:
            page.gap()
        page.heading("Referral", f"{referral(made)} ({made.rule})", "good")
        if made.approval:
            page.text(f"Waits for the approval of: {made.approval}")
        if made.rule != said_why:
            page.text(f"Why: {made.why}")
            page.text(f"Because {_held(made.conditions)}")
        said_why = made.rule
    _told(decision, page)
    _not_yet(decision, page)
    if not any((decision.referrals, decision.notices, decision.needs_information, decision.unmet, decision.waiting)):
        page.gap()
        page.heading("Nobody is referred, told or asked")


def nearest(explained: DecisionExplained, page: Page) -> None:
    """The rules that came nearest to acting, and what kept them from it."""
    page.gap()
    page.heading("Nearest to acting, and what kept them from it")
    for each in explained.nearest(_NEAREST):
        page.text(f"{each.rule.id}: {_does(each)}")
        page.texts(_against(each), level=2)
    page.gap()
    page.text(
        f"{number_of(len(explained.rules), 'rule')} in all: --rule ID, --category CATEGORY or --all shows any in full.",
        level=0,
    )


def in_full(rules: Iterable[RuleExplained], page: Page, *, other_rules: bool) -> None:
    """Each rule with all that decided about it; with *other_rules* the decision was made with others."""
    if other_rules:
        page.text(_OTHER_RULES, level=0)
    for each in rules:
        page.gap()
        page.heading(f"{each.rule.id}", f"{plain(each.outcome)} ({each.rule.place})", _TONES[each.outcome])
        page.text(f"It {_does(each)}. {each.rule.why}")
        if each.outcome == "matched":
            page.texts(_for_it(each))
        elif each.outcome == "needs_information":
            page.text(f"Not known: {', '.join(each.missing) or 'what nobody can be asked for'}")
            page.texts(_open(each))
        else:
            page.texts(_against(each))
        page.texts(_ending(ending) for ending in each.endings)
        if other_rules and each.outcome == "matched" and not each.endings:
            page.text("But: the decision tells nothing of it")


def _told(decision: Decision, page: Page) -> None:
    page.gap()
    for each in decision.notices:
        page.heading("Notice", f"{notice(each)} ({each.rule})", "good")
    page.gap()
    for stop in decision.suppressed:
        acting = f": {', '.join(stop.stopped)} would have acted" if stop.stopped else ""
        page.heading("Stopped", f"{stopped(stop)}{acting}", "error")


def _not_yet(decision: Decision, page: Page) -> None:
    page.gap()
    for need in decision.needs_information:
        what = need.category or "a notice"
        page.heading("Not known", f"{', '.join(need.missing)}: {what} waits for it ({need.rule})", "warning")
    page.gap()
    for waiting in decision.waiting:
        page.heading("Waiting", f"{waiting.category or 'a notice'} ({waiting.rule}): {waiting.why}", "warning")
    page.gap()
    for each in decision.unmet:
        page.heading("Unmet need", unmet(each), "error")
        page.texts(_tried(each.destinations))


def _held(conditions: Sequence[MetCondition]) -> str:
    facts = (f"{each.field} is {said(each.actual)}" for each in conditions if each.field != "effective")
    return "; ".join(dict.fromkeys(facts))


def _tried(destinations: Iterable[Tried]) -> Iterator[str]:
    return (f"{each.provider}: {each.why}" for each in destinations)


def _does(each: RuleExplained) -> str:
    rule = each.rule
    parts = [f"refers for {refer.category}" for refer in rule.refer]
    if rule.suppress is not None:
        parts.append(_stops(rule.suppress.what))
    if rule.approve is not None:
        parts.append(f"holds what is referred until {rule.approve.by} agrees")
    parts += [f"tells {notify.to}: {plain(notify.kind)}" for notify in rule.notify]
    return "; ".join(parts)


def _stops(what: Stops | frozenset[Category]) -> str:
    match what:
        case "everything":
            return "stops every referral"
        case "all-but-safety":
            return "stops every referral but those for safety"
        case "release":
            return "stops referrals of release rules"
        case _:
            named = ", ".join(sorted(what)) if len(what) <= _FEW else f"{len(what)} categories"
            return f"stops referrals for {named}"


def _line(seen: Seen, each: RuleExplained) -> str:
    return f"{_asked(seen, each)} ({seen.condition.where})"


def _lines(group: Iterable[Seen], each: RuleExplained, between: str) -> str:
    return between.join(_line(seen, each) for seen in group)


def _asked(seen: Seen, each: RuleExplained) -> str:
    path = "the day of the event" if seen.condition.path == EVENT_DAY else seen.condition.path
    past = too_old(path, each.history) if seen.actual is None else ""
    return f"{path} is {said(seen.actual)}{f' ({past})' if past else ''}; asked: {expected(seen.condition)}"


def _against(each: RuleExplained) -> Iterator[str]:
    """What kept a rule from matching."""
    yield from (_line(seen, each) for seen in each.failing)
    if each.no_group:
        yield "none of its alternatives holds:"
        yield from _alternatives(each)
    for group in each.excluded_by:
        yield f"ruled out, since {_lines(group, each, ' and ')}"


def _alternatives(each: RuleExplained) -> Iterator[str]:
    """What is wrong with each group of `any_of`; those of which the same is wrong in one line."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, group in enumerate(each.explanation.any_of):
        alike.setdefault(tuple(_asked(seen, each) for seen in wrong_in(group)), []).append(number)
    for numbers in alike.values():
        first = each.explanation.any_of[numbers[0]]
        yield f"{', '.join(str(number + 1) for number in numbers)}) {_lines(wrong_in(first), each, '; ')}"


def _for_it(each: RuleExplained) -> Iterator[str]:
    for seen in each.explanation.when:
        yield _line(seen, each)
    for group in each.explanation.any_of:
        if group_truth(group) is True:
            yield f"one alternative holds: {_lines(group, each, '; ')}"
    for group in each.explanation.unless:
        yield f"not ruled out: {_lines(wrong_in(group), each, '; ')}"


def _open(each: RuleExplained) -> Iterator[str]:
    """The conditions that are still open."""
    yield from (_line(seen, each) for seen in each.explanation.when if seen.truth is None)
    groups = [*each.explanation.any_of, *each.explanation.unless]
    yield from (_line(seen, each) for group in groups if group_truth(group) is None for seen in wrong_in(group))


def _ending(ending: Ending) -> str:
    category = ending.category or "the notice"
    match ending.what:
        case "referred":
            approval = f", once approved by {ending.approval}" if ending.approval else ""
            passed = "; ".join(f"not {each.provider}: {each.why}" for each in ending.tried if not each.chosen)
            return f"So: {category} to {ending.to}{approval}" + (f" ({passed})" if passed else "")
        case "told":
            return f"So: {ending.to} is told: {plain(ending.why)}"
        case "suppresses":
            return f"So: it stops referrals: {plain(ending.why)}"
        case "stopped":
            return f"But: stopped by {ending.by}: {plain(ending.why)}"
        case "covered":
            return f"But: the referral of {ending.by} covers it"
        case "asks":
            return f"So: {category} waits for an answer: {', '.join(ending.missing)}"
        case "waits":
            return f"But: {category} waits: {ending.why}"
        case "unmet":
            return f"But: no provider can take {category}: {'; '.join(_tried(ending.tried)) or 'there is none'}"
        case "silenced":
            return "But: nothing comes of it, since everything of its kind is stopped"
