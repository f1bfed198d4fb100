"""Which goals two bundles promise otherwise, and of whom one promises that the other does not speak."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from onward.routing.domain.actions import no_later
from onward.routing.domain.kleene import group_holds
from onward.routing.domain.language import Goal
from onward.workbench.logic import Space, Witness


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """A goal that only one of two bundles has, as it is written."""

    gone: bool
    """The bundle before has it, and the one after has not."""
    weaker: bool
    """It is gone, and it is not proved that the goals after speak of all the people it spoke of."""
    words: str
    witness: Witness | None = None
    """Somebody of whom nothing is promised any longer."""

    def document(self) -> dict[str, Any]:
        """For programs."""
        given = None if self.witness is None else self.witness.given()
        return {"gone": self.gone, "weaker": self.weaker, "goal": self.words, "given": given}


def promise_changes(before: Sequence[Goal], after: Sequence[Goal], effort: int) -> Iterator[PromiseChange]:
    """Every goal that is no longer there, or is new: the weaker ones first."""
    old, new = {_asked(goal): goal for goal in before}, {_asked(goal): goal for goal in after}
    gone = [_gone(goal, after, effort) for asked, goal in sorted(old.items()) if asked not in new]
    yield from sorted(gone, key=lambda each: not each.weaker)
    for asked in sorted(new.keys() - old.keys()):
        yield PromiseChange(gone=False, weaker=False, words=_in_words(asked))


def _gone(goal: Goal, after: Sequence[Goal], effort: int) -> PromiseChange:
    """What is lost with a goal: nothing if others speak of all its people, and promise them as much."""
    others = [each for each in after if _promises_as_much(each, goal)]
    space = Space([*goal.when, *(condition for each in others for condition in each.when)])
    meant = space.group(goal.when).definite
    left = (~space.group(each.when).definite for each in others)

    def shown(witness: Witness) -> bool:
        known = witness.known()
        spoken_of = any(group_holds(each.when, known) is True for each in others)
        return group_holds(goal.when, known) is True and not spoken_of

    answer = space.find(meant, *left, check=shown, effort=effort)
    weaker = answer.outcome != "impossible"
    return PromiseChange(gone=True, weaker=weaker, words=_in_words(_asked(goal)), witness=answer.witness)


def _promises_as_much(one: Goal, other: Goal) -> bool:
    """Whether what *one* promises its people is what *other* does, or more."""
    return all(getattr(other, part) in (None, getattr(one, part)) for part in ("category", "service", "told")) and (
        other.urgency is None or (one.urgency is not None and no_later(one.urgency, other.urgency))
    )


_Asked: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A goal: why, what it promises, whom it is about."""


def _asked(goal: Goal) -> _Asked:
    whom = tuple(sorted(f"{condition.path} {condition.expected}" for condition in goal.when))
    wanted = (goal.category, goal.service, goal.urgency, goal.told and f"tells {goal.told}")
    return goal.why, ", ".join(each for each in wanted if each), whom


def _in_words(goal: _Asked) -> str:
    why, wanted, whom = goal
    return f"{why} ({'; '.join(whom)}{f'; {wanted}' if wanted else ''})"
