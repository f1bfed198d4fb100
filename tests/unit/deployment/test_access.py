"""Who may do what: nobody can be somebody else, and nobody does another's work."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from onward.chassis.security.installation import TRANSACTIONAL_ID
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import INSTALLATION_ID, OPERATIONS, Principal, Right, principals
from onward.deployment.files import deployment_files
from onward.deployment.kafka_acls import acl_script, kafka_topics, kafka_users
from onward.directory import files as directory_files

PROVIDERS = ("housing-a", "housing-ab", "mind")
FILES = topics.files()
EVERYBODY = {each.name: each for each in principals(FILES, PROVIDERS)}
TOPICS = topics.expand(PROVIDERS, SERVICES)
SOURCES = topics.sources()


def who_may(operation: str, topic: str) -> set[str]:
    return {name for name, each in EVERYBODY.items() if each.may("topic", topic, operation)}  # type: ignore[arg-type]


@pytest.mark.parametrize("source", SOURCES)
def test_only_the_partner_itself_sends_as_it_and_only_intake_reads_that(source: str) -> None:
    # A parked message goes back to where it came from, marked and on record.
    assert who_may("Write", f"in.{source}") == {f"partner-{source}", "menders"}
    assert who_may("Read", f"in.{source}") == {"intake", "operator"}
    for told in ("status", "questions", "feedback"):
        assert who_may("Read", f"{told}.{source}") == {f"partner-{source}", "operator"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_reads_and_answers_its_own_referrals_only(provider: str) -> None:
    assert who_may("Read", f"referrals.{provider}") == {f"provider-{provider}", "operator"}
    assert who_may("Write", f"referrals.{provider}") == {"dispatch"}
    assert who_may("Write", f"replies.{provider}") == {f"provider-{provider}", "menders"}
    assert who_may("Read", f"replies.{provider}") == {"tracking", "operator"}


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_a_topic_is_written_and_read_by_those_whom_its_file_names(name: str) -> None:
    """Worked out anew from the words of the file, beside what the rights were made of."""
    file, member = TOPICS[name], name.partition(".")[2]

    def meant(roles: tuple[str, ...]) -> set[str]:
        of = {"partner": {f"partner-{member}"}, "provider": {f"provider-{member}"}}
        of["service"] = {member} if member in SERVICES else set(SERVICES)
        return {each for role in roles for each in of.get(role, {role})}

    inputs = {each for each, of in TOPICS.items() if set(of.consumers) & set(SERVICES) and not of.compacted}
    told = {"installation": {"people-on-duty", "menders", "rule-authors", "insight"}}
    archive = {"archivist"} if name in {"situations", "decisions", "rulesets"} else set()
    assert who_may("Read", name) == meant(file.consumers) | told.get(name, set()) | archive | {"operator"}
    written = {"operator"} if name in {"rulesets", "installation", "audit-acts"} else set()
    assert who_may("Write", name) == meant(file.producers) | written | ({"menders"} if name in inputs else set())


def test_names_of_people_are_read_where_they_are_joined_and_where_they_are_delivered() -> None:
    assert who_may("Read", "contacts") == {"people", "operator"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_own_groups_and_transactional_ids_and_no_other_s(service: str) -> None:
    for other in SERVICES:
        may = {
            name
            for name, each in EVERYBODY.items()
            if each.may("group", f"{other}.contacts", "Read")
            or each.may("transactional-id", f"{other}.contacts.0.0", "Write")
        }
        assert may == {other, "operator"}
    assert EVERYBODY[service].may("transactional-id", INSTALLATION_ID, "Write")
    assert not EVERYBODY[service].may("topic", f"parked.{service}", "Read")


def test_the_id_under_which_secrets_are_noted_is_the_chassis_s() -> None:
    assert INSTALLATION_ID == TRANSACTIONAL_ID


def test_a_name_that_stands_for_several_ends_where_a_name_ends() -> None:
    for each in EVERYBODY.values():
        for right in each.rights:
            assert not right.prefixed or right.name.endswith("."), (each.name, right)
            assert "*" not in right.name
    assert not EVERYBODY["provider-housing-a"].may("topic", "referrals.housing-ab", "Read")
    assert not EVERYBODY["provider-housing-a"].may("group", "provider-housing-ab.x", "Read")
    assert not EVERYBODY["people"].may("group", "people-on-duty.x", "Read")


def test_nobody_may_change_the_cluster_delete_anything_or_change_how_long_a_topic_keeps_its_records() -> None:
    for each in EVERYBODY.values():
        assert not [operation for operation in OPERATIONS["cluster"] if each.may("cluster", "kafka-cluster", operation)]
        for name in TOPICS:
            assert not each.may("topic", name, "Delete")
            assert not each.may("topic", name, "AlterConfigs")


def test_whoever_is_outside_has_a_limit_and_no_service_has_one() -> None:
    assert {each.kind for each in EVERYBODY.values() if each.quota} == {"partner", "provider"}
    assert {each.kind for each in EVERYBODY.values() if not each.quota} == {"service", "person", "tool"}


def test_what_is_allowed_with_a_right_is_what_kafka_allows_with_it() -> None:
    read = Right("topic", "t", "Read")
    assert read.covers("topic", "t", "Describe")
    assert not read.covers("topic", "t", "DescribeConfigs")
    assert not read.covers("topic", "tt", "Read")
    assert not read.covers("group", "t", "Read")
    assert Right("topic", "t.", "Read", prefixed=True).covers("topic", "t.x", "Read")


# As files


def as_rights(document: dict[str, object]) -> set[tuple[str, str, str, bool]]:
    spec: dict[str, dict[str, list[dict[str, dict[str, str]]]]] = document["spec"]  # type: ignore[assignment]
    return {
        (
            each["resource"]["type"],
            each["resource"].get("name", ""),
            operation,
            each["resource"]["patternType"] == "prefix",
        )
        for each in spec["authorization"]["acls"]
        for operation in each["operations"]
    }


def as_told(principal: Principal) -> set[tuple[str, str, str, bool]]:
    kinds = {"transactional-id": "transactionalId"}
    return {(kinds.get(each.kind, each.kind), each.name, each.operation, each.prefixed) for each in principal.rights}


def test_a_kafka_user_has_the_rights_of_its_principal_and_no_other() -> None:
    documents = list(yaml.safe_load_all(kafka_users(EVERYBODY.values())))
    assert [each["metadata"]["name"] for each in documents] == list(EVERYBODY)
    for each in documents:
        principal = EVERYBODY[each["metadata"]["name"]]
        assert as_rights(each) == as_told(principal)
        assert ("quotas" in each["spec"]) == (principal.quota is not None)
        assert set(each["spec"]) <= {"authentication", "authorization", "quotas"}
        assert each["spec"]["authentication"] == {"type": "scram-sha-512"}


def test_the_script_gives_the_rights_of_the_matrix_and_no_other(tmp_path: Path) -> None:
    """Run by a shell, with programs in the place of Kafka's that note how they were called."""
    for tool in ("kafka-acls.sh", "kafka-configs.sh"):
        (tmp_path / tool).write_text(f'#!/bin/sh\necho "{tool} $*" >> {tmp_path}/calls\n')
        (tmp_path / tool).chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "KAFKA": str(tmp_path), "BOOTSTRAP": "b:1", "CONFIG": "c"}
    script = acl_script(EVERYBODY.values())
    subprocess.run(["bash"], input=script, env=environment, text=True, check=True)
    given: dict[str, set[tuple[str, str, str, bool]]] = {}
    calls = (tmp_path / "calls").read_text().splitlines()
    for call in calls:
        if call.startswith("kafka-acls.sh"):
            (user,) = re.findall(r"--allow-principal User:(\S+)", call)
            names = re.findall(r"--(topic|group|transactional-id) (\S+)", call)
            operations = re.findall(r"--operation (\S+)", call)
            kinds = {"transactional-id": "transactionalId"}
            given.setdefault(user, set()).update(
                (kinds.get(kind, kind), name, operation, "prefixed" in call)
                for kind, name in names
                for operation in operations
            )
    assert given == {name: as_told(each) for name, each in EVERYBODY.items()}
    limited = {call.partition("--entity-name ")[2].split()[0] for call in calls if call.startswith("kafka-configs.sh")}
    assert limited == {name for name, each in EVERYBODY.items() if each.quota}


def test_a_topic_of_strimzi_is_the_topic_of_its_file() -> None:
    documents = {each["metadata"]["name"]: each["spec"] for each in yaml.safe_load_all(kafka_topics(TOPICS))}
    assert documents.keys() == TOPICS.keys()
    for name, spec in documents.items():
        assert spec["partitions"] == TOPICS[name].partitions
        assert {key: str(value) for key, value in spec["config"].items()} == TOPICS[name].config()
        assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name), "Kubernetes takes no such name"


def test_what_is_deployed_names_every_provider_of_the_directory() -> None:
    users = deployment_files([])["kafka"]["users.yaml"]
    named = set(re.findall(r"^  name: provider-(\S+)$", users, re.MULTILINE))
    assert named == set(directory_files.load().providers)
