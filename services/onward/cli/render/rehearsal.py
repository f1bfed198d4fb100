"""`onward rehearse` for people: what happened in each step, what came of it, and what does not hold."""

from collections.abc import Iterator, Sequence

from onward.calendar.times import LONDON
from onward.cli.render.output import number_of
from onward.cli.render.page import Page, Style
from onward.cli.render.values import plain
from onward.rehearsal.effects import Document, StepEffects
from onward.rehearsal.play import PlayedScenario, PlayedStep
from onward.rehearsal.scenario import ScenarioStep


def words(played: Sequence[PlayedScenario], *, steps: bool, width: int, style: Style) -> list[str]:
    """
    The lines to print.

    A scenario in which all holds that it expects is one line, unless *steps* is wanted.

    Args:
        played: What came of each scenario.
        steps: Whether every step is told.
        width: Columns of the terminal.
        style: How a text gets its colour; without a terminal it gives the text back.
    """
    page = Page(width, style)
    for each in played:
        if each.file.scenario.expects and not each.faults and not steps:
            page.heading("Holds", f"{each.file.name}: {each.file.scenario.title}", "good")
        else:
            _scenario(each, page)
    page.gap()
    page.text(_summary(played), level=0)
    return page.lines


def _summary(played: Sequence[PlayedScenario]) -> str:
    faults = sum(len(each.faults) for each in played)
    told = [number_of(len(played), "scenario"), number_of(sum(len(each.steps) for each in played), "step")]
    ending = f"{number_of(faults, 'expectation')} not met" if faults else "all that is expected holds"
    if not any(each.file.scenario.expects for each in played) and not faults:
        ending = "nothing is expected"
    return f"{', '.join(told)}; {ending}."


def _scenario(played: PlayedScenario, page: Page) -> None:
    page.gap()
    page.heading(played.file.scenario.title, played.file.name, "strong")
    page.text(played.file.scenario.tells)
    before: StepEffects | None = None
    for step in played.steps:
        page.gap()
        when = step.moment.astimezone(LONDON)
        page.heading(f"Step {step.number}", f"{when:%A %d %B %Y at %H:%M}, {happened(step.step)}", "strong")
        lines = list(_effects(step, before))
        page.texts(lines or ([] if step.faults else ["Nothing came of it."]))
        for fault in step.faults:
            page.heading("Not as expected", f"{fault.place}: {fault.message}", "error")
        before = step.effects
    left = len(played.file.scenario.steps) - len(played.steps)
    if left:
        page.text(f"{number_of(left, 'step')} not played.", level=0)


def happened(step: ScenarioStep) -> str:
    """What a step is, in words."""
    if (message := step.message) is not None:
        body = message.body if isinstance(message.body, dict) else {}
        what = message.example or body.get("eventType") or body.get("type") or "a message"
        return f"{message.source} sends {what}{f', {message.times} times' if message.times > 1 else ''}"
    if (reply := step.reply) is not None:
        why = f" ({plain(reply.reason).lower()})" if reply.reason else ""
        return f"{reply.provider or 'the provider'} answers {reply.status}{why}{_about(reply.category)}"
    if (match := step.match) is not None:
        return f"{match.by} says that the two are {'one person' if match.verdict == 'same' else 'two people'}"
    if (approval := step.approval) is not None:
        return f"{approval.by} {'approves' if approval.approved else 'does not approve'}{_about(approval.category)}"
    if (contact := step.contact) is not None:
        return f"known from {contact.source}: {', '.join(sorted(contact.facts)) or 'who it is'}"
    return "time passes"


def _about(category: str | None) -> str:
    return f", {category}" if category else ""


def _effects(step: PlayedStep, before: StepEffects | None) -> Iterator[str]:
    effects = step.effects
    yield from map(_sent, effects.sent)
    for stop in effects.withdrawals:
        yield f"Withdrawn: {stop['category']} at {stop['provider']}: it is told to stop, {plain(stop['reason'])}"
    for standing in _moved(effects, before):
        yield f"Stands: {standing['category']} at {standing['provider']}: {standing['status']}"
    for call in effects.escalations:
        how = "News for" if call["news"] else "Called:"
        yield f"{how} {call['to']}, {plain(call['urgency'])}: {plain(call['kind'])}. {call['why']}"
    for question in effects.questions:
        yield f"Asked: {question['to']}: {', '.join(question['asks'])}"
    for match in effects.matches:
        yield f"Asked: are two people one? Agree: {_list(match['agree'])}; differ: {_list(match['differ'])}"
    for status in effects.statuses:
        yield f"Told: {status['to']}: {status['category']} is {status['status']}"
    for told in effects.feedback:
        why = f": {', '.join(told['reasons'])}" if told["reasons"] else ""
        yield f"Feedback: {told['to']}: {plain(told['outcome'])}{why}"
    yield from _not_done(effects)


def _list(details: list[str]) -> str:
    return ", ".join(map(plain, details)) or "nothing"


def _sent(sent: Document) -> str:
    fields = ", ".join(sent["disclosed"]) or "nothing but that there is a referral"
    how = f"{plain(sent['urgency'])}, basis {plain(sent['basis'])} ({sent['rule']})"
    again = ", which had the person before" if sent["follows"] else ""
    return f"Sent: {sent['category']} to {sent['provider']}{again}, {how}. It is told: {fields}{_plan(sent)}"


def _plan(sent: Document) -> str:
    """What the provider is told of the plan that it belongs to."""
    beside = ", ".join(map(plain, sent["beside"]))
    leads = "; that it leads the plan" if sent["leads"] else ""
    return f"{leads}{f'; of other services: {beside}' if beside else ''}"


def _not_done(effects: StepEffects) -> Iterator[str]:
    for stop in effects.suppressed:
        yield f"Stopped: {plain(stop['reason'])} ({stop['rule']})"
    for need in effects.unmet:
        yield f"Unmet: {need['category']} ({need['rule']})"
    for need in effects.waiting:
        yield f"Waiting: {need['category'] or need['rule']}, first this: {need['why']}"
    for refused in effects.ignored:
        yield f"Ignored by {refused['service']}: {refused['reason']}"
    for refused in effects.parked:
        where = f" at {refused['pointer']}" if refused["pointer"] else ""
        yield f"Parked by {refused['service']}: {refused['reason']}{where}"


def _moved(effects: StepEffects, before: StepEffects | None) -> list[Document]:
    """The referrals that stand otherwise than before, without those that were just sent: that is told already."""
    stood = {each["referral_id"]: each["status"] for each in (before.referrals if before else ())}
    sent = {each["referral_id"] for each in effects.sent}
    return [
        each
        for each in effects.referrals
        if stood.get(each["referral_id"]) != each["status"]
        and not (each["referral_id"] in sent and each["status"] == "SENT")
    ]
