"""`onward rules diff` for people: what changed, in words, with examples that can be pasted as tests."""

from collections.abc import Iterator, Mapping, Sequence
from shutil import get_terminal_size

from onward.cli.render.output import coloured, number_of, visible
from onward.cli.render.page import Page
from onward.cli.render.values import plain
from onward.contracts.decision import Decision
from onward.routing.domain.kleene import Truth
from onward.routing.domain.rule_tests import OUTCOMES
from onward.workbench.difference import Difference, Effect, RuleDifference, Shown
from onward.workbench.difference.findings import Concern, Direction, RecipientChange, Status
from onward.workbench.logic import Witness

_SAYS: Mapping[Truth, str] = {True: "it matches", False: "it does not match", None: "it needs information"}
_HEADS: Mapping[Status, tuple[str, str]] = {
    "changed": ("Changed", "warning"),
    "not proved": ("Not proved", "warning"),
    "added": ("Added", "good"),
    "removed": ("Removed", "error"),
    "renamed": ("Renamed", "warning"),
    "words": ("Words only", ""),
}
_TONES: Mapping[str, str] = {"gains": "good", "loses": "error"}
_WHAT: Mapping[Direction, str] = {
    "gains": "Gains people: it matches now, and did not",
    "loses": "Loses people: it matched, and does not now",
    "moves": "Moves people: it matches as before, and does otherwise",
    "asks": "Asks more",
    "asks no longer": "Asks less",
    "waits": "Waits for a prerequisite, and did not",
    "waits no longer": "Waits no longer for a prerequisite",
}
_STOPS: Mapping[Direction, str] = {
    "gains": "Stops more: it matches now, and did not",
    "loses": "Stops less: it matched, and does not now",
}
"""Of rules that stop referrals."""
_FEW = 5
"""So many rules that changed in words only are named."""
_STEP = "    "


def told(found: Difference, *, every: bool, compared: bool = True) -> list[str]:
    """
    The whole comparison; with *every*, rules that changed in words only are named too.

    *compared*: both sides have a directory of their own; otherwise nothing is said of what one may have changed.
    """
    page = Page(get_terminal_size((100, 24)).columns, coloured)
    for each in found.rules:
        if each.status in ("words", "unchanged"):
            continue
        _rule(each, page)
    _people(found, page)
    _directory(found, page)
    _besides(found, page)
    _promises(found, page)
    _words(found.of("words"), page, every=every)
    page.gap()
    _verdict(found, page, compared=compared)
    return page.lines


def _rule(each: RuleDifference, page: Page) -> None:
    page.gap()
    word, tone = _HEADS[each.status]
    name = each.rule.id
    if each.before is not None and each.before.id != name:
        name = f"{each.before.id} is now {name}"
    page.heading(word, f"{name} ({each.rule.place})", tone)
    page.texts(each.written)
    if each.words:
        page.text(f"also in words: {', '.join(each.words)}")
    if each.status == "renamed":
        page.text("It matches and does the same. What was decided before keeps the old name.")
    for shown in each.shown:
        _shown(shown, each, page)
    for direction in each.not_proved:
        page.gap()
        page.text(f"Not proved: whether it differs so: {_WHAT[direction].lower()}")
    if each.status == "changed" and not each.shown and not each.not_proved:
        page.text("Proved: it never matches before and after in one situation, so that nobody is concerned.")
    if each.concern is not None:
        _concern(each.concern, page)


def _shown(shown: Shown, each: RuleDifference, page: Page) -> None:
    page.gap()
    stops = each.rule.suppress is not None
    what = (_STOPS if stops else _WHAT).get(shown.direction, _WHAT[shown.direction])
    if shown.direction in ("asks", "asks no longer"):
        what += f": {', '.join(shown.words) or 'it needs information that nobody can be asked for'}"
    elif not set(shown.words) <= set(each.written):
        what = f"Moves people: {'; '.join(shown.words)}"  # not by what it says itself, but by its new name
    page.heading(f"{_STEP}{what}", tone="" if stops else _TONES.get(shown.direction, ""))
    page.text(f"Before: {_SAYS[shown.before]}. After: {_SAYS[shown.after]}. As a test:", level=2)
    _given(shown.witness, page)
    page.lines.append(f"{_STEP * 2}expect: {OUTCOMES[shown.after]}")
    if shown.because is not None:
        page.lines.append(f"{_STEP * 2}because: {shown.because}")
    _decided(shown.decisions, page)


def _given(witness: Witness, page: Page) -> None:
    """As it stands in a rule file; never wrapped, so that it can be pasted."""
    page.lines.append(visible(f"{_STEP * 2}given: {witness.as_yaml()}"))


def _concern(concern: Concern, page: Page) -> None:
    if concern.witness is None:
        page.text(f"{'Proved' if concern.proved else 'Not proved'}: {concern.words}")
        return
    page.text(f"Whom it concerns: it {concern.words}")
    _given(concern.witness, page)


def _people(found: Difference, page: Page) -> None:
    if not found.rules or found.equal:
        return
    page.gap()
    page.heading("For people: referred before by some rule and after by none, or the reverse")
    for each in found.people:
        _effect(each, page)
    for move in found.moves:
        _move(move, page)
    if not found.people:
        page.text("Proved: nobody gains and nobody loses a referral, of any category and service.")
    if found.directory and not found.moves:
        page.text("Proved: the directory sends nobody to another provider for the same rule.")


def _effect(effect: Effect, page: Page) -> None:
    what = f"{effect.category} to {effect.service}"
    page.gap()
    if effect.witness is None:
        page.heading(f"{_STEP}Not proved", f"that nobody {effect.direction} {what}", "warning")
        return
    page.heading(f"{_STEP}Somebody {effect.direction}", what, _TONES[effect.direction])
    _given(effect.witness, page)
    if effect.before is not None and effect.after is not None:
        _decided((effect.before, effect.after), page)


def _move(move: RecipientChange, page: Page) -> None:
    what = f"{move.category} to {move.service}: from `{move.provider_before}` to `{move.provider_after}`"
    page.gap()
    if move.witness is None:
        page.heading(f"{_STEP}Not proved", f"that nobody moves, {what}", "warning")
        return
    page.heading(f"{_STEP}Somebody moves", what, "warning")
    _given(move.witness, page)
    if move.before is not None and move.after is not None:
        _decided((move.before, move.after), page)


def _directory(found: Difference, page: Page) -> None:
    if not found.directory:
        return
    page.gap()
    page.heading("The directory")
    for each in found.directory:
        page.gap()
        page.heading(f"{_STEP}{'Look closely: ' if each.grave else ''}{each.short}", tone="error" if each.grave else "")
        for line in each.details:
            page.text(line, level=2)


def _promises(found: Difference, page: Page) -> None:
    if not found.promises:
        return
    page.gap()
    page.heading("What is promised (`cover`)")
    for each in found.promises:
        word = (
            "no longer promised" if each.weaker else "no longer a goal, kept by others" if each.gone else "a new goal"
        )
        page.heading(f"{_STEP}{word}", each.words, "error" if each.weaker else "")
        if each.weaker and each.witness is not None:
            page.text("somebody of whom no goal speaks any longer:", level=2)
            _given(each.witness, page)


def _decided(decisions: Sequence[Decision], page: Page) -> None:
    """What the service decides before and not after, and the reverse; nothing where there are no decisions."""
    done = [list(_done(decision)) for decision in decisions]
    for word, mine, other in zip(("before", "after"), done, reversed(done), strict=False):
        page.text(f"{word}: {'; '.join(each for each in mine if each not in other) or 'nothing of that'}", level=2)


def _done(decision: Decision) -> Iterator[str]:
    """What a decision does, shortly."""
    for made in decision.referrals:
        approval = f", once {made.approval} approves" if made.approval else ""
        basis = f", on {made.legal_basis.name}"
        yield f"{made.category} to {made.provider}, {plain(made.urgency)}{approval}{basis} ({made.rule})"
    for notice in decision.notices:
        yield f"{notice.to} is told: {plain(notice.kind)} ({notice.rule})"
    yield from sorted({f"asked: {path}" for need in decision.needs_information for path in need.missing})
    for stop in decision.suppressed:
        closes = f", closes open referrals: {stop.closes} ({plain(stop.closure_reason)})" if stop.closure_reason else ""
        yield f"{stop.rule} stops {', '.join(stop.stopped) or 'nothing'}{closes}"
    for waiting in decision.waiting:
        yield f"waits: {waiting.why} ({waiting.rule})"
    for unmet in decision.unmet:
        yield f"no provider can take {unmet.category} ({unmet.rule})"


def _besides(found: Difference, page: Page) -> None:
    told = {each.short for each in found.directory}
    besides = [each for each in found.besides if each not in told]
    for word, texts in (("Besides the rules", besides), ("Of no consequence for decisions", found.remarks)):
        if texts:
            page.gap()
            page.heading(word)
            page.texts(texts)


def _words(rules: Sequence[RuleDifference], page: Page, *, every: bool) -> None:
    if not rules:
        return
    page.gap()
    page.heading("Proved to mean the same, in other words", str(len(rules)))
    for each in rules if every else rules[:_FEW]:
        page.text(f"{each.rule.id}: {'; '.join((*each.words, *each.written)) or 'the order of what it asks'}")
    if not every and len(rules) > _FEW:
        page.text(f"and {len(rules) - _FEW} more: --all names them")


def _verdict(found: Difference, page: Page, *, compared: bool) -> None:
    counted = [(head, len(found.of(status))) for status, (head, _) in _HEADS.items()]
    counts = ", ".join(f"{number} {head.lower()}" for head, number in counted if number)
    if found.directory:
        grave = sum(each.grave for each in found.directory)
        closely = f", {grave} to look closely at" if grave else ""
        counts = ", ".join(
            filter(None, (counts, f"{number_of(len(found.directory), 'change')} of the directory{closely}"))
        )
    unchanged = f"{number_of(len(found.of('unchanged')), 'rule')} unchanged"
    if found.promises_less:
        counts = f"{sum(each.weaker for each in found.promises)} promised no longer, " + counts
    if found.equal and not compared:
        page.heading("The rules are proved equal", f"the directory was NOT compared; {unchanged}", "warning")
    elif found.equal and found.promises_less:
        page.heading("Decides the same, and promises less", f"{counts.strip(', ')}; {unchanged}", "error")
    if found.equal and (found.promises_less or not compared):
        return
    if found.equal:
        page.heading("Proved equal", f"every situation leads to the same under both; {unchanged}", "good")
        return
    page.heading("Different", ", ".join(filter(None, (counts, unchanged))), "warning")
