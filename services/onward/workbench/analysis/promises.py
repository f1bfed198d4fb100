"""What files promise of their rules: one match at most, an area that widens nothing silently, nobody left out."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from onward.contracts.codes import NoticeUrgency
from onward.routing.domain.actions import NOTICE_URGENCIES
from onward.routing.domain.kleene import Known, rule_holds
from onward.routing.domain.language import EVENT_DAY, Between, Condition, Goal, Group, Notify, Refer, Rule
from onward.workbench.analysis.findings import NAMED, AnalysisFinding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import Study, holds
from onward.workbench.logic import Answer, Formula, Witness, any_of
from onward.workbench.logic.questions import Questions, conditions, formulas, may_go_unasked

_YEAR = timedelta(days=365)


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
                message = f"no rule{what} reaches everybody: {goal.why}"
                yield finding("A013", goal.place, message, witness=answer.witness)
            elif answer.open:
                message = f"it is not proved that everybody is reached: {goal.why}: {answer.why_open}"
                yield finding("A090", goal.place, message)


def meant(goal: Goal, day: date) -> Group:
    """Whom a goal speaks of, in the year from a day."""
    return (Condition(EVENT_DAY, Between(day, day + _YEAR), "", str(goal.place)), *goal.when)


def asking(rules: Sequence[Rule], goals: Sequence[Goal]) -> Group:
    """What a study must know of to judge whether the rules that reach the people of *goals* ask anybody."""
    reaching = {rule.id: rule for goal in goals for serving, _ in _promised(rules, goal) for rule in serving}
    return tuple(each for rule in reaching.values() if may_go_unasked(rule) for each in conditions(rule))


def _promised(rules: Sequence[Rule], goal: Goal) -> Iterator[tuple[list[Rule], str]]:
    """
    The rules that serve each part of a goal where they match, or ask, and the part in words.

    A referral and a notice may come from two rules; a suppression reaches nobody.
    """
    by = f" {goal.urgency.replace('_', ' ')}" if goal.urgency else ""
    if goal.category or goal.service or (goal.urgency and not goal.told):
        said = [*([f"for {goal.category}"] if goal.category else []), *([f"to {goal.service}"] if goal.service else [])]
        yield (
            [rule for rule in rules if any(_serves(each, goal) for each in rule.refer)],
            f" {' '.join(said)}{by}".rstrip(),
        )
    if goal.told:
        yield (
            [rule for rule in rules if any(_tells(each, goal) for each in rule.notify)],
            f" that tells {goal.told}{by}",
        )
    if not (goal.category or goal.service or goal.urgency or goal.told):
        yield [rule for rule in rules if rule.suppress is None], ""


def _serves(refer: Refer, goal: Goal) -> bool:
    return (
        goal.category in (None, refer.category)
        and goal.service in (None, refer.service)
        and _in_time(refer.urgency, goal)
    )


def _tells(notify: Notify, goal: Goal) -> bool:
    return notify.to == goal.told and _in_time(notify.urgency, goal)


def _in_time(urgency: NoticeUrgency, goal: Goal) -> bool:
    return goal.urgency is None or NOTICE_URGENCIES.index(urgency) <= NOTICE_URGENCIES.index(goal.urgency)


def _ask(study: Study, goal: Goal, reaching: list[Rule], day: date) -> Answer:
    """Somebody whom the goal means, for whom none of *reaching* matches or asks for information."""
    asked = meant(goal, day)
    space = study.space
    questions = {rule.id: Questions(rule) for rule in reaching if may_go_unasked(rule)}

    def reached(rule: Rule) -> Formula:
        if rule.id not in questions:
            return space.possible(rule)
        return space.matches(rule) | any_of(formulas(space, rule).values())

    def reaches(rule: Rule, known: Known) -> bool:
        truth = rule_holds(rule, known)
        return bool(questions[rule.id].asked(known)) if truth is None and rule.id in questions else truth is not False

    def left_out(witness: Witness) -> bool:
        known = witness.known()
        return holds(asked, witness) and not any(reaches(rule, known) for rule in reaching)

    wanted = (space.group(asked).definite, *(~reached(rule) for rule in reaching))
    return space.find(*wanted, check=left_out)
