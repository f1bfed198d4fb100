"""Rules and the directory: providers that nobody can be sent to, and rules that can send nobody."""

from collections.abc import Iterator

from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Provider
from onward.routing.domain.eligibility import EVERYWHERE
from onward.routing.domain.kleene import group_holds, rule_holds
from onward.routing.domain.language import Group
from onward.workbench.analysis.findings import AnalysisFinding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import ProviderOffer, Study
from onward.workbench.analysis.takers import accepted, candidates
from onward.workbench.logic import Answer, Witness, any_of


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


def partly_without_taker(study: Study, reach: Reach) -> Iterator[AnalysisFinding]:
    """Rules of whose people some have no provider, where others of their area have one: too young, too old, barred."""
    for offer in study.offers():
        takers = candidates(study.directory, offer.refer)
        if not any(reach.reach(offer, provider).witness for provider in takers):
            continue  # for nobody at all: A011 and A012 say so
        groups = study.takers(offer)
        bounds = [tuple(each for each in group if each.path != offer.refer.catchment_by) for group in groups]
        if not all(bounds):
            continue  # somebody takes everybody, at least in some area
        for group in groups:
            yield from _left_out(study, offer, group, groups)
            break


def _left_out(study: Study, offer: ProviderOffer, group: Group, groups: list[Group]) -> Iterator[AnalysisFinding]:
    """Somebody in the area of one provider whom no provider takes, for certain."""
    space, rule = study.space, offer.rule
    area = tuple(each for each in group if each.path == offer.refer.catchment_by)
    taken = any_of(space.group(each).possible for each in groups)

    def shown(witness: Witness) -> bool:
        known = witness.known()
        return (
            rule_holds(rule, known) is True
            and group_holds(area, known) is True
            and all(group_holds(each, known) is False for each in groups)
        )

    answer = space.find(space.matches(rule), space.group(area).definite, ~taken, check=shown)
    if answer.witness is not None:
        message = (
            f"no provider of {offer.refer.service} takes some of those whom `{rule.id}` refers, also where there is one"
        )
        yield finding("A017", offer.refer.place, message, rule.id, witness=answer.witness)


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
