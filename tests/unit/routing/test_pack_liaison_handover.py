"""Nobody who is detained away from home is a dead end: each authority has a team that takes them over."""

from onward.contracts.authorities import authorities, is_authority
from unit.routing.pack_builders import DIRECTORY

ENGLAND_AND_WALES = [code for code in authorities() if is_authority(code) and code[0] in "EW"]


def test_each_authority_of_england_and_wales_has_one_receiving_team() -> None:
    receiving = [each for each in DIRECTORY.providers.values() if "liaison_handover" in each.services]
    teams = {code: [each.id for each in receiving if code in each.catchment] for code in ENGLAND_AND_WALES}

    assert {code: found for code, found in teams.items() if len(found) != 1} == {}


def test_each_force_area_of_england_and_wales_has_its_team() -> None:
    receiving = [each for each in DIRECTORY.providers.values() if "liaison_handover" in each.services]

    assert len(receiving) == 43
    assert all("liaison_diversion" in each.services for each in receiving)
