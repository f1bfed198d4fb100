"""A legal basis is used only for what it is for, and only where what is referred could be delivered on it."""

from typing import Any

import pytest

from onward.contracts import paths
from onward.directory import files as directory_files
from onward.directory.model import Directory, Profile
from onward.routing.bundle_files import read_files
from onward.routing.domain import completeness
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.loader import load
from unit.routing.routing_builders import a_directory, a_provider

PACK = read_files(paths.schemas() / "routing")
TESTS = """\
    tests:
      - {name: it holds, given: {person.age: 18}, expect: match}
      - {name: it does not, given: {person.age: 17}, expect: no_match}
"""


def said_of(theme: str, rule: str) -> list[str]:
    """What is wrong with a rule that is added to the pack."""
    text = f"schema: routing/v1\ntheme: {theme}\nowner: tests\nrules:\n{rule}"
    try:
        load([*PACK, SourceFile("added.yaml", text.encode())])
    except BundleError as error:
        return [f"{each.code} {each.message}" for each in error.diagnostics]
    return []


def a_rule(when: str, refer: str, basis: str, more: str = "") -> str:
    return (
        f"  - id: added\n    why: For a test of bases\n    when: {{{when}}}\n{more}"
        f"    refer: {{{refer}, urgency: within_10_working_days}}\n    legal_basis: {basis}\n"
    )


DEBT = "category: FINANCE_DEBT, service: debt_advice"
DRUGS = "category: SUBSTANCE_DRUGS, service: drug_treatment"
CRISIS = "category: MENTAL_HEALTH, service: crisis_team"
IN_DEBT = 'event.source: custody, person.age: ">= 18", needs.finance_debt: ">= 2"'


@pytest.mark.parametrize(
    ("theme", "rule", "said"),
    [
        ("need", a_rule(IN_DEBT, DEBT, "vital-interests"), ["is not for FINANCE_DEBT", "theme safety", "is only for"]),
        (
            "need",
            a_rule(IN_DEBT, DEBT, "drug-rehabilitation-requirement"),
            ["is not for FINANCE_DEBT", "theme statutory", "`event.order: drug_rehabilitation`"],
        ),
        (
            "need",
            a_rule(f"{IN_DEBT}, consent.finance_debt: false", DEBT, "drug-rehabilitation-requirement"),
            ["is not for FINANCE_DEBT", "theme statutory", "`event.order: drug_rehabilitation`"],
        ),
        ("safety", a_rule(f"{IN_DEBT}, consent.finance_debt: true", DEBT, "consent-health"), ["is not", "theme"]),
        (
            "statutory",
            a_rule('person.age: ">= 18"', DRUGS, "drug-rehabilitation-requirement"),
            ["`event.order: drug_rehabilitation`"],
        ),
        ("safety", a_rule("risk.self_harm: known", CRISIS, "vital-interests"), ["`risk.self_harm: >= 3`"]),
        (
            "safety",
            a_rule(
                "person.area: known",
                CRISIS,
                "vital-interests",
                "    any_of: [{risk.self_harm: 4}, {event.threshold: none}]\n",
            ),
            ["`risk.self_harm: >= 3`"],
        ),
        (
            "need",
            a_rule("consent.accommodation: true", "category: ACCOMMODATION, service: drug_treatment", "consent-health"),
            ["is not for ACCOMMODATION to drug_treatment"],
        ),
    ],
)
def test_use_outside_what_a_basis_is_for_is_an_error(theme: str, rule: str, said: list[str]) -> None:
    found = said_of(theme, rule)
    assert {each[:4] for each in found} == {"P010"}
    assert len(found) == len(said), found
    assert all(words in " ".join(found) for words in said), found
    assert all("name another basis" in each for each in found)


def test_the_message_says_what_the_basis_is_for() -> None:
    (found,) = said_of("statutory", a_rule("event.order: drug_rehabilitation", DEBT, "drug-rehabilitation-requirement"))
    assert found == (
        "P010 `drug-rehabilitation-requirement` is not for FINANCE_DEBT to debt_advice, but for SUBSTANCE_DRUGS to "
        "drug_treatment; name another basis, or say so in its `for`"
    )


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ("risk.self_harm: 4", ""),
        ("risk.self_harm: [3, 4]", ""),
        ('risk.self_harm: "> 2"', ""),
        ("event.threshold: serious_harm", ""),
        ("person.area: known", "    any_of: [{risk.self_harm: 4}, {event.threshold: immediate_risk_to_life}]\n"),
    ],
)
def test_a_risk_to_life_may_be_asked_in_any_way(when: str, more: str) -> None:
    assert said_of("safety", a_rule(when, CRISIS, "vital-interests", more)) == []


@pytest.mark.parametrize("when", ["risk.self_harm: [2, 4]", 'risk.self_harm: ">= 2"', "risk.self_harm: not 0"])
def test_a_lesser_risk_is_none_to_life(when: str) -> None:
    assert len(said_of("safety", a_rule(when, CRISIS, "vital-interests"))) == 1


BASES = """\
schema: routing/v1
bases:
  {name}:
    {{kind: {kind}, purpose: p, article_6: a, citation: c{more}}}
"""
RULES = (
    "schema: routing/v1\ntheme: need\nowner: tests\nrules:\n"
    '  - id: it\n    why: For a test of bases\n    when: {person.age: ">= 18"}\n'
    "    refer: {category: ACCOMMODATION, service: housing_authority, urgency: immediate}\n"
    f"    legal_basis: plain\n{TESTS}"
)
FOR = ", for: {ACCOMMODATION: [housing_authority]}"


def gaps(more: str = FOR, *, kind: str = "public_task", fields: tuple[str, ...] = ("name",)) -> list[str]:
    """What `check` says of a basis, beside what the loader says; providers may see *fields*."""
    bases = BASES.format(name="plain", kind=kind, more=more)
    rules = load([SourceFile("bases.yaml", bases.encode()), SourceFile("need.yaml", RULES.encode())])
    profile = Profile(name="housing", why="tests", fields=fields)
    directory = a_directory(a_provider("council")).model_copy(update={"profiles": {"housing": profile}})
    return [f"{each.code} {each.line} {each.message}" for each in completeness.problems(rules, directory)]


def test_a_basis_says_for_what_it_may_be_used() -> None:
    assert gaps() == []
    (missing,) = gaps("")
    assert missing.startswith("P012 3 `plain` does not say for which needs and services; add `for`")


@pytest.mark.parametrize("kind", ["vital_interests", "court_order"])
def test_what_overrides_a_wish_says_on_which_facts(kind: str) -> None:
    (missing,) = gaps(kind=kind)
    assert missing.startswith("P012 3 `plain` overrides what the person wants")
    assert gaps(f'{FOR}, only_where: {{person.age: ">= 18"}}', kind=kind) == []


@pytest.mark.parametrize(
    ("field", "article", "sort"),
    [
        ("needs.mental_health", "article_9", "health"),
        ("adjustments", "article_9", "health"),
        ("event.caution_conditions", "article_10", "offence"),
    ],
)
def test_a_basis_on_which_nothing_could_be_delivered_is_an_error(field: str, article: str, sort: str) -> None:
    """Dispatch refuses each such delivery, and a person has the work."""
    (found,) = gaps(fields=("name", field))
    assert found == (
        f"P011 8 `council` may see {sort} data ({field}), and `plain` has no `{article}`, so that nothing could be "
        "delivered; add it to the basis, or name another"
    )
    assert gaps(f"{FOR}, {article}: x", fields=("name", field)) == []


def without_article_9(content: bytes) -> bytes:
    """`consent-health` without the line that says why health data may go."""
    head, tail = content.split(b"  consent-health:", 1)
    lines = tail.split(b"\n")
    lines.remove(next(line for line in lines if b"article_9:" in line))
    return head + b"  consent-health:" + b"\n".join(lines)


def test_the_pack_without_an_article_9_is_refused() -> None:
    files: list[Any] = [
        SourceFile(file.name, without_article_9(file.content)) if file.name.endswith("bases.yaml") else file
        for file in PACK
    ]
    directory: Directory = directory_files.load()
    assert completeness.problems(load(PACK), directory) == []
    found = completeness.problems(load(files), directory)
    assert {each.code for each in found} == {"P011"}
    assert len(found) > 10
