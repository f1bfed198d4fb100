"""What a change does for people: who is referred by some rule before it and by none after it, or the reverse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from onward.workbench.analysis.cells import Cells, meet
from onward.workbench.analysis.study import Target
from onward.workbench.difference.compared import Side
from onward.workbench.difference.findings import Effect
from onward.workbench.difference.referring import Offer, Referring, changed_offers, space_of
from onward.workbench.logic import Formula, Witness, any_of

DISTANCE = "accommodation.distance_km"


@dataclass(frozen=True, slots=True)
class People:
    """Both bundles as wholes, and which of their rules mean something else in the other."""

    before: Referring
    after: Referring
    changed: Mapping[str, bool]
    """For every rule of either, by id."""
    effort: int

    def effects(self) -> Iterator[Effect]:
        """For each category and service: somebody who loses, somebody who gains; nothing where there is nobody."""
        targets = sorted({*self.before.targets(), *self.after.targets()})
        lost = changed_offers(self.before, self.after, self.changed)
        won = changed_offers(self.after, self.before, self.changed)
        for target in targets:
            yield from self._effect(target, "loses", lost, self.before, self.after)
            yield from self._effect(target, "gains", won, self.after, self.before)

    def _effect(
        self,
        target: Target,
        direction: Literal["loses", "gains"],
        changed: list[Offer],
        here: Referring,
        there: Referring,
    ) -> Iterator[Effect]:
        """Somebody whom one of the *changed* offers refers *here*, and whom nothing refers to the target *there*."""
        offers = [offer for offer in changed if offer.target == target]
        if not offers:
            return
        others = _meeting(offers, there.by_target.get(target, []))
        space = space_of(here.side, *offers, *others)
        wanted: list[Formula] = [any_of(offer.made(space) for offer in offers)]
        wanted += [~offer.made(space) for offer in others]

        def shown(witness: Witness) -> bool:
            return _referred(here.side, witness, target) and not _referred(there.side, witness, target)

        answer = space.find(*wanted, check=shown, effort=self.effort)
        if answer.witness is not None:
            sides = (self.before.side, self.after.side)
            decisions = (side.decide(answer.witness) for side in sides)
            yield Effect(*target, direction, answer.witness, *decisions)
        elif answer.open or self._measured_otherwise([*offers, *others]):
            yield Effect(*target, direction, None)

    def _measured_otherwise(self, offers: list[Offer]) -> bool:
        """Whether a distance matters that the two directories measure from other offices: that is not proved here."""
        if self.before.side.offices == self.after.side.offices:
            return False
        return any(condition.path == DISTANCE for offer in offers for condition in offer.conditions())


def _referred(side: Side, witness: Witness, target: Target) -> bool:
    return any((made.category, made.service) == target for made in side.decide(witness).referrals)


def _meeting(offers: list[Offer], others: list[Offer]) -> list[Offer]:
    """Those of the others that algebra does not prove apart from all of the offers."""
    cells = Cells([condition for offer in (*offers, *others) for condition in offer.conditions()])
    ours = [box for offer in offers for box in cells.boxes(0, offer.rule)]
    return [
        other
        for other in others
        if any(meet((box, one)) is not None for box in cells.boxes(0, other.rule) for one in ours)
    ]
