"""
What stands in one way, and the changes that could take it away.

For a state (the changes made so far) one obstacle is chosen and every single change named that could help to remove
it. Any larger set of changes that opens this way contains one of these, so that a search which tries each of them
misses nothing. A fact that was changed once stays so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from onward.contracts.facts import FACTS
from onward.routing.domain.kleene import Truth, all_of, any_of, negation
from onward.workbench.explaining.asks import Ask
from onward.workbench.explaining.costs import NOTHING, Cost
from onward.workbench.explaining.picture import Picture, State
from onward.workbench.explaining.possible_values import values_around
from onward.workbench.explaining.told import sources_of
from onward.workbench.explaining.ways import Stopper, Way

Step: TypeAlias = tuple[str, int]
"""A told fact and the number of the value it changes to."""
Allowed: TypeAlias = Callable[[Cost], bool]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a way stands in one state."""

    still: Cost
    """At least what must yet be paid to open it."""
    steps: tuple[Step, ...]
    """The changes that could remove one obstacle; empty when nothing is in the way."""


class Course:
    """One way, made ready for a search among the changes that are *allowed*."""

    def __init__(self, way: Way, picture: Picture, allowed: Allowed) -> None:
        self.way = way
        self._picture = picture
        self._allowed = allowed
        self._plain: dict[str, list[Ask]] = {}
        """What must hold and hangs on one told fact, by that fact."""
        self._joint: list[Ask] = []
        """What must hold and hangs on several told facts, or on none."""
        for ask in way.musts:
            sources = sources_of(ask.path)
            if len(sources) == 1:
                self._plain.setdefault(sources[0], []).append(ask)
            else:
                self._joint.append(ask)
        self._contrary = _contrary(self._joint)
        self._guards = [_Guard(stopper, self._stops(stopper, {})) for stopper in way.stoppers]
        self._masks: dict[str, int] = {}
        self._options: dict[str, tuple[Step, ...]] = {}

    def least(self, state: State) -> Cost | None:
        """
        At least what must yet be paid, by what is cheap to know: facts that decide one of its conditions alone.

        None if it cannot be opened from *state* for one of these, or if what it asks of one fact contradicts itself.
        """
        if self._contrary is not None:
            return None
        cost = NOTHING
        for path in self._plain:
            if not self._mask(path) >> state.get(path, 0) & 1:
                cheapest = None if path in state else self._cheapest(path)
                if cheapest is None:
                    return None
                cost = cost.plus(cheapest)
        return cost

    def outlook(self, state: State) -> Outlook | None:
        """How the way stands when *state* is so; None if it cannot be opened from there."""
        obstacles = [tuple(dict.fromkeys(steps)) for steps in self._obstacles(state)]
        if not all(obstacles):
            return None
        if not obstacles:
            return Outlook(NOTHING, ())
        obstacles.sort(key=len)
        still, counted = NOTHING, set[str]()
        for steps in obstacles:
            paths = {path for path, _ in steps}
            if counted.isdisjoint(paths):  # no one change removes both
                still = still.plus(min(map(self._cost, steps)))
                counted |= paths
        return Outlook(still, obstacles[0])

    def hopeless(self) -> str:
        """Why no change can open this way from the start: the first reason; "" if there may be one."""
        for path, asks in self._plain.items():
            if not self._mask(path) & 1 and not self._of(path):
                return f"{asks[0].path} cannot be {asks[0].expected or 'what its providers ask'} as well"
        if self._contrary is not None:
            return f"{self._contrary.path} cannot be {self._contrary.expected} as well"
        for ask in self._joint:
            if self._picture.truth(ask, {}) is not True and not any(self._turning(ask, {}, (True,))):
                return f"{ask.path} would have to be {ask.expected}, which no fact that is told can bring about"
        for guard in self._guards:
            if guard.holds_up(guard.truth) and not any(self._freeing(guard.stopper, {})):
                return f"stopped by {guard.stopper.rule.id}, whatever else were known"
        return ""

    def _cost(self, step: Step) -> Cost:
        path, number = step
        return self._picture.possible(path).costs[number]

    def _obstacles(self, state: State) -> Iterator[Iterable[Step]]:
        """Each obstacle as the changes that could help to remove it."""
        for path in self._plain:
            if not self._mask(path) >> state.get(path, 0) & 1:
                yield () if path in state else self._of(path)
        for ask in self._joint:
            if self._picture.truth(ask, state) is not True:
                yield self._turning(ask, state, (True,))
        for group in self.way.must_not:
            if self._all(group, state) is not False:
                yield [step for ask in group for step in self._turning(ask, state, (False,))]
        for guard in self._guards:
            truth = guard.truth if guard.paths.isdisjoint(state) else self._stops(guard.stopper, state)
            if guard.holds_up(truth):
                yield self._freeing(guard.stopper, state)

    def _stops(self, stopper: Stopper, state: State) -> Truth:
        parts = [self._all(stopper.when, state)]
        if stopper.any_of:
            parts.append(any_of(self._all(group, state) for group in stopper.any_of))
        if stopper.unless:
            parts.append(negation(any_of(self._all(group, state) for group in stopper.unless)))
        return all_of(parts)

    def _all(self, asks: tuple[Ask, ...], state: State) -> Truth:
        return all_of(self._picture.truth(ask, state) for ask in asks)

    def _freeing(self, stopper: Stopper, state: State) -> Iterator[Step]:
        """A condition must fail, or all groups of `any_of`, or one of `unless` must hold."""
        off: tuple[Truth, ...] = (False,) if stopper.even_possible else (False, None)
        on: tuple[Truth, ...] = (True,) if stopper.even_possible else (True, None)
        for ask in stopper.when:
            yield from self._turning(ask, state, off)
        for group in stopper.any_of:
            if self._all(group, state) not in off:
                for ask in group:
                    yield from self._turning(ask, state, off)
                break
        for group in stopper.unless:
            for ask in group:
                if self._picture.truth(ask, state) not in on:
                    yield from self._turning(ask, state, on)
                    break

    def _turning(self, ask: Ask, state: State, wanted: tuple[Truth, ...]) -> Iterator[Step]:
        """The changes that give *ask* a wanted answer; where several facts decide it, all changes of each."""
        sources = sources_of(ask.path)
        for path in sources:
            if path in state:
                continue
            for step in self._of(path):
                if len(sources) > 1 or self._picture.truth(ask, {path: step[1]}) in wanted:
                    yield step

    def _mask(self, path: str) -> int:
        """The values of *path* for which all that must hold of it holds; all values if nothing must."""
        found = self._masks.get(path)
        if found is None:
            found = -1
            for ask in self._plain.get(path, ()):
                found &= self._picture.mask(ask, path)
            self._masks[path] = found
        return found

    def _cheapest(self, path: str) -> Cost | None:
        """The cheapest change of *path* that this way can use, if there is one."""
        mask = self._mask(path)
        usable = (
            cost for number, cost in enumerate(self._picture.possible(path).costs) if number and mask >> number & 1
        )
        return next(filter(self._allowed, usable), None)

    def _of(self, path: str) -> tuple[Step, ...]:
        """The changes of *path* that this way can use; of those that are alike for it only the cheapest."""
        found = self._options.get(path)
        if found is None:
            possible, mask = self._picture.possible(path), self._mask(path)
            alike: set[object] = set()
            steps: list[Step] = []
            asks, joint = self._concerned(path)
            for number, cost in enumerate(possible.costs):
                if not number or not mask >> number & 1 or not self._allowed(cost):
                    continue
                answers = number if joint else tuple(self._picture.truth(ask, {path: number}) for ask in asks)
                if answers not in alike:
                    alike.add(answers)
                    steps.append((path, number))
            found = self._options[path] = tuple(steps)
        return found

    def _concerned(self, path: str) -> tuple[list[Ask], bool]:
        """All questions of this way that *path* decides, and whether other facts decide one of them too."""
        asks = [
            *self.way.musts,
            *(ask for group in self.way.must_not for ask in group),
            *(ask for stopper in self.way.stoppers for ask in stopper.asks()),
        ]
        concerned = list(dict.fromkeys(ask for ask in asks if path in sources_of(ask.path)))
        return concerned, any(len(sources_of(ask.path)) > 1 for ask in concerned)


class _Guard:
    """A stopper, and how it stands before any change."""

    def __init__(self, stopper: Stopper, truth: Truth) -> None:
        self.stopper = stopper
        self.truth = truth
        self.paths = frozenset(path for ask in stopper.asks() for path in sources_of(ask.path))

    def holds_up(self, truth: Truth) -> bool:
        """Whether it holds the referral up when it is *truth* that it matches."""
        return truth is True or (truth is None and self.stopper.even_possible)


def _contrary(asks: Sequence[Ask]) -> Ask | None:
    """A question to a derived fact that no value of it answers yes together with the others, if there is one."""
    by_path: dict[str, list[Ask]] = {}
    for ask in asks:
        by_path.setdefault(ask.path, []).append(ask)
    for path, together in by_path.items():
        offered = {value for ask in together for value in ask.turns_at}
        values = [None, *values_around(FACTS[path].kind, offered)]
        if not any(all(ask.holds(value) is True for ask in together) for value in values):
            return together[-1]
    return None
