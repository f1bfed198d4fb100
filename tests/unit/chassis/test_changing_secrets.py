"""A secret is changed in steps, each of which may be done again; none leaves anybody without a key that opens."""

import pytest

from onward.chassis.errors import ConfigurationError, SecretsDifferError
from onward.chassis.security.changing import CHANGEABLE, begun, finished, to_rewrap
from onward.chassis.security.fingerprints import Secrets, compare
from onward.contracts.installation import SecretName

OLD, NEW, THIRD = b"o" * 32, b"n" * 32, b"t" * 32
PLACE = "the database"


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_change_is_begun_and_finished_and_each_step_done_twice_is_done_once(name: SecretName) -> None:
    both, new, old = (Secrets({name: values}) for values in ((NEW, OLD), (NEW,), (OLD,)))
    before = old.first_note(name)
    during = begun(both, name, before)
    assert begun(both, name, during) == during
    compare(both, {PLACE: {name: during}})
    for alone in (old, new):
        with pytest.raises(SecretsDifferError):
            compare(alone, {PLACE: {name: during}})
    after = finished(both, name, during)
    assert finished(new, name, after) == after
    for holds in (new, both):
        compare(holds, {PLACE: {name: after}})
    with pytest.raises(SecretsDifferError):
        compare(old, {PLACE: {name: after}})
    assert [(each.version, each.status) for each in after.versions] == [(1, "previous"), (2, "current")]


def test_a_change_is_not_begun_by_mistake() -> None:
    before = Secrets({"master-key": (OLD,)}).first_note("master-key")
    with pytest.raises(ConfigurationError, match="must hold two"):
        begun(Secrets({"master-key": (NEW,)}), "master-key", before)
    with pytest.raises(SecretsDifferError):
        begun(Secrets({"master-key": (OLD, NEW)}), "master-key", before)  # the wrong way round
    during = begun(Secrets({"master-key": (NEW, OLD)}), "master-key", before)
    with pytest.raises(SecretsDifferError):
        begun(Secrets({"master-key": (THIRD, OLD)}), "master-key", during)  # another change is under way
    with pytest.raises(SecretsDifferError):
        finished(Secrets({"master-key": (THIRD, OLD)}), "master-key", during)


def test_nothing_is_wrapped_anew_but_in_a_change_that_has_begun() -> None:
    both = Secrets({"master-key": (NEW, OLD)})
    before = Secrets({"master-key": (OLD,)}).first_note("master-key")
    with pytest.raises(ConfigurationError, match="no change"):
        to_rewrap(both, "master-key", before)  # services would meet keys under one that they lack
    during = begun(both, "master-key", before)
    assert to_rewrap(both, "master-key", during) == during
    for others in ((OLD, NEW), (THIRD, OLD), (NEW, THIRD), (NEW,)):
        with pytest.raises((SecretsDifferError, ConfigurationError)):
            to_rewrap(Secrets({"master-key": others}), "master-key", during)
    with pytest.raises(ConfigurationError, match="no change"):
        to_rewrap(both, "master-key", finished(both, "master-key", during))
