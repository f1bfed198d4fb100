"""What a change of the directory means: who sees more, who is sent elsewhere, and who is left without help."""

import pytest

from onward.contracts import paths
from onward.directory import files as directory_files
from onward.directory.files import parse
from onward.directory.model import Directory
from onward.routing.bundle_files import load_bundle
from onward.workbench.difference import Difference, Side, difference
from onward.workbench.difference.directories import DirectoryChange, directories_differ

FILES = dict(directory_files.read_files())
RULES = load_bundle(paths.schemas() / "routing")
BEFORE = parse(FILES)
MONEY = """
  - id: peterborough-money-adviser
    name: Example Money Advice, Peterborough (synthetic)
    services: [debt_advice]
    categories: [FINANCE_DEBT]
    catchment: [E06000031]
    profile: support
    location: [52.57, -0.24]
"""


def edited(file: str, written: str, instead: str) -> Directory:
    text = FILES[file].decode()
    assert written in text
    return parse(FILES | {file: text.replace(written, instead, 1).encode()})


def entry(name: str) -> str:
    """The lines of a provider or a profile."""
    for content in FILES.values():
        for text in content.decode().split("\n\n"):
            if f"  - id: {name}\n" in text or f"\n  {name}:\n" in f"\n{text}":
                return text
    raise AssertionError(name)


def compared(after: Directory) -> Difference:
    return difference(Side(RULES, BEFORE), Side(RULES, after))


def changes(after: Directory) -> tuple[DirectoryChange, ...]:
    return directories_differ((RULES, BEFORE), (RULES, after)).changes


def the(kind: str, after: Directory) -> DirectoryChange:
    (found,) = (each for each in changes(after) if each.kind == kind)
    return found


def test_a_field_that_a_profile_shows_more_is_told_by_name_with_all_who_see_it() -> None:
    profile = entry("perpetrator-programme")
    wider = profile.replace("      - phone\n", "      - phone\n      - address\n      - postcode\n", 1)
    found = the("profile", edited("profiles.yaml", profile, wider))
    assert found.grave
    assert found.short == "profile `perpetrator-programme` shows more"
    assert found.details[0] == "shows more: address, postcode"
    assert "west-midlands-perpetrator-programme" in found.providers
    assert "perpetrator-programme" in found.rules
    assert any("west-midlands-perpetrator-programme" in each for each in found.details)


def test_a_field_that_is_no_longer_shown_is_no_widening() -> None:
    profile = entry("perpetrator-programme")
    found = the("profile", edited("profiles.yaml", profile, profile.replace("      - phone\n", "", 1)))
    assert not found.grave
    assert found.details[0] == "no longer shows: phone"


@pytest.mark.parametrize("never", ["[offence, health]", "[health, risk, safeguarding]"])
def test_a_never_that_rules_out_less_is_as_loud_as_a_field(never: str) -> None:
    written = entry("housing")
    weaker = written.replace("[offence, health, risk, safeguarding]", never)
    found = the("profile", edited("profiles.yaml", written, weaker))
    assert found.grave
    assert found.short == "profile `housing` is guarded less"
    assert found.details[0].startswith("`never` no longer rules out: ")


def test_a_value_that_is_no_longer_kept_back_is_a_widening() -> None:
    found = the(
        "profile",
        edited("profiles.yaml", "risk.domestic_abuse_role: [victim]", "risk.domestic_abuse_role: [victim, suspect]"),
    )
    assert found.grave
    assert found.details[0] == "shows more: risk.domestic_abuse_role also if it says suspect"


def test_what_is_only_worded_or_ordered_otherwise_leaves_bundles_equal() -> None:
    after = edited("profiles.yaml", "      - name\n      - date_of_birth\n", "      - date_of_birth\n      - name\n")
    found = compared(after)
    assert found.equal
    assert "profile `housing` is worded or ordered otherwise, and shows the same" in found.remarks
    renamed = compared(edited("cambridgeshire.yaml", "Solutions, Cambridge (", "Answers, Cambridge ("))
    assert renamed.equal
    assert "provider `cambridge-housing` has another name for people" in renamed.remarks[0]


def test_another_profile_says_what_its_provider_sees_more() -> None:
    written = entry("cambridge-housing")
    found = the("provider", edited("cambridgeshire.yaml", written, written.replace("duty-to-refer", "crisis")))
    assert found.grave
    (wider,) = (each for each in found.details if each.startswith("sees more: "))
    assert "address" in wider
    assert "risk.self_harm" in wider


def test_a_slip_in_an_id_is_told_as_renamed_with_the_topics_that_nobody_reads() -> None:
    found = compared(edited("west-midlands.yaml", "solihull-housing\n", "solihull-housng\n"))
    (change,) = found.directory
    assert change.grave
    assert change.short == "provider `solihull-housing` is now `solihull-housng`: renamed, with all else equal"
    assert "`referrals.solihull-housng` and `replies.solihull-housng`" in change.details[0]
    assert found.moves == ()
    assert not found.equal


def test_a_catchment_is_told_by_the_areas_that_went_and_came_and_what_nobody_helps_with_any_longer() -> None:
    written = entry("solihull-housing")
    after = edited("west-midlands.yaml", written, written.replace("[E08000029]", "[E08000092]"))
    provider, area = the("provider", after), the("area", after)
    assert provider.short == "provider `solihull-housing` is described otherwise: catchment"
    assert provider.details[:2] == ("no longer serves Solihull (E08000029)", "now serves E08000092")
    assert area.grave
    assert area.short == "nobody takes ACCOMMODATION as housing_authority any longer in Solihull (E08000029)"
    assert area.providers == ("solihull-housing",)
    assert "loses" in {each.direction for each in compared(after).people}


def test_capacity_and_eligibility_are_told_with_what_they_were() -> None:
    written = entry("cambridge-housing")
    full = written.replace("    profile:", "    accepting: false\n    profile:").replace("min_age: 16", "min_age: 21")
    found = the("provider", edited("cambridgeshire.yaml", written, full))
    assert found.short == "provider `cambridge-housing` is described otherwise: eligibility, accepting"
    assert found.details[:2] == ("min age: was 16; is 21", "accepting: was yes; is no")


def test_a_new_provider_that_takes_over_a_town_is_told_with_somebody_who_moves_to_it() -> None:
    text = FILES["cambridgeshire.yaml"].decode()
    found = compared(parse(FILES | {"cambridgeshire.yaml": (text.rstrip() + "\n" + MONEY).encode()}))
    assert [(each.provider_before, each.provider_after) for each in found.moves] == [
        ("cambridgeshire-debt-advice", "peterborough-money-adviser")
    ]
    (move,) = found.moves
    assert (move.category, move.service) == ("FINANCE_DEBT", "debt_advice")
    assert move.witness is not None
    assert move.witness.facts["person.area"] == "E06000031"
    assert move.before is not None
    assert move.after is not None
    assert {each.provider for each in move.before.referrals} == {"cambridgeshire-debt-advice"}
    assert {each.provider for each in move.after.referrals} == {"peterborough-money-adviser"}
    assert found.document()["moves"][0]["to"] == "peterborough-money-adviser"
    (new,) = found.directory
    assert new.details[:2] == ("takes FINANCE_DEBT as debt_advice", "in Peterborough (E06000031)")
    assert new.details[2].startswith("sees name, phone, safe_contact, email, ")


def test_whoever_a_full_provider_took_moves_to_the_next_and_nobody_else_does() -> None:
    written = entry("birmingham-annexe-drug-treatment")
    found = compared(edited("west-midlands.yaml", written, written.replace("accepting: false", "accepting: true")))
    assert {(each.provider_before, each.provider_after) for each in found.moves} == {
        ("birmingham-drug-treatment", "birmingham-annexe-drug-treatment")
    }
    again = difference(Side(RULES, parse(FILES)), Side(RULES, edited("cambridgeshire.yaml", "0.12]", "0.13]")))
    assert again.moves == ()


def test_a_folder_with_half_a_county_less_says_of_every_area_what_it_loses() -> None:
    after = parse({name: text for name, text in FILES.items() if name != "cambridgeshire.yaml"})
    lost = [each for each in changes(after) if each.kind == "area"]
    assert len(lost) > 10
    assert all(each.grave for each in lost)
    assert any(
        "ACCOMMODATION as housing_authority any longer in Peterborough (E06000031)" in each.short for each in lost
    )
