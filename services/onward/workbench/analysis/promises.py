"""What files promise of their rules: one match at most, an area that widens nothing silently, nobody left out."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from onward.contracts.codes import NoticeUrgency
from onward.directory.model import Directory
from onward.routing.domain.actions import no_later
from onward.routing.domain.kleene import Known, group_holds, rule_holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Goal, Group, Notify, Refer, Rule
from onward.workbench.analysis.findings import NAMED, AnalysisFinding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import Study, holds
from onward.workbench.analysis.takers import lives_where_served, taken
from onward.workbench.logic import Answer, Formula, Space, Witness, any_of
from onward.workbench.logic.formulas import TRUE
from onward.workbench.logic.questions import Questions, conditions, formulas, may_go_unasked

_YEAR = timedelta(days=365)

_Reaching: TypeAlias = Sequence[tuple[Rule, Sequence[Refer] | None]]
"""Rules that serve a part of a goal, each with the referrals of which a provider must take one; None: it is done."""


def not_unique(study: Study) -> Iterator[AnalysisFinding]:
    """Rules of a `unique` file that match together."""
    for file in study.rule_set.unique:
        for rule in (study.rules[number] for number in sorted(study.number[name] for name in file)):
            for other in study.meeting(rule):
                if other.id not in file or other.order < rule.order:
                    continue
                answer = study.together(rule, other)
                if answer.witness is not None:
                    message = f"`{rule.id}` and `{other.id}` match together, in a file whose hit policy is unique"
                    yield finding("A008", other.place, message, rule.id, other.id, witness=answer.witness)
                elif answer.open:
                    what = f"that `{rule.id}` and `{other.id}` never match together, as their file promises"
                    yield not_proved(other, what, answer, severity="error")


def widening(study: Study) -> Iterator[AnalysisFinding]:
    """Rules of area overlays that refer somebody whom no national rule for the same does, without saying so."""
    for offers in study.by_target.values():
        national = [offer.rule for offer in offers if offer.rule.area is None]
        named = {rule.id for rule in national}
        for offer in offers:
            rule = offer.rule
            if rule.area is None or not national or named & {name for name, _ in rule.widens}:
                continue
            answer = study.implies(rule, national)
            if answer.witness is not None:
                whom = " or ".join(f"`{each.id}`" for each in national[:NAMED])
                what = f"{offer.refer.category} to {offer.refer.service}"
                message = f"for {what} `{rule.id}` refers people whom {whom} does not"
                yield finding("A009", rule.place, message, rule.id, *sorted(named), witness=answer.witness)
            elif answer.open:
                yield not_proved(rule, f"that `{rule.id}` widens no national rule", answer, severity="error")


def gaps(study: Study, day: date) -> Iterator[AnalysisFinding]:
    """People of whom a goal speaks and whom no rule reaches, on some day of the year that begins with *day*."""
    for goal in study.rule_set.goals:
        if _ask(study, goal, [], day).outcome == "impossible":
            yield finding("A014", goal.place, f"nobody can be meant by the goal: {goal.why}")
            continue
        for reaching, what in _promised(study.rules, goal):
            answer = _ask(study, goal, reaching, day)
            if answer.witness is not None:
                yield _gap(goal, reaching, what, answer.witness)
            elif answer.open:
                message = f"it is not proved that everybody is reached: {goal.why}: {answer.why_open}"
                yield finding("A090", goal.place, message)


def _gap(goal: Goal, reaching: _Reaching, what: str, witness: Witness) -> AnalysisFinding:
    known = witness.known()
    matching = [rule.id for rule, _ in reaching if rule_holds(rule, known) is True][:NAMED]
    if matching:
        whom = " and ".join(f"`{name}`" for name in matching)
        message = f"{whom} would refer them{what}, and no provider can take them: {goal.why}"
    else:
        message = f"no rule{what} reaches everybody: {goal.why}"
    return finding("A013", goal.place, message, *matching, witness=witness)


def meant(goal: Goal, day: date) -> Group:
    """Whom a goal speaks of, in the year from a day."""
    return (Condition(EVENT_DAY, Between(day, day + _YEAR), "", str(goal.place)), *goal.when)


def asking(rules: Sequence[Rule], goals: Sequence[Goal]) -> Group:
    """What a study must know of to judge whether the rules that reach the people of *goals* ask anybody."""
    reaching = {rule.id: rule for goal in goals for serving, _ in _promised(rules, goal) for rule, _ in serving}
    return tuple(each for rule in reaching.values() if may_go_unasked(rule) for each in conditions(rule))


def _promised(rules: Sequence[Rule], goal: Goal) -> Iterator[tuple[_Reaching, str]]:
    """
    The rules that serve each part of a goal where they match, or ask, and the part in words.

    A referral and a notice may come from two rules; a suppression reaches nobody.
    """
    by = f" {goal.urgency.replace('_', ' ')}" if goal.urgency else ""
    if goal.category or goal.service or (goal.urgency and not goal.told):
        said = [*([f"for {goal.category}"] if goal.category else []), *([f"to {goal.service}"] if goal.service else [])]
        serving = ((rule, [each for each in rule.refer if _serves(each, goal)]) for rule in rules)
        yield [(rule, wanted) for rule, wanted in serving if wanted], f" {' '.join(said)}{by}".rstrip()
    if goal.told:
        telling = (rule for rule in rules if any(_tells(each, goal) for each in rule.notify))
        yield [(rule, None) for rule in telling], f" that tells {goal.told}{by}"
    if not (goal.category or goal.service or goal.urgency or goal.told):
        acting = (rule for rule in rules if rule.suppress is None)
        yield [(rule, None if rule.notify or not rule.refer else rule.refer) for rule in acting], ""


def _serves(refer: Refer, goal: Goal) -> bool:
    return (
        goal.category in (None, refer.category)
        and goal.service in (None, refer.service)
        and _in_time(refer.urgency, goal)
    )


def _tells(notify: Notify, goal: Goal) -> bool:
    return notify.to == goal.told and not notify.if_unmet and _in_time(notify.urgency, goal)


def _in_time(urgency: NoticeUrgency, goal: Goal) -> bool:
    return goal.urgency is None or no_later(urgency, goal.urgency)


def _ask(study: Study, goal: Goal, reaching: _Reaching, day: date) -> Answer:
    """Somebody whom the goal means, and whom none of *reaching* helps or asks about: see `_Help`."""
    asked = meant(goal, day)
    space = study.space
    questions = {rule.id: Questions(rule) for rule, _ in reaching if may_go_unasked(rule)}

    helps = {rule.id: _Help(study.directory, wanted) for rule, wanted in reaching}

    def reached(rule: Rule) -> Formula:
        matches = space.matches(rule)
        asks = any_of(formulas(space, rule).values()) if rule.id in questions else space.possible(rule) & ~matches
        return asks | (matches & helps[rule.id].formula(space))

    def reaches(rule: Rule, known: Known) -> bool:
        truth = rule_holds(rule, known)
        if truth is None and rule.id in questions:
            return bool(questions[rule.id].asked(known))
        return truth is None or (truth and helps[rule.id].holds(known))

    def left_out(witness: Witness) -> bool:
        known = witness.known()
        return holds(asked, witness) and not any(reaches(rule, known) for rule, _ in reaching)

    wanted = (space.group(asked).definite, *(~reached(rule) for rule, _ in reaching))
    return space.find(*wanted, check=left_out)


def narrowed_away(study: Study) -> Iterator[AnalysisFinding]:
    """National rules that an overlay narrows to nobody in its area."""
    for rule in study.rules:
        for narrowing in rule.narrowed:
            if (
                study.point(rule).witness is not None
                and study.together(rule, more=(narrowing.area,)).outcome == "impossible"
            ):
                message = f"in the area of this overlay `{rule.id}` never matches any more"
                yield finding("A018", narrowing.place, message, rule.id)


class _Help:
    """
    Whether a rule that matches does for somebody what a goal wants.

    It tells somebody, or a provider may take the referral: full or not, and perhaps once a partner has answered. People
    of an area for which no file of the directory has the service are helped as far as rules go: nothing is promised.
    """

    def __init__(self, directory: Directory, wanted: Sequence[Refer] | None) -> None:
        self._always = wanted is None
        self._takers = [group for refer in wanted or () for group in taken(directory, refer)]
        self._served = [(lives_where_served(directory, refer),) for refer in wanted or ()]

    def formula(self, space: Space) -> Formula:
        """When it does."""
        if self._always:
            return TRUE
        takes = any_of(space.group(group).possible for group in self._takers)
        return takes | any_of(~space.group(group).definite for group in self._served)

    def holds(self, known: Known) -> bool:
        """Whether it does, by what is known."""
        takes = any(group_holds(group, known) is not False for group in self._takers)
        return self._always or takes or any(group_holds(group, known) is not True for group in self._served)
