"""The real profiles: what each recipient sees of a person of whom all is known, and that it may lawfully be sent."""

import json
import os
from pathlib import Path

import pytest

from onward.contracts import paths
from onward.contracts.contact import Identity
from onward.contracts.facts import FACTS
from onward.directory import files as directory_files
from onward.directory.model import Directory, Provider
from onward.dispatch.domain import disclose, project, unlawful
from onward.routing.bundle_files import load_bundle
from onward.routing.domain.language import Refer, Rule, RuleSet
from unit.dispatch.dispatch_builders import EVERY_FACT, EVERYTHING_ABOUT_THEM, a_delivery

GOLDEN = Path(__file__).with_name("disclosed.json")
WRITE = "ONWARD_WRITE_GOLDEN"
"""Set it to write the file anew, when a profile was meant to change: the difference is what a reviewer reads."""
DIRECTORY: Directory = directory_files.load()
RULES: RuleSet = load_bundle(paths.schemas() / "routing")
REFERRING = [(rule, refer) for rule in RULES.rules for refer in rule.refer]


def could_go_to(refer: Refer) -> list[Provider]:
    named = {name for name, _ in refer.providers}
    return [
        provider
        for provider in DIRECTORY.providers.values()
        if (provider.id in named if named else refer.service in provider.services)
    ]


def test_each_profile_discloses_exactly_the_fields_that_were_agreed() -> None:
    seen = {
        name: sorted(disclose(EVERY_FACT, EVERYTHING_ABOUT_THEM, profile))
        for name, profile in sorted(DIRECTORY.profiles.items())
    }
    if os.environ.get(WRITE):
        GOLDEN.write_text(json.dumps(seen, indent=2) + "\n")
    assert seen == json.loads(GOLDEN.read_text()), f"if this was meant, run again with {WRITE}=1 and have it reviewed"


@pytest.mark.parametrize("name", sorted(DIRECTORY.profiles))
def test_every_field_of_a_profile_exists(name: str) -> None:
    profile = DIRECTORY.profiles[name]
    known = set(disclose(EVERY_FACT, EVERYTHING_ABOUT_THEM, profile))
    # The builder's person has no PNC, CRO or ASN number; what may be seen with some values only may stay away.
    assert set(profile.fields) - known <= {"identifiers.PNC", "identifiers.CRO", "identifiers.ASN", *profile.only}


@pytest.mark.parametrize("name", sorted(DIRECTORY.profiles))
def test_no_identity_that_a_profile_does_not_name_is_in_the_bytes(name: str) -> None:
    profile = DIRECTORY.profiles[name]
    sent = project(
        a_delivery(facts=EVERY_FACT), EVERYTHING_ABOUT_THEM, profile, pseudonym="theirs", id_key=b"id_key"
    ).model_dump_json()
    identity = EVERYTHING_ABOUT_THEM.model_dump(mode="json", exclude={"identifiers", "arrangements"})
    values = {field: [value] for field, value in identity.items()}
    values |= {
        "raised_by": ["01632 960991"],
        "location": ["TE5 7AB"],
        "safe_contact": ["10:00-14:00"],
        "adjustments": ["hearing_loop"],
        "mobility": ["wheelchair"],
        "carer": ["01632 960992"],
        "next_of_kin": ["01632 960993"],
        "dependants": ["with Test Person-0002"],
    }
    for identifier in EVERYTHING_ABOUT_THEM.identifiers:
        values.setdefault(f"identifiers.{identifier.type}", []).append(identifier.value)
    for field, hidden in values.items():
        assert all((value in sent) == (field in profile.fields) for value in hidden), field


PRIORITY_NEED = {"person.pregnant", "risk.domestic_abuse_role"}
"""What makes a priority need (Housing Act 1996 s. 189), of which an authority is told."""


def test_a_housing_authority_never_learns_of_a_diagnosis_a_register_or_the_event() -> None:
    profiles = {one.profile for one in DIRECTORY.providers.values() if "housing_authority" in one.services}
    assert profiles
    for name in profiles:
        seen = disclose(EVERY_FACT, Identity(), DIRECTORY.profiles[name])
        told = seen.keys() - PRIORITY_NEED
        assert not [field for field in told if FACTS[field].data_class in {"health", "risk", "safeguarding"}]
        assert seen.get("risk.domestic_abuse_role", "victim") == "victim", "nothing is said of a suspect"
        assert not [field for field in seen if field.startswith("event.")]


@pytest.mark.parametrize(("rule", "refer"), REFERRING, ids=[f"{rule.id}-{refer.category}" for rule, refer in REFERRING])
def test_whatever_a_rule_refers_can_lawfully_be_sent_to_whoever_may_get_it(rule: Rule, refer: Refer) -> None:
    assert rule.legal_basis is not None
    for provider in could_go_to(refer):
        fields = DIRECTORY.profiles[provider.profile].fields
        assert unlawful(fields, rule.legal_basis) is None, f"{provider.id} with profile {provider.profile}"
