"""Two rules at a time: the same twice, and those that match together and refer for one category."""

from collections import defaultdict
from collections.abc import Iterator

from onward.contracts.codes import Category
from onward.routing.domain.language import Rule
from onward.workbench.analysis.clashes import AGREED, Clash, clash_of, who_goes_where
from onward.workbench.analysis.findings import NAMED, AnalysisFinding, finding
from onward.workbench.analysis.single import not_proved
from onward.workbench.analysis.study import ProviderOffer, Study, made_beside
from onward.workbench.logic import Witness
from onward.workbench.rule_actions import action


def twice(study: Study) -> Iterator[AnalysisFinding]:
    """Rules that match in the same situations and do the same."""
    alike: defaultdict[object, list[Rule]] = defaultdict(list)
    for rule in study.rules:
        if study.point(rule).witness is not None:
            alike[action(rule)].append(rule)
    for rules in alike.values():
        for number, later in enumerate(rules):
            same = next((rule for rule in rules[:number] if _equal(study, rule, later)), None)
            if same is not None:
                message = f"`{later.id}` and `{same.id}` ({same.place}) match in the same situations and do the same"
                yield finding("A003", later.place, message, later.id, same.id, witness=study.point(later).witness)


def matching_together(study: Study, skipped: frozenset[str]) -> Iterator[AnalysisFinding]:
    """
    Rules that refer for the same category to the same service in one situation.

    Without those in *skipped*, and without referrals that are known to be always covered.
    """
    for target, offers in study.by_target.items():
        wanted = (each for each in offers if (each.rule.id, target) not in study.covered)
        by_id = {offer.rule.id: offer for offer in wanted if offer.rule.id not in skipped}
        for offer in by_id.values():
            meeting = {rule.id for rule in study.meeting(offer.rule)}
            later = [each for each in by_id.values() if each.rule.id in meeting and each.rule.order > offer.rule.order]
            earlier = [each for each in offers if each.rule.id in meeting and each.rule.order < offer.rule.order]
            yield from _with_later(study, offer, later, earlier)


def side_by_side(study: Study, skipped: frozenset[str]) -> Iterator[AnalysisFinding]:
    """
    Rules that refer for the same category to different services in one situation: both referrals are made.

    Without those in *skipped*, and without those that say of each other that their referrals belong together.
    """
    by_category: defaultdict[Category, list[ProviderOffer]] = defaultdict(list)
    for offer in study.offers():
        if offer.rule.id not in skipped and (offer.rule.id, offer.target) not in study.covered:
            by_category[offer.refer.category].append(offer)
    for offers in by_category.values():
        for offer in offers:
            meeting = {rule.id for rule in study.meeting(offer.rule)}
            later = (each for each in offers if each.rule.id in meeting and each.rule.order > offer.rule.order)
            yield from _with_others(study, offer, [each for each in later if _are_separate(offer, each)])


def _are_separate(one: ProviderOffer, other: ProviderOffer) -> bool:
    linked = {name for offer in (one, other) for name, _ in offer.refer.linked}
    return one.refer.service != other.refer.service and not linked & {one.rule.id, other.rule.id}


def _with_others(study: Study, offer: ProviderOffer, others: list[ProviderOffer]) -> Iterator[AnalysisFinding]:
    found: list[tuple[ProviderOffer, Witness]] = []
    for other in others:
        answer = study.together(offer.rule, other.rule, small=not found)
        if answer.open:
            yield not_proved(other.rule, f"whether `{other.rule.id}` and `{offer.rule.id}` match together", answer)
        if answer.witness is not None:
            found.append((other, answer.witness))
    if found:
        shown = _listed([f"`{other.rule.id}` to {other.refer.service}" for other, _ in found])
        message = (
            f"`{offer.rule.id}` refers for {offer.refer.category} to {offer.refer.service}, "
            f"and {shown} too where they match together"
        )
        names = (offer.rule.id, *(other.rule.id for other, _ in found))
        yield finding("A015", offer.rule.place, message, *names, witness=found[0][1])


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _with_later(
    study: Study, offer: ProviderOffer, later: list[ProviderOffer], earlier: list[ProviderOffer]
) -> Iterator[AnalysisFinding]:
    found: defaultdict[Clash, list[tuple[ProviderOffer, Witness]]] = defaultdict(list)
    for other in later:
        clash = clash_of(study.precedence, offer, other)
        for kind in (clash, AGREED) if clash != AGREED else (AGREED,):
            if kind == AGREED:
                answer = study.together(offer.rule, other.rule, small=kind not in found)
            else:  # where they disagree it matters which of them refers
                answer = made_beside(study, [offer], other.rule, earlier)
            if answer.open:
                yield not_proved(other.rule, f"whether `{other.rule.id}` and `{offer.rule.id}` match together", answer)
            if answer.witness is not None:
                found[kind].append((other, answer.witness))
                break
    for (code, severity, how), others in found.items():
        names = [other.rule.id for other, _ in others]
        what = f"{offer.refer.category} to {offer.refer.service}"
        before = _listed([f"`{name}`" for name in names])
        message = f"`{offer.rule.id}` refers for {what} before {before} where they match together{how}"
        if code == "A007":
            message += who_goes_where(study, offer, *others[0])
        rules = (offer.rule.id, *names)
        yield finding(code, offer.rule.place, message, *rules, witness=others[0][1], severity=severity)


def _equal(study: Study, one: Rule, other: Rule) -> bool:
    if study.refuted(one, other) or study.refuted(other, one):
        return False
    return all(study.implies(a, [b]).outcome == "impossible" for a, b in ((one, other), (other, one)))
