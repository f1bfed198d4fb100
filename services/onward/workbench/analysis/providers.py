"""Rules and the directory: providers that nobody can be sent to, and rules that can send nobody."""

from collections.abc import Iterator

from onward.contracts.directory import Directory, Provider
from onward.routing.domain.diagnostics import Place
from onward.routing.domain.eligibility import EVERYWHERE
from onward.routing.domain.language import Between, Condition, Group, OneOf, Refer, RuleSet
from onward.workbench.analysis.findings import Finding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import Offer, Study
from onward.workbench.logic import Answer


def accepted(provider: Provider, refer: Refer) -> Group:
    """What must be known of somebody for a provider to take a referral, as `eligibility` judges it; full or not."""
    found: list[Condition] = []
    asked = provider.eligibility

    def add(path: str, test: OneOf | Between) -> None:
        found.append(Condition(path, test, "", "directory:1:1"))

    if EVERYWHERE not in provider.catchment:
        add(refer.catchment_by, OneOf(frozenset(provider.catchment)))
    if asked.min_age is not None or asked.max_age is not None:
        add("person.age", Between(asked.min_age, asked.max_age))
    if asked.sex is not None:
        add("person.sex", OneOf(frozenset([asked.sex])))
    if asked.veterans_only:
        add("person.veteran", OneOf(frozenset([True])))
    if not asked.takes_no_recourse_to_public_funds:
        add("person.no_recourse_to_public_funds", OneOf(frozenset([False])))
    return tuple(found)


def candidates(directory: Directory, refer: Refer) -> list[Provider]:
    """The providers that a referral may go to, as `Destinations` ranks them, in no order."""
    everybody = directory.providers
    named = [everybody[name] for name, _ in refer.providers if name in everybody]
    considered = named if refer.providers else everybody.values()
    return [each for each in considered if refer.service in each.services and refer.category in each.categories]


def acceptances(rules: RuleSet, directory: Directory) -> set[Group]:
    """Everything that some provider may have to know of somebody whom some rule refers."""
    refers = (refer for rule in rules.rules for refer in rule.refer)
    return {accepted(provider, refer) for refer in refers for provider in candidates(directory, refer)}


class Reach:
    """Which providers which rules can reach; each question is asked once."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._answers: dict[tuple[str, Group], Answer] = {}

    def reach(self, offer: Offer, provider: Provider) -> Answer:
        """Somebody whom the rule refers and the provider takes, or the proof that there is nobody."""
        conditions = accepted(provider, offer.refer)
        key = (offer.rule.id, conditions)
        if key not in self._answers:
            self._answers[key] = self._study.together(offer.rule, more=conditions)
        return self._answers[key]


def out_of_reach(study: Study, reach: Reach) -> Iterator[Finding]:
    """Providers of the directory that no rule can refer anybody to."""
    offers = [offer for offer in study.offers() if offer.rule.legal_basis is not None]
    by_provider: dict[str, list[Offer]] = {name: [] for name in study.directory.providers}
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


def without_taker(study: Study, reach: Reach) -> Iterator[Finding]:
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


def _named(offer: Offer, takers: list[Provider], reach: Reach) -> Iterator[Finding]:
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
