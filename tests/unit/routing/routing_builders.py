"""Rules, directories and situations that show only what a test is about."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from onward.contracts.contact import Consent
from onward.contracts.decision import Decision
from onward.contracts.situation import Situation
from onward.directory.model import Directory, Profile, Provider
from onward.routing.domain.decide import decide
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load

BIRMINGHAM, CAMBRIDGE, CARDIFF = "E08000025", "E07000008", "W06000015"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""

BASES = """\
schema: routing/v1
bases:
  agreed: {kind: consent, purpose: help, article_6: 6(1)(a), citation: UK GDPR Art. 6}
  life: {kind: vital_interests, purpose: life, article_6: 6(1)(d), citation: UK GDPR Art. 6}
  duty: {kind: statutory_duty, purpose: housing, article_6: 6(1)(c), citation: Housing Act 1996 s. 213B}
"""

PUBLISHABLE_BASES = """\
schema: routing/v1
bases:
  agreed:
    kind: consent
    purpose: help
    for: {ACCOMMODATION: [housing_authority]}
    article_6: 6(1)(a)
    article_9: 9(2)(a)
    article_10: DPA 2018 s. 10(5)
    citation: UK GDPR Art. 6
"""
"""What may be published says for what it is used."""

HOUSING = """\
  - id: housing
    why: A homeless adult who agrees
    when: {person.age: ">= 18", accommodation.status: homeless, consent.accommodation: true}
    refer: {category: ACCOMMODATION, service: housing_authority, urgency: within_5_working_days}
    legal_basis: agreed
"""


def rule_file(theme: str, rules: str, *, sets: str = "") -> SourceFile:
    head = f"schema: routing/v1\ntheme: {theme}\nowner: tests\n{sets}rules:\n"
    return SourceFile(f"{theme}.yaml", (head + rules).encode())


def rule_set(**by_theme: str) -> RuleSet:
    """A rule set from the rules of each theme, with the bases `agreed`, `life` and `duty`."""
    files = [SourceFile("bases.yaml", BASES.encode())]
    return load([*files, *(rule_file(theme, rules) for theme, rules in by_theme.items())])


def problems(rules: str, *, theme: str = "need", sets: str = "") -> list[str]:
    """Every problem of a rule file, as an author sees it."""
    try:
        load([SourceFile("bases.yaml", BASES.encode()), rule_file(theme, rules, sets=sets)])
    except BundleError as error:
        return [str(problem) for problem in error.diagnostics]
    return []


def a_provider(name: str = "council", **changes: Any) -> Provider:
    usual: dict[str, Any] = {
        "id": name,
        "name": f"Test provider {name}",
        "area": "tests",
        "services": ("housing_authority",),
        "categories": ("ACCOMMODATION",),
        "catchment": ("*",),
        "profile": "housing",
    }
    return Provider(**(usual | changes))


def a_directory(*providers: Provider) -> Directory:
    fields = ("name", "phone", "person.area", "accommodation.status", "needs.mental_health")
    return Directory(
        version="test",
        sha256="0" * 64,
        providers={provider.id: provider for provider in providers or (a_provider(),)},
        profiles={"housing": Profile(name="housing", why="tests", fields=fields)},
    )


def a_situation(
    facts: dict[str, Any],
    *,
    source: str = "custody",
    occurred_at: datetime = NOON,
    received_at: datetime | None = None,
    consents: tuple[Consent, ...] = (),
    identity_fields: tuple[str, ...] = ("name",),
) -> Situation:
    return Situation(
        situation_id=UUID(int=1),
        contact_id=UUID(int=2),
        person="person-0001",
        source=source,
        type="custody.detention-authorised",
        occurred_at=occurred_at,
        received_at=received_at or occurred_at,
        facts=facts,
        consents=consents,
        identity_fields=identity_fields,
        sealed="v1.sealed",
    )


HOMELESS_ADULT: dict[str, Any] = {
    "person.age": 34,
    "person.area": BIRMINGHAM,
    "accommodation.status": "homeless",
    "consent.accommodation": True,
}


def decided(facts: dict[str, Any], rules: RuleSet, directory: Directory | None = None, **situation: Any) -> Decision:
    return decide(a_situation(facts, **situation), rules, directory or a_directory())


def without(facts: dict[str, Any], *paths: str) -> dict[str, Any]:
    return {path: value for path, value in facts.items() if path not in paths}
