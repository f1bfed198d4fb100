"""Findings about rules that would leave somebody without an answer in sight, or let one reach them in a wrong way."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from onward.contracts.codes import Category, NoticeUrgency, Service
from onward.diagnostics.yaml_tree import Place
from onward.directory.model import Directory, Profile
from onward.routing.domain.actions import CATEGORIES, NOTICE_URGENCIES, no_later
from onward.routing.domain.conditions import consent_path
from onward.routing.domain.eligibility import offers
from onward.routing.domain.language import Between, Condition, Group, OneOf, Refer, Rule, RuleSet, Scalar, Suppress
from onward.routing.domain.suppressing import silences
from onward.workbench.linting.findings import LintFinding, error

_YES: Final[frozenset[Scalar]] = frozenset({True})
_VICTIM: Final[Mapping[str, frozenset[Scalar]]] = {
    "risk.domestic_abuse_role": frozenset({"victim", "victim_and_suspect"}),
    "person.victim_of_crime": _YES,
    "person.sexual_violence": frozenset({"recent", "past"}),
    "person.exploited": _YES,
    "person.adult_at_risk": _YES,
}
"""Whoever this is true of may be in danger from those who share their phone or their door."""
_FOR_VICTIMS: Final[frozenset[Category]] = frozenset({"DOMESTIC_ABUSE", "SEXUAL_VIOLENCE", "VICTIM_SUPPORT"})
_TO_VICTIMS: Final[frozenset[Service]] = frozenset(
    {"idva", "marac", "isva", "sexual_assault_referral_centre", "victim_support", "childrens_victim_support"}
)
_OWN_BEHAVIOUR: Final[frozenset[Service]] = frozenset(
    {"perpetrator_programme", "thinking_skills", "caution_scheme", "youth_justice_liaison", "gangs_exit"}
)
_WAYS: Final = ("phone", "email", "address", "postcode")
"""Ways to reach somebody that are theirs, and not the safe one."""
_OF_DUTY: Final = ("consent.duty_to_refer", "consent.contact_details")
"""What is agreed beside a need: to a duty of the homelessness law."""

_SUSPECTED: Final[Mapping[str, frozenset[Scalar]]] = {
    "event.suspected": _YES,
    "custody.status": frozenset({"in_prison", "released", "unlawfully_at_large"}),
    "event.caution_stage": frozenset({"issued", "condition_missed", "completed"}),
}
"""A child of whom one of these is true is suspected of an offence, or was found to have done it."""

_AT_LEAST: Final[Mapping[str, Mapping[int, NoticeUrgency]]] = {
    "risk.self_harm": {4: "within_4_hours", 3: "within_24_hours"},
    "risk.dash_score": {14: "within_2_working_days"},
}
_URGENT_NEED: Final[Mapping[int, NoticeUrgency]] = {4: "within_24_hours"}
_ONE_OF: Final[Mapping[str, Mapping[Scalar, NoticeUrgency]]] = {
    "event.threshold": {"immediate_risk_to_life": "within_4_hours", "serious_harm": "within_4_hours"},
    "event.outcome": {"s136": "next_working_day"},
    "event.in_crisis": {True: "next_working_day"},
    "person.sexual_violence": {"recent": "within_4_hours", "past": "within_2_working_days"},
    "person.adult_at_risk": {True: "within_24_hours"},
    "person.exploited": {True: "within_24_hours"},
    "risk.domestic_abuse_high": {True: "within_2_working_days"},
}
"""By when somebody acts, where a rule reads a number as high as this, or one of these values."""
_WHO_PLANS: Final[frozenset[Category]] = frozenset({"CHILDRENS_SOCIAL_CARE", "SOCIAL_CARE"})
"""Whoever plans what comes after, beside those who come at once, hears of it within a day."""
_PLANNED: Final[NoticeUrgency] = "within_24_hours"


def findings(rules: RuleSet, directory: Directory) -> Iterator[LintFinding]:
    """
    Rules that would leave somebody without an answer, or with one that harms.

    Everything stopped in silence (L034), a safe contact that is dropped (L035), a consent to something else (L036),
    youth justice for a child suspected of nothing (L037), and an urgency slower than the risk (L038).
    """
    for rule in rules.rules:
        yield from _in_silence(rule, rules.rules)
        for refer in rule.refer:
            yield from _safe_contact(rule, refer, directory)
            yield from _purpose(rule, refer)
        yield from _youth_justice(rule)
        yield from _too_slow(rule)


def _in_silence(rule: Rule, rules: Sequence[Rule]) -> Iterator[LintFinding]:
    suppress = rule.suppress
    if suppress is None or rule.notify or suppress.closes == "all" or not _stops_most(suppress):
        return  # where all that is open ends, its providers are told, by a reason
    if all(_merged(group) for group in rule.alternatives) or any(_tells(each, rule, suppress) for each in rules):
        return
    message = (
        f"`{rule.id}` stops everything, or nearly, and nobody is told, so that whoever needs help hears nothing and "
        "nobody looks; add `notify`, if only with `urgency: digest`"
    )
    yield error(rule.place, "L034", message)


def _stops_most(suppress: Suppress) -> bool:
    if isinstance(suppress.what, frozenset):
        return len(suppress.what) > len(CATEGORIES) / 2
    return suppress.what != "release"


def _merged(group: Group) -> bool:
    """Whether the event is that two records became one: nothing happened to anybody."""
    return any(each.path == "event.movement" and _only(each, frozenset({"merged"})) for each in group)


def _tells(other: Rule, rule: Rule, suppress: Suppress) -> bool:
    """Whether another rule tells somebody wherever this one matches."""
    if not other.notify or other.unless or silences(suppress, other):
        return False
    asked = [{(each.path, each.test) for each in group} for group in other.alternatives]
    return all(any(one <= {(each.path, each.test) for each in group} for one in asked) for group in rule.alternatives)


def _safe_contact(rule: Rule, refer: Refer, directory: Directory) -> Iterator[LintFinding]:
    named = {name for name, _ in refer.providers}
    victims = refer.category in _FOR_VICTIMS or any(_asks(group, _VICTIM) for group in rule.alternatives)
    for provider in directory.providers.values():
        profile = directory.profiles[provider.profile]
        if not offers(provider, refer) or (named and provider.id not in named) or "safe_contact" in profile.fields:
            continue
        if why := _reached(profile, victims=victims):
            message = (
                f"`{rule.id}` refers to `{provider.id}`, whose profile `{profile.name}` {why}, so that whoever they "
                "are in danger from could answer; add `safe_contact` to the profile"
            )
            yield error(refer.place, "L035", message)
            return


def _reached(profile: Profile, *, victims: bool) -> str:
    """What is wrong where a profile has no safe contact, if anything is."""
    ways = [each for each in _WAYS if each in profile.fields]
    if ways:
        return f"shows {' and '.join(ways)} and not how the person can be reached safely"
    return "shows no way to reach a victim safely" if victims else ""


def _purpose(rule: Rule, refer: Refer) -> Iterator[LintFinding]:
    if refer.category in _FOR_VICTIMS and refer.service in _OWN_BEHAVIOUR:
        yield _unfit(rule, refer, "help for a victim, and the service is about what somebody did themselves")
    elif refer.category not in _FOR_VICTIMS and refer.service in _TO_VICTIMS:
        yield _unfit(rule, refer, "no help for a victim, and the service is for victims")
    fitting = {consent_path(refer.category), *(_OF_DUTY if refer.service == "housing_authority" else ())}
    for group in rule.alternatives:
        agreed = [each for each in group if each.path.startswith("consent.") and _only(each, _YES)]
        if agreed and fitting.isdisjoint(each.path for each in agreed):
            message = (
                f"`{rule.id}` asks that the person agrees to something else (`{agreed[0].path}`) than what it refers "
                f"for ({refer.category}); ask for `{consent_path(refer.category)}`, or for no consent"
            )
            yield error(agreed[0].place, "L036", message)


def _unfit(rule: Rule, refer: Refer, why: str) -> LintFinding:
    message = (
        f"`{rule.id}` refers for {refer.category} to {refer.service}: a yes to this need is a yes to {why}; "
        "name the need that the service is for"
    )
    return error(refer.place, "L036", message)


def _youth_justice(rule: Rule) -> Iterator[LintFinding]:
    told = any(each.to == "youth-justice" for each in rule.notify)
    sent = [each for each in rule.refer if "youth_justice" in each.service or each.category == "YOUTH_JUSTICE"]
    if (told or sent) and not all(_asks(group, _SUSPECTED) for group in rule.alternatives):
        message = (
            f"`{rule.id}` brings youth justice to a child who may be suspected of nothing: one who is ill, missing or "
            "a victim; add `event.suspected: true` to `when`, or ask that a prison holds or released them"
        )
        yield error(sent[0].place if sent else rule.place, "L037", message)


def _too_slow(rule: Rule) -> Iterator[LintFinding]:
    conditions = chain.from_iterable(rule.alternatives)
    read: dict[tuple[str, str], NoticeUrgency] = {
        (each.path, each.expected): by for each in conditions if (by := _latest(each)) is not None
    }
    for urgency, category, place in _acts(rule):
        for (path, expected), by in read.items():
            least = _PLANNED if category in _WHO_PLANS and no_later(by, _PLANNED) else by
            if not no_later(urgency, least):
                message = (
                    f"`{rule.id}` reads `{path}: {expected}` and acts `{urgency}`, slower than that risk allows; "
                    f"write `{least}` or sooner, or do not ask for the risk"
                )
                yield error(place, "L038", message)
                break


def _acts(rule: Rule) -> Iterator[tuple[NoticeUrgency, Category | None, Place]]:
    for refer in rule.refer:
        yield refer.urgency, refer.category, refer.place
    for notify in rule.notify:
        yield notify.urgency, None, rule.place


def _latest(condition: Condition) -> NoticeUrgency | None:
    """By when somebody must act for whom a condition holds; None where it reads no risk."""
    values = _values(condition)
    if condition.path in _ONE_OF:
        known = _ONE_OF[condition.path]
        # Of several values the least grave decides, and one that tells of no risk makes it none.
        found = [known[each] for each in values] if values <= known.keys() else []
        return next((by for by in reversed(NOTICE_URGENCIES) if by in found), None)
    numbers = [each for each in values if isinstance(each, int)]
    least = condition.test.low if isinstance(condition.test, Between) else min(numbers, default=None)
    if not isinstance(least, int):
        return None
    levels = _URGENT_NEED if condition.path.startswith("needs.") else _AT_LEAST.get(condition.path, {})
    reached = [by for level, by in levels.items() if least >= level]
    return next((by for by in NOTICE_URGENCIES if by in reached), None)


def _asks(group: Group, wanted: Mapping[str, frozenset[Scalar]]) -> bool:
    return any(each.path in wanted and _only(each, wanted[each.path]) for each in group)


def _only(condition: Condition, wanted: frozenset[Scalar]) -> bool:
    """Whether a condition holds of these values alone."""
    return bool(values := _values(condition)) and values <= wanted


def _values(condition: Condition) -> frozenset[Scalar]:
    test = condition.test
    return test.values if isinstance(test, OneOf) and not test.negated else frozenset()
