"""One rule before and after a change: every way in which it can differ, shown or excluded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onward.routing.domain.kleene import Known, Truth, explain, rule_holds
from onward.routing.domain.language import Condition, Group, Rule
from onward.routing.domain.waiting import without_prerequisites
from onward.workbench.analysis.takers import accepted, candidates
from onward.workbench.difference.compared import Side
from onward.workbench.difference.findings import Direction, Shown
from onward.workbench.difference.writing import bare, structure
from onward.workbench.logic import FALSE, Answer, Formula, Space, Witness, any_of, questions
from onward.workbench.logic.questions import Questions
from onward.workbench.logic.space import conditions_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison of two rules came to: nothing shown and nothing open is a proof that they mean the same."""

    shown: tuple[Shown, ...]
    not_proved: tuple[Direction, ...]


@dataclass(frozen=True, slots=True)
class _One:
    """A rule of one side, with what it asks for."""

    side: Side
    original: Rule
    rule: Rule
    free: Rule
    """The rule as it would be if all that it requires existed."""
    questions: Questions

    @classmethod
    def of(cls, side: Side, rule: Rule) -> "_One":
        return cls(side, rule, bare(rule), bare(without_prerequisites(rule)), Questions(rule))

    def truth(self, known: Known) -> Truth:
        return rule_holds(self.rule, known)

    def agreed(self, known: Known) -> bool:
        return self.side.truth(self.rule.id, known) == self.truth(known)

    def waits(self, known: Known) -> bool:
        return bool(self.rule.requires) and self.truth(known) is False and rule_holds(self.free, known) is True


class RuleComparison:
    """Two rules in the space of the situations that they tell apart."""

    def __init__(self, before: tuple[Side, Rule], after: tuple[Side, Rule], effort: int) -> None:
        self._old, self._new = _One.of(*before), _One.of(*after)
        self._effort = effort
        self._accepting = [_acceptances(*before), _acceptances(*after)]
        conditions: list[Condition] = []
        for one in (self._old, self._new):
            conditions += [*conditions_of(one.rule), *questions.conditions(one.rule)]
        groups = (each for groups in self._accepting for group in groups for each in group)
        self._space = Space([*conditions, *groups], offices=self._new.side.offices)
        self._shown: list[Shown] = []
        self._open: list[Direction] = []

    def verdict(self, moves: Sequence[str]) -> Verdict:
        """Every difference, each with a situation; *moves* are what the rules do otherwise."""
        if structure(self._old.original) != structure(self._new.original):
            self._matching("gains", self._new, self._old)
            self._matching("loses", self._old, self._new)
            self._asking("asks", self._new, self._old)
            self._asking("asks no longer", self._old, self._new)
        if self._required(self._old) != self._required(self._new):
            self._waiting("waits", self._new, self._old)
            self._waiting("waits no longer", self._old, self._new)
        if moves:
            self._moving(tuple(moves))
        return Verdict(tuple(self._shown), tuple(self._open))

    def same(self) -> bool:
        """Whether both are proved to match, ask and wait in the same situations."""
        return self.verdict(()) == Verdict((), ())

    def _required(self, one: _One) -> object:
        """Two rules for which this is equal wait in the same situations."""
        return (structure(one.original), structure(one.free)) if one.rule.requires else None

    def _matching(self, direction: Direction, here: _One, there: _One) -> None:
        """Situations in which only *here* matches: best ones in which *there* does not even ask."""
        space = self._space
        matches = space.matches(here.rule)

        def shown(known: Known) -> bool:
            return here.truth(known) is True and there.truth(known) is not True

        def clearly(known: Known) -> bool:
            return here.truth(known) is True and there.truth(known) is False

        self._note(
            direction,
            ([matches, ~space.possible(there.rule)], clearly),
            ([matches, ~space.matches(there.rule)], shown),
        )

    def _asking(self, direction: Direction, here: _One, there: _One) -> None:
        """
        Situations in which only *here* needs information or asks for something: best for what *there* never asks for.

        A rule can need information that nobody can be asked for.
        """
        asks, asked = (questions.formulas(self._space, one.rule) for one in (here, there))

        def shown(known: Known) -> bool:
            return bool(words(known)) or (here.truth(known) is None and there.truth(known) is not None)

        def new(known: Known) -> bool:
            return bool(here.questions.asked(known) - set(asked))

        different = [asks[name] & ~asked[name] if name in asked else asks[name] for name in asks]
        needs = (self._space.possible(one.rule) & ~self._space.matches(one.rule) for one in (here, there))
        needs_here, needs_there = needs
        wanted = [any_of((*different, needs_here & ~needs_there))]
        first = [any_of(asks[name] for name in asks if name not in asked)]
        tries = [(first, new)] if set(asks) - set(asked) else []

        def words(known: Known) -> tuple[str, ...]:
            return tuple(sorted(here.questions.asked(known) - there.questions.asked(known)))

        self._note(direction, *tries, (wanted, shown), words=words)

    def _waiting(self, direction: Direction, here: _One, there: _One) -> None:
        def waits(one: _One) -> Formula:
            if not one.rule.requires:
                return FALSE
            return self._space.matches(one.free) & ~self._space.possible(one.rule)

        def shown(known: Known) -> bool:
            return here.waits(known) and not there.waits(known)

        self._note(direction, ([waits(here), ~waits(there)], shown))

    def _moving(self, moves: tuple[str, ...]) -> None:
        """Situations in which both match: best ones in which a provider takes the person."""
        both = [self._space.matches(one.rule) for one in (self._old, self._new)]

        def shown(known: Known) -> bool:
            return self._old.truth(known) is True and self._new.truth(known) is True

        taken = any_of(self._space.group(group).definite for groups in self._accepting for group in groups)
        found = self._taken([*both, taken]) if any(self._accepting) else None
        if found is not None:
            self._shown.append(self._as_shown("moves", found, moves))
        else:
            self._note("moves", (both, shown), words=lambda _: moves)

    def _taken(self, wanted: Sequence[Formula]) -> Witness | None:
        """A situation in which the whole bundles do something else for this rule."""
        old, new = self._old, self._new

        def shown(witness: Witness) -> bool:
            known = witness.known()
            if not (old.truth(known) is True and new.truth(known) is True):
                return False
            return _made(old, witness) != _made(new, witness)

        return self._space.find(*wanted, check=shown, effort=self._effort).witness

    def _note(
        self,
        direction: Direction,
        *tries: tuple[Sequence[Formula], Callable[[Known], bool]],
        words: Callable[[Known], tuple[str, ...]] = lambda _: (),
    ) -> None:
        """Take the first that some situation shows; only the last excludes the difference when nothing does."""
        answer = Answer("impossible")
        for wanted, shown in tries:
            answer = self._space.find(*wanted, check=self._confirmed(shown), effort=self._effort)
            if answer.witness is not None:
                self._shown.append(self._as_shown(direction, answer.witness, words(answer.witness.known())))
                return
        if answer.open:
            self._open.append(direction)

    def _confirmed(self, shown: Callable[[Known], bool]) -> Callable[[Witness], bool]:
        """Shown by the evaluator, and by the indexes of both whole bundles, which are what decides in the service."""

        def confirmed(witness: Witness) -> bool:
            known = witness.known()
            return shown(known) and all(one.agreed(known) for one in (self._old, self._new))

        return confirmed

    def _as_shown(self, direction: Direction, witness: Witness, words: tuple[str, ...]) -> Shown:
        known = witness.known()
        because = next(iter(explain(self._new.rule, known).reasons()), None)
        old, new = self._old, self._new
        decisions = tuple(one.side.decide(witness) for one in (old, new)) if direction == "moves" else ()
        return Shown(direction, witness, old.truth(known), new.truth(known), words, because, decisions)


def _made(one: _One, witness: Witness) -> list[object]:
    """The referrals that a rule makes in the decision of its whole bundle."""
    return [
        (made.category, made.provider, made.urgency, made.approval, made.legal_basis)
        for made in one.side.decide(witness).referrals
        if made.rule == one.rule.id
    ]


def _acceptances(side: Side, rule: Rule) -> list[Group]:
    """What must be known of somebody for some provider to take a referral of the rule; no more than a few."""
    found = (accepted(each, refer) for refer in rule.refer for each in candidates(side.directory, refer))
    return list(dict.fromkeys(found))


def asks_alike(one: Rule, other: Rule) -> bool:
    """Whether two rules ask about the same facts, so that it is worth proving that they mean the same."""
    return questions.paths(one) == questions.paths(other)


def matching(side: Side, rule: Rule, effort: int) -> Answer:
    """Somebody for whom a rule matches."""
    stripped = bare(rule)
    space = Space.of([stripped], offices=side.offices)
    return space.find(
        space.matches(stripped), check=lambda witness: side.truth(rule.id, witness.known()) is True, effort=effort
    )
