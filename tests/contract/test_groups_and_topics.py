"""What the topic files say of groups, keys and state is what the services do."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from installation_keys import ENVIRONMENT
from onward.chassis.kafka import admin
from onward.chassis.service import Service
from onward.cli.offsets.shapes import shape_of
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.directory import files as directory_files

PROVIDERS = sorted(directory_files.load().providers)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Service]:
    values = {
        "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:9",
        "ONWARD_DATABASE_URL": "postgresql://localhost/none",
        **ENVIRONMENT,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    def build(name: str) -> Service:
        app: Any = importlib.import_module(f"onward.{name}.app")
        service: Service = app.build(app.Settings())
        return service

    return build


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_reads_in_the_groups_that_its_topic_files_say(name: str, built: Callable[[str], Service]) -> None:
    service, shape = built(name), shape_of(name, PROVIDERS)
    reads = {topic: f"{name}.{hop.label}" for hop in service.hops for topic in hop.names}
    assert {topic: shape.group(topic) for topic in shape.inputs} == reads


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_its_positions_where_the_deployment_says(name: str, built: Callable[[str], Service]) -> None:
    assert built(name).needs_database == shape_of(name, PROVIDERS).keeps_state


def test_every_topic_that_a_service_reads_is_made_with_the_offsets_of_its_groups() -> None:
    specs = admin.topic_specs(PROVIDERS)
    for name in SERVICES:
        shape = shape_of(name, PROVIDERS)
        assert all(shape.group(topic) in specs[topic].read_by for topic in shape.inputs)
    assert specs["rulesets"].read_by == (), "followed by every process, in no group"


def test_keys_are_spread_over_as_many_partitions_as_the_topic_file_says() -> None:
    for name, spec in admin.topic_specs(PROVIDERS).items():
        assert topics.spread_over(name) == spec.partitions
    assert topics.spread_over("no-topic-of-ours") is None
