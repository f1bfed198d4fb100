"""Strimzi's resources say what the topic files and the rights say, in the words that Strimzi has."""

import re
from typing import Any

import pytest
import yaml

from contract.deployed import DEPLOY
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import principals
from onward.directory import files as directory_files

KAFKA = DEPLOY / "kafka"
PROVIDERS = sorted(directory_files.load().providers)
OPERATIONS = {
    "Read", "Write", "Delete", "Alter", "Describe", "All", "IdempotentWrite", "ClusterAction", "Create", "AlterConfigs",
    "DescribeConfigs",
}  # fmt: skip
"""Of `AclOperation` in Strimzi's API."""


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((KAFKA / name).read_text()))


@pytest.mark.parametrize("name", ["users.yaml", "topics.yaml", "cluster.yaml"])
def test_every_resource_is_of_the_one_cluster(name: str) -> None:
    for each in documents(name):
        assert each["apiVersion"] == "kafka.strimzi.io/v1"
        assert set(each) == {"apiVersion", "kind", "metadata", "spec"}
        named = each["metadata"]
        assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", named["name"])
        assert each["kind"] == "Kafka" or named["labels"] == {"strimzi.io/cluster": "onward"}


def test_every_topic_has_its_resource_and_every_principal_its_user() -> None:
    assert {each["metadata"]["name"] for each in documents("topics.yaml")} == set(topics.expand(PROVIDERS, SERVICES))
    users = {each["metadata"]["name"]: each["spec"] for each in documents("users.yaml")}
    assert users.keys() == {each.name for each in principals(topics.files(), PROVIDERS)}
    for spec in users.values():
        for acl in spec["authorization"]["acls"]:
            assert set(acl) == {"resource", "operations"}
            assert set(acl["operations"]) <= OPERATIONS
            assert set(acl["resource"]) == {"type", "name", "patternType"}
            assert acl["resource"]["type"] in {"topic", "group", "transactionalId"}
            # `prefix`, where kafka-acls.sh says `prefixed`
            assert acl["resource"]["patternType"] in {"literal", "prefix"}


def test_the_cluster_denies_by_default_and_keeps_what_it_acknowledges() -> None:
    (kafka,) = [each["spec"] for each in documents("cluster.yaml") if each["kind"] == "Kafka"]
    settings = kafka["kafka"]
    assert settings["authorization"] == {"type": "simple"}
    assert "allow.everyone.if.no.acl.found" not in settings["config"]
    for listener in settings["listeners"]:
        assert listener["tls"] is True
        assert listener["authentication"] == {"type": "scram-sha-512"}
    config = settings["config"]
    assert config["default.replication.factor"] == 3
    assert config["min.insync.replicas"] == 2
    assert config["unclean.leader.election.enable"] is False
    assert config["auto.create.topics.enable"] is False
    pools = [each["spec"] for each in documents("cluster.yaml") if each["kind"] == "KafkaNodePool"]
    assert {pool["replicas"] for pool in pools} == {3}
    assert {role for pool in pools for role in pool["roles"]} == {"controller", "broker"}
