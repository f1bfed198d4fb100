"""
What partners are asked for: first whether there is a need, then what only a need makes matter; and what hangs on it.

All of it follows from what is missing and from what is known to whoever is asked. What hangs on a fact is said in the
same words whoever it is about, so that no question tells what is planned for somebody, or what another partner found.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from onward.contracts.decision import NeedsInformation
from onward.contracts.fact_kinds import DataClass
from onward.contracts.facts import FACTS

CONSENT: Final = "consent."
_HOUSING_STATUS: Final = "accommodation.status"
_OF_NEEDS: Final = frozenset[DataClass](("need", "health", "risk", "safeguarding"))


def worth_asking(needs: Iterable[NeedsInformation], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """
    The facts to ask for, each once, in the order of the rules that lack them.

    Consent, and what else only matters once there is a need, is asked for where the need was found: where *facts* say
    that there is one, or where a rule lacks no finding any more. Asking whether somebody agrees to help that nobody
    has found them to need is a question that no practitioner would put.

    Args:
        needs: What rules lack.
        facts: What is known to whoever is asked.
    """
    paths = (path for need in needs for path in _of_rule(need.missing, facts))
    return tuple(dict.fromkeys(paths))


def _of_rule(missing: tuple[str, ...], facts: Mapping[str, Any]) -> Iterable[str]:
    if FINDINGS.isdisjoint(missing):
        return missing
    return (path for path in missing if not _follows_a_finding(path) or _is_found(path, facts))


def _follows_a_finding(path: str) -> bool:
    return path.startswith(CONSENT) or path in _FOUND_BY


def _is_found(path: str, facts: Mapping[str, Any]) -> bool:
    """Whether *facts* say that there is the need that makes *path* matter."""
    found = _FOUND_BY.get(path)
    return found(facts) if found else facts.get(f"needs.{path.removeprefix(CONSENT)}", 0) > 0


def _is_without_a_home(facts: Mapping[str, Any]) -> bool:
    return facts.get(_HOUSING_STATUS) in ("at_risk", "homeless") or facts.get("needs.accommodation", 0) > 0


_FOUND_BY: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "consent.accommodation": _is_without_a_home,
    "consent.duty_to_refer": _is_without_a_home,
    "consent.contact_details": _is_without_a_home,
    "accommodation.chosen_authority": _is_without_a_home,
    "substance.opioid": lambda facts: facts.get("needs.substance_drugs", 0) > 0,
    "consent.gangs_exit": lambda facts: facts.get("person.gang_affected") is True,
    "consent.victim_support": lambda facts: facts.get("person.victim_of_crime") is True,
    "consent.domestic_abuse": lambda facts: facts.get("risk.domestic_abuse_role") in ("victim", "victim_and_suspect"),
    "consent.behaviour_change": lambda facts: facts.get("risk.domestic_abuse_role") == "suspect",
}
"""What only matters where a need was found, and how that shows; for any other consent `needs.<purpose>` above 0."""

FINDINGS: Final = frozenset(
    path
    for path, fact in FACTS.items()
    if not fact.of_event and path not in _FOUND_BY and (path == _HOUSING_STATUS or fact.data_class in _OF_NEEDS)
)
"""The facts that say whether there is a need or a risk: somebody has to have met the person to say so."""

_OF_A_PATH: Final[Mapping[str, str]] = {
    "person.date_of_birth": "Whether services for adults or for children are looked for",
    "person.area": "Which services are near: each serves an area",
    "person.sex": "Which services can take the person",
    _HOUSING_STATUS: "Whether somewhere to live is looked for",
    "accommodation.chosen_authority": "Which council is told: the person chooses one",
    "substance.opioid": "Which treatment is looked for",
    "risk.self_harm": "Whether somebody is told at once",
}
_OF_A_PREFIX: Final[Mapping[str, str]] = {
    CONSENT: "Whether a service may be told: without a yes none is",
    "needs.": "Whether help with it is looked for",
    "event.": "What has to follow such an event, and how soon",
}
_OF_A_CLASS: Final[Mapping[DataClass, str]] = {
    "contact": "Whether the right person is helped",
    "household": "Whether somewhere to live is looked for, and where",
    "need": "Whether help with it is looked for",
    "health": "Which help fits",
    "offence": "Whether help is due now or later",
    "risk": "How soon somebody is told, and who approves first",
    "safeguarding": "Whether somebody who protects people is told",
    "logistics": "How help reaches the person",
}


def hangs_on(path: str) -> str:
    """What hangs on the answer about *path*: the same words whoever is asked about, and whatever is known of them."""
    prefixed = (words for prefix, words in _OF_A_PREFIX.items() if path.startswith(prefix))
    return _OF_A_PATH.get(path) or next(prefixed, "") or _OF_A_CLASS[FACTS[path].data_class]
