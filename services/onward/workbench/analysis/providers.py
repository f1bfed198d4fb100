"""Rules and the directory: providers that nobody can be sent to, and rules that can send nobody."""

from collections import defaultdict
from collections.abc import Iterator

from onward.contracts.authorities import authorities
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Provider
from onward.routing.domain.eligibility import EVERYWHERE
from onward.routing.domain.kleene import group_holds
from onward.routing.domain.language import Group
from onward.workbench.analysis.findings import NAMED, AnalysisFinding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import ProviderOffer, Study, Target, holds
from onward.workbench.analysis.takers import accepted, candidates, lives_where_served, taken
from onward.workbench.logic import Answer, Witness

_GRAVE = ("safety", "statutory")
"""Rules of these themes are for life, children and what the law requires: there a hole is an error."""


class Reach:
    """Which providers which rules can reach; each question is asked once."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._answers: dict[tuple[str, Group], Answer] = {}

    def reach(self, offer: ProviderOffer, provider: Provider) -> Answer:
        """Somebody whom the rule refers and the provider takes, or the proof that there is nobody."""
        conditions = accepted(provider, offer.refer)
        key = (offer.rule.id, conditions)
        if key not in self._answers:
            self._answers[key] = self._study.together(offer.rule, more=conditions)
        return self._answers[key]


def out_of_reach(study: Study, reach: Reach) -> Iterator[AnalysisFinding]:
    """Providers of the directory that no rule can refer anybody to."""
    offers = [offer for offer in study.offers() if offer.rule.legal_basis is not None]
    by_provider: dict[str, list[ProviderOffer]] = {name: [] for name in study.directory.providers}
    for offer in offers:
        for provider in candidates(study.directory, offer.refer):
            by_provider[provider.id].append(offer)
    for name, reaching in sorted(by_provider.items()):
        provider = study.directory.providers[name]
        outcomes = {"impossible"}
        for offer in reaching:
            outcomes.add(reach.reach(offer, provider).outcome)
            if "found" in outcomes:
                break
        place = Place(f"directory/{provider.area}.yaml", 1, 1)
        if outcomes == {"impossible"}:
            why = "no rule refers to its services" if not reaching else "whoever a rule refers, it does not take"
            yield finding("A010", place, f"nobody can be referred to `{name}`: {why}")
        elif "found" not in outcomes:
            yield finding("A090", place, f"it is not proved that anybody can be referred to `{name}`")


def without_taker(study: Study, reach: Reach) -> Iterator[AnalysisFinding]:
    """Rules that name a provider which can take nobody they refer, and rules for whose people there is none at all."""
    for offer in study.offers():
        takers = candidates(study.directory, offer.refer)
        if not takers:
            continue  # `onward rules check` says so: D101 to D103
        if offer.refer.providers:
            yield from _named(offer, takers, reach)
            continue
        outcomes: set[str] = set()
        for provider in takers:
            outcomes.add(reach.reach(offer, provider).outcome)
            if "found" in outcomes:
                break
        if "found" in outcomes:
            continue
        if outcomes == {"impossible"}:
            message = f"no provider of {offer.refer.service} can take anybody whom `{offer.rule.id}` refers"
            witness = study.point(offer.rule).witness
            yield finding("A012", offer.refer.place, message, offer.rule.id, witness=witness)
        else:
            yield finding(
                "A090", offer.refer.place, f"it is not proved that a provider takes those of `{offer.rule.id}`"
            )


def without_provider(study: Study) -> Iterator[AnalysisFinding]:
    """Areas that one file's providers serve, and in which nobody gives a service that the file's others have."""
    directory, known = study.directory, authorities()
    everywhere = {target for each in directory.providers.values() for target in _targets(each) if _is_everywhere(each)}
    areas: defaultdict[Target, set[str]] = defaultdict(set)
    files: defaultdict[str, list[Provider]] = defaultdict(list)
    for provider in directory.providers.values():
        files[provider.area].append(provider)
        for target in _targets(provider):
            areas[target] |= set(provider.catchment)
    for file, providers in sorted(files.items()):
        of_file = {area for each in providers for area in each.catchment} - {EVERYWHERE}
        for target in sorted({target for each in providers for target in _targets(each)} - everywhere):
            offers = study.by_target.get(target, [])
            lacking = of_file - areas[target]
            if not offers or not lacking:
                continue
            where = ", ".join(f"{known[area].name} ({area})" if area in known else area for area in sorted(lacking))
            message = f"nobody takes {target[0]} as {target[1]} in {where}, and elsewhere in `{file}` somebody does"
            severe = any(offer.rule.theme in _GRAVE for offer in offers)
            rules = tuple(dict.fromkeys(offer.rule.id for offer in offers))[:NAMED]
            place = Place(f"directory/{file}.yaml", 1, 1)
            yield finding("A016", place, message, *rules, severity="error" if severe else None)


def partly_taken(study: Study, without: frozenset[str]) -> Iterator[AnalysisFinding]:
    """
    Rules for some of whose people there is no provider: they are too young for it, say, though others are not.

    People of areas that no provider names do not count, nor rules of *without*, for whose people there is none at all.
    """
    space = study.space
    for offer in study.offers():
        if offer.rule.id in without or not (groups := taken(study.directory, offer.refer)):
            continue
        lives, number = (lives_where_served(study.directory, offer.refer),), study.number[offer.rule.id]

        def left(
            witness: Witness, lives: Group = lives, groups: tuple[Group, ...] = groups, number: int = number
        ) -> bool:
            known = witness.known()
            none = all(group_holds(group, known) is False for group in groups)
            return none and holds(lives, witness) and number in study.judge(witness).matching

        refused = (~space.group(group).possible for group in groups)
        answer = space.find(space.matches(offer.rule), space.group(lives).definite, *refused, check=left)
        if answer.witness is not None:
            what = f"{offer.refer.category} as {offer.refer.service}"
            message = f"`{offer.rule.id}` refers somebody for {what} whom no provider can take"
            yield finding("A017", offer.refer.place, message, offer.rule.id, witness=answer.witness)
        elif answer.open:
            what = f"that a provider can take everybody of `{offer.rule.id}`"
            yield not_proved(offer.rule, what, answer)


def _targets(provider: Provider) -> list[Target]:
    return [(category, service) for category in provider.categories for service in provider.services]


def _is_everywhere(provider: Provider) -> bool:
    return EVERYWHERE in provider.catchment


def _named(offer: ProviderOffer, takers: list[Provider], reach: Reach) -> Iterator[AnalysisFinding]:
    places = dict(offer.refer.providers)
    for provider in takers:
        answer = reach.reach(offer, provider)
        if answer.outcome == "impossible":
            message = f"`{provider.id}` can take nobody whom `{offer.rule.id}` refers: it asks {_asks(provider)}"
            yield finding("A011", places[provider.id], message, offer.rule.id)
        elif answer.open:
            yield not_proved(offer.rule, f"that `{provider.id}` can take anybody of `{offer.rule.id}`", answer)


def _asks(provider: Provider) -> str:
    asked = provider.eligibility.model_dump(exclude_defaults=True)
    words = [f"{name.replace('_', ' ')} {value}" for name, value in asked.items()]
    if EVERYWHERE not in provider.catchment:
        words.append(f"an area of {', '.join(sorted(provider.catchment))}")
    return "; ".join(words) or "nothing"
