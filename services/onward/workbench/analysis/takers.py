"""The providers that a referral may go to, and what must be known of somebody for each of them to take it."""

from onward.directory.model import Directory, Provider
from onward.routing.domain.eligibility import EVERYWHERE, offers
from onward.routing.domain.language import Between, Condition, Group, OneOf, Refer, RuleSet


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
    return [each for each in considered if offers(each, refer)]


def served(directory: Directory, refer: Refer) -> frozenset[str]:
    """
    The areas for which a referral is promised: all that a file names which has its service anywhere.

    A town whose one provider is a night shelter, in a file of its own, is not thereby promised everything else.
    """
    everybody = directory.providers.values()
    files = {provider.area for provider in everybody if offers(provider, refer)}
    return frozenset(area for each in everybody if each.area in files for area in each.catchment) - {EVERYWHERE}


def taken(directory: Directory, refer: Refer) -> tuple[Group, ...]:
    """What is asked of somebody by each provider that could be sent a referral, full or not."""
    able = (each for each in candidates(directory, refer) if each.profile in directory.profiles)
    return tuple(dict.fromkeys(accepted(each, refer) for each in able))


def lives_where_served(directory: Directory, refer: Refer) -> Condition:
    """That somebody's area, as a referral takes it, is one for which it is promised: see `served`."""
    return Condition(refer.catchment_by, OneOf(served(directory, refer)), "", "directory:1:1")


def acceptances(rules: RuleSet, directory: Directory) -> set[Group]:
    """Everything that some provider may have to know of somebody whom some rule refers."""
    refers = (refer for rule in rules.rules for refer in rule.refer)
    found: set[Group] = set()
    for refer in refers:
        found.add((lives_where_served(directory, refer),))
        found |= {accepted(provider, refer) for provider in candidates(directory, refer)}
    return found
