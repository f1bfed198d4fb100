"""Who is sent to another provider because the directories differ: from which to which, each with an example."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from onward.contracts.authorities import authorities
from onward.directory.model import Provider
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.eligibility import EVERYWHERE, offers, standing
from onward.routing.domain.language import Condition, Group, OneOf, Refer
from onward.workbench.analysis.study import Target
from onward.workbench.analysis.takers import accepted
from onward.workbench.difference.compared import Side
from onward.workbench.difference.findings import RecipientChange
from onward.workbench.difference.referring import Offer, Referring
from onward.workbench.logic import Answer, Space, Witness, all_of

_TRIES = 4
"""So many rules and areas are tried for one pair of providers before the move is said to be not proved."""
_MOST = 400
"""Questions in all; what is left then is said to be not proved."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A provider in the order of one area, with what must be known of somebody for it to take them."""

    provider: str
    group: Group


@dataclass(slots=True)
class _Pair:
    """Two providers of which the second may take whom the first took."""

    target: Target
    before: str
    after: str
    tried: int = 0
    open: bool = False
    shown: bool = False


@dataclass(slots=True)
class RecipientChanges:
    """Both bundles as wholes, and the present ids of providers that were renamed."""

    before: Referring
    after: Referring
    names: Mapping[str, str]
    effort: int
    _pairs: dict[tuple[Target, str, str], _Pair] = field(default_factory=dict[tuple[Target, str, str], _Pair])
    _asked: int = 0

    def moves(self) -> Iterator[RecipientChange]:
        """For each need and pair of providers: somebody who was sent to the one and is now sent to the other."""
        old, new = (Destinations(each.side.directory) for each in (self.before, self.after))
        for name, made in self.before.by_rule.items():
            others = {other.target: other for other in self.after.by_rule.get(name, ())}
            for offer in made:
                if (other := others.get(offer.target)) is not None:
                    yield from self._offer(offer, other, old, new)
        for pair in self._pairs.values():
            if pair.open and not pair.shown:
                yield RecipientChange(*pair.target, pair.before, pair.after, None)

    def _offer(self, offer: Offer, other: Offer, old: Destinations, new: Destinations) -> Iterator[RecipientChange]:
        if _offered(old, offer.refer) == _offered(new, other.refer) and not self.names:
            return
        for area in _areas(old, new, offer.refer, other.refer):
            here = self._order(old, offer.refer, area)
            there = self._order(new, other.refer, area)
            if here != there:
                yield from self._area(offer, other, area, here, there)

    def _area(
        self, offer: Offer, other: Offer, area: str, here: Sequence[_Choice], there: Sequence[_Choice]
    ) -> Iterator[RecipientChange]:
        for place, one in enumerate(here):
            for at, two in enumerate(there):
                if one.provider == two.provider:
                    continue
                key = offer.target, one.provider, two.provider
                pair = self._pairs.setdefault(key, _Pair(*key))
                if pair.shown or pair.tried >= _TRIES:
                    continue
                pair.tried += 1
                answer = self._ask(offer, other, area, here[: place + 1], there[: at + 1])
                if answer.witness is not None:
                    pair.shown = True
                    decisions = [side.decide(answer.witness) for side in (self.before.side, self.after.side)]
                    yield RecipientChange(*offer.target, one.provider, two.provider, answer.witness, *decisions)
                pair.open = pair.open or answer.open

    def _ask(self, offer: Offer, other: Offer, area: str, here: Sequence[_Choice], there: Sequence[_Choice]) -> Answer:
        """Somebody in the area whom the last of each order takes, and none before it."""
        self._asked += 1
        if self._asked > _MOST:
            return Answer("not decided")
        lives = Condition(offer.refer.catchment_by, OneOf(frozenset([area])), "", "directory:1:1")
        groups = [each.group for each in (*here, *there)]
        conditions = [*offer.conditions(), *other.conditions(), lives, *(each for group in groups for each in group)]
        space = Space(conditions, offices=self.before.side.offices)
        wanted = [space.group((lives,)).definite, offer.free(space), other.free(space)]
        for order in (here, there):
            wanted.append(space.group(order[-1].group).definite)
            wanted.append(all_of(~space.group(each.group).definite for each in order[:-1]))

        def shown(witness: Witness) -> bool:
            return self._sent(self.before.side, witness, offer.target) == {here[-1].provider} and (
                self._sent(self.after.side, witness, offer.target) == {there[-1].provider}
            )

        return space.find(*wanted, check=shown, effort=self.effort)

    def _sent(self, side: Side, witness: Witness, target: Target) -> set[str]:
        names = self.names if side is self.before.side else {}
        made = side.decide(witness).referrals
        return {names.get(each.provider, each.provider) for each in made if (each.category, each.service) == target}

    def _order(self, destinations: Destinations, refer: Refer, area: str) -> list[_Choice]:
        """Who is asked in an area, one after the other, by the present id."""
        found: list[_Choice] = []
        for provider in destinations.ranked(refer, area):
            if _serves(provider, area) and _is_open(provider, refer, destinations):
                name = self.names.get(provider.id, provider.id)
                group = tuple(each for each in accepted(provider, refer) if each.path != refer.catchment_by)
                found.append(_Choice(name, group))
        return found


def _serves(provider: Provider, area: str) -> bool:
    return EVERYWHERE in provider.catchment or area in provider.catchment


def _is_open(provider: Provider, refer: Refer, destinations: Destinations) -> bool:
    """Whether nothing certain stands against a provider, wherever somebody lives."""
    certain = any(not asks for _, asks in standing(provider, refer, None))
    return offers(provider, refer) and not certain and provider.profile in destinations.directory.profiles


def _offered(destinations: Destinations, refer: Refer) -> object:
    """All that the order of those who may take a referral depends on."""
    open_ = (each for each in destinations.ranked(refer, None) if _is_open(each, refer, destinations))
    # What a provider is called and may see moves nobody.
    plain = [each.model_copy(update={"name": "", "profile": "", "area": ""}) for each in open_]
    return plain, refer.catchment_by, destinations.offices


def _areas(old: Destinations, new: Destinations, *refers: Refer) -> list[str]:
    """Every area that one of those who may take a referral names, and one that none names."""
    named = {
        area
        for destinations, refer in zip((old, new), refers, strict=True)
        for provider in destinations.ranked(refer, None)
        for area in provider.catchment
        if area != EVERYWHERE
    }
    elsewhere = next((code for code, each in authorities().items() if each.successor is None and code not in named), "")
    return [*sorted(named), *([elsewhere] if elsewhere else [])]
