"""A pepper is one: with a second line, whoever is known, and whoever was erased, would be looked up in vain."""

import pytest
from pydantic import ValidationError

from installation_keys import OF_PEOPLE
from onward.chassis.secret_values import pepper_in
from onward.people.settings import PeopleSettings

OLD, NEW = "o" * 48, "n" * 48


def test_a_service_with_two_peppers_does_not_start_though_one_of_them_is_the_installations() -> None:
    with pytest.raises(ValidationError, match="must be one line"):
        PeopleSettings.model_validate({**OF_PEOPLE, "kafka_bootstrap": "localhost:1", "pepper": f"{NEW}\n{OLD}"})


def test_one_with_the_line_feed_that_an_editor_leaves_is_one() -> None:
    assert pepper_in(OLD + "\n") == OLD.encode()


def test_a_short_one_is_refused_with_how_to_make_one() -> None:
    with pytest.raises(ValueError, match="openssl rand"):
        pepper_in("short")
