"""Whether what the rules name exists around them: providers in the directory, partners among the sources."""

from collections.abc import Collection, Iterator

from onward.contracts.directory import Directory, Provider
from onward.contracts.yaml_text import did_you_mean
from onward.routing.domain.diagnostics import Diagnostic, Place, Report
from onward.routing.domain.language import Condition, OneOf, Refer, Rule, RuleSet
from onward.routing.domain.suggest import one_of


def check_surroundings(rules: RuleSet, directory: Directory, sources: Collection[str]) -> None:
    """
    Refuse rules that name what does not exist, or that no provider could ever take.

    Args:
        rules: A loaded rule set.
        directory: The directory it will be used with.
        sources: The partners that send to us; a rule about any other could never match.

    Raises:
        BundleError: With every problem.
    """
    report = Report()
    report.found += problems(rules, directory, sources)
    report.finish()


def problems(rules: RuleSet, directory: Directory, sources: Collection[str]) -> list[Diagnostic]:
    """Every problem that `check_surroundings` would raise."""
    report = Report()
    for rule in rules.rules:
        for refer in rule.refer:
            _check_refer(refer, directory, report)
        for condition in _conditions(rule):
            _check_source(condition, sources, report)
    return report.found


def _conditions(rule: Rule) -> Iterator[Condition]:
    for group in (rule.when, *rule.any_of, *rule.unless):
        yield from group


def _check_source(condition: Condition, sources: Collection[str], report: Report) -> None:
    if condition.path != "event.source" or not isinstance(condition.test, OneOf):
        return
    for name in sorted(str(value) for value in condition.test.values if value not in sources):
        file, line, column = condition.where.rsplit(":", 2)
        help_ = did_you_mean(name, sources) or f"; there are {one_of(sources, most=12)}"
        report.add(Place(file, int(line), int(column)), "D104", f"no partner `{name}` sends to us{help_}")


def _check_refer(refer: Refer, directory: Directory, report: Report) -> None:
    for name, place in refer.providers:
        provider = directory.providers.get(name)
        if provider is None:
            help_ = did_you_mean(name, directory.providers.keys()) or "; add it under `schemas/directory/`"
            report.add(place, "D101", f"no provider `{name}` in the directory{help_}")
        else:
            _check_offer(provider, refer, place, report)
    if not refer.providers and not any(_offers(provider, refer) for provider in directory.providers.values()):
        message = f"no provider takes {refer.category} as {refer.service}; add one under `schemas/directory/`"
        report.add(refer.place, "D103", message)


def _offers(provider: Provider, refer: Refer) -> bool:
    return refer.service in provider.services and refer.category in provider.categories


def _check_offer(provider: Provider, refer: Refer, place: Place, report: Report) -> None:
    if not _offers(provider, refer):
        message = f"`{provider.id}` does not take {refer.category} as {refer.service}; name one that does"
        report.add(place, "D102", message)
