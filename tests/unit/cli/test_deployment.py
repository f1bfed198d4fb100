"""What belongs to a whole Onward: every service that there is, every topic that they need, secrets that stay."""

import stat
from pathlib import Path

import pytest

import onward
from installation_keys import ENVIRONMENT
from onward.chassis.kafka.admin import topic_specs
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.contracts.topics import TopicFile
from onward.local.deployment import local_secrets, service_specs
from onward.local.errors import LocalStackError

PEPPER = "ONWARD_PEPPER"


def test_every_service_that_can_be_started_is_in_the_list() -> None:
    package = Path(onward.__file__).parent
    startable = {path.parent.name for path in package.glob("*/__main__.py")} - {"contracts", "cli"}
    assert startable <= set(SERVICES)
    assert [spec.name for spec in service_specs()] == list(SERVICES)


def test_every_family_of_topics_is_spelled_out() -> None:
    specs = topic_specs(["test-housing", "test-drugs"])
    assert not [name for name in specs if "{" in name]
    assert {
        "contacts",
        "referrals.test-housing",
        "replies.test-drugs",
        *(f"parked.{name}" for name in SERVICES),
    } <= set(specs)
    assert {f"in.{source}" for source in topics.sources()} <= set(specs)
    assert {f"status.{source}" for source in topics.sources()} <= set(specs)


def test_a_topic_is_made_as_its_file_says() -> None:
    file: TopicFile = topics.files()["contacts"]
    spec = topic_specs([], replication_factor=3)["contacts"]
    assert (spec.partitions, dict(spec.config), spec.replication_factor) == (file.partitions, file.config(), 3)


def test_secrets_are_made_up_anew_where_nothing_is_kept() -> None:
    first, second = local_secrets(None, {}), local_secrets(None, {})
    assert set(first) == set(ENVIRONMENT)
    assert first != second


def test_kept_data_keeps_its_secrets_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = local_secrets(data, {})
    assert local_secrets(data, {}) == first
    (kept,) = data.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_secrets_of_the_environment_are_used_and_not_kept(tmp_path: Path) -> None:
    assert local_secrets(tmp_path, ENVIRONMENT) == ENVIRONMENT
    assert not list(tmp_path.iterdir())


def test_other_secrets_than_the_data_was_made_with_are_refused_before_anything_starts(tmp_path: Path) -> None:
    kept = local_secrets(tmp_path, {})
    assert local_secrets(tmp_path, kept) == kept
    with pytest.raises(LocalStackError, match="are not those that this data was made with"):
        local_secrets(tmp_path, {**kept, PEPPER: "p" * 40})


def test_one_secret_without_the_others_is_refused() -> None:
    with pytest.raises(LocalStackError, match=r"ONWARD_PEPPER set, and not ONWARD_ID_KEY, .* belong together"):
        local_secrets(None, {PEPPER: "p" * 40})


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json"])
def test_kept_secrets_that_cannot_be_read_are_never_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(LocalStackError, match="does not hold the secrets"):
        local_secrets(tmp_path, {})
    assert (tmp_path / "secrets.json").read_text() == content
