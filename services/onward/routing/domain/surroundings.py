"""Whether what the rules name exists around them: providers in the directory, partners among the sources."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from onward.diagnostics.spelling import did_you_mean, one_of
from onward.diagnostics.yaml_tree import Diagnostic, Place
from onward.directory.model import Directory, Provider
from onward.routing.domain.diagnostics import BundleError, ProblemReport
from onward.routing.domain.eligibility import offers
from onward.routing.domain.language import Condition, OneOf, Refer, RuleSet, RuleTest


def check_surroundings(rules: RuleSet, directory: Directory, sources: Collection[str], types: Collection[str]) -> None:
    """
    Refuse rules that name what does not exist, or that no provider could ever take.

    Args:
        rules: A loaded rule set.
        directory: The directory it will be used with.
        sources: The partners that send to us; a rule about any other could never match.
        types: The types of contact that intake makes; nor could one about any other.

    Raises:
        BundleError: With every problem.
    """
    report = ProblemReport()
    report.found += problems(rules, directory, sources, types)
    report.finish()


def problems(
    rules: RuleSet, directory: Directory, sources: Collection[str], types: Collection[str]
) -> list[Diagnostic]:
    """Every problem that `check_surroundings` would raise; of very many the first."""
    report = ProblemReport()
    with suppress(BundleError):  # too many to go on
        for rule in rules.rules:
            for refer in rule.refer:
                _check_refer(refer, directory, report)
            for test in rule.tests:
                _check_test(test, sources, types, report)
        for condition in _conditions(rules):
            if condition.path == "event.source":
                _check_named(condition, sources, "D104", "no partner `{}` sends to us", report)
            if condition.path == "event.type":
                _check_named(condition, types, "D105", "no contact has the type `{}`", report)
    return report.found


def _conditions(rules: RuleSet) -> Iterator[Condition]:
    """Every condition of every rule and goal."""
    for rule in rules.rules:
        for group in rule.groups:
            yield from group
    for goal in rules.goals:
        yield from goal.when


def _check_named(condition: Condition, known: Collection[str], code: str, message: str, report: ProblemReport) -> None:
    if not isinstance(condition.test, OneOf):
        return
    for name in sorted(str(value) for value in condition.test.values if value not in known):
        report.add(condition.place, code, message.format(name) + _instead(name, known))


def _check_test(test: RuleTest, sources: Collection[str], types: Collection[str], report: ProblemReport) -> None:
    """A test of what cannot happen shows nothing."""
    source, kind = test.given.get("event.source"), test.given.get("event.type")
    if isinstance(source, str) and source not in sources:
        message = f"`{test.name}`: no partner `{source}` sends to us{_instead(source, sources)}"
        report.add(test.place, "D104", message)
    if isinstance(kind, str) and kind not in types:
        report.add(test.place, "D105", f"`{test.name}`: no contact has the type `{kind}`{_instead(kind, types)}")


def _instead(name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known) or f"; there are {one_of(known, most=12)}"


def _check_refer(refer: Refer, directory: Directory, report: ProblemReport) -> None:
    for name, place in refer.providers:
        provider = directory.providers.get(name)
        if provider is None:
            help_ = did_you_mean(name, directory.providers.keys()) or "; add it under `schemas/directory/`"
            report.add(place, "D101", f"no provider `{name}` in the directory{help_}")
        else:
            _check_offer(provider, refer, place, report)
    if not refer.providers and not any(offers(provider, refer) for provider in directory.providers.values()):
        message = f"no provider takes {refer.category} as {refer.service}; add one under `schemas/directory/`"
        report.add(refer.place, "D103", message)


def _check_offer(provider: Provider, refer: Refer, place: Place, report: ProblemReport) -> None:
    if not offers(provider, refer):
        message = f"`{provider.id}` does not take {refer.category} as {refer.service}; name one that does"
        report.add(place, "D102", message)
