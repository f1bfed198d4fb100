"""The rights of a deployment as Kafka's own tools and as Strimzi's operators take them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import yaml

from onward.contracts.topics import TopicFile
from onward.deployment.access import Principal, ResourceKind, Right

_OPTION: Final[Mapping[ResourceKind, str]] = {
    "topic": "--topic",
    "group": "--group",
    "transactional-id": "--transactional-id",
    "cluster": "--cluster",
}
_STRIMZI: Final[Mapping[ResourceKind, str]] = {
    "topic": "topic",
    "group": "group",
    "transactional-id": "transactionalId",
    "cluster": "cluster",
}
_API: Final = "kafka.strimzi.io/v1"
_LABELS: Final = {"strimzi.io/cluster": "onward"}
_HEAD: Final = "Made of schemas/topics/, the directory and the list of services by `make schemas`: not to be edited."

_SCRIPT: Final = f"""\
#!/usr/bin/env bash
# Every right and quota of this deployment. {_HEAD}
# Usage: KAFKA=/opt/kafka/bin BOOTSTRAP=broker:9093 CONFIG=admin.properties ./kafka-acls.sh
# Safe to run again. It removes nothing: `kafka-acls.sh --list` shows what else is there.
# The cluster must deny by default: authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer,
# and allow.everyone.if.no.acl.found is not set.
set -euo pipefail
: "${{BOOTSTRAP:?host and port of a broker}}" "${{CONFIG:?properties file of an administrator}}"
acls="${{KAFKA:-/opt/kafka/bin}}/kafka-acls.sh"
configs="${{KAFKA:-/opt/kafka/bin}}/kafka-configs.sh"

allow() {{
  local user="$1"
  shift
  "$acls" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --add --allow-principal "User:$user" "$@"
}}

limit() {{
  "$configs" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --alter \\
    --entity-type users --entity-name "$1" --add-config "$2"
}}
"""


def acl_script(principals: Iterable[Principal]) -> str:
    """A shell script that gives every right and sets every quota with Kafka's own tools."""
    lines = [_SCRIPT]
    for principal in principals:
        lines.append(f"\n# {principal.name}: {principal.purpose}")
        for (kind, prefixed, operations), names in _together(principal.rights):
            named = " ".join(f"{_OPTION[kind]} {name}" for name in names) if kind != "cluster" else _OPTION[kind]
            asked = " ".join(f"--operation {operation}" for operation in operations)
            pattern = " --resource-pattern-type prefixed" if prefixed else ""
            lines.append(f"allow {principal.name} {asked} {named}{pattern}")
        if principal.quota is not None:
            limits = ",".join(f"{name}={value}" for name, value in principal.quota.settings.items())
            lines.append(f"limit {principal.name} {limits}")
    return "\n".join([*lines, ""])


def _together(rights: Sequence[Right]) -> list[tuple[tuple[ResourceKind, bool, tuple[str, ...]], list[str]]]:
    """Names of one kind with the same operations, each group once."""
    by_name: dict[tuple[ResourceKind, bool, str], list[str]] = {}
    for right in rights:
        by_name.setdefault((right.kind, right.prefixed, right.name), []).append(right.operation)
    alike: dict[tuple[ResourceKind, bool, tuple[str, ...]], list[str]] = {}
    for (kind, prefixed, name), operations in by_name.items():
        alike.setdefault((kind, prefixed, tuple(sorted(operations))), []).append(name)
    return sorted(alike.items())


def kafka_users(principals: Iterable[Principal]) -> str:
    """A Strimzi KafkaUser for each principal; Strimzi makes the password, in a Secret of the same name."""
    return _documents(_user(principal) for principal in principals)


def _user(principal: Principal) -> dict[str, Any]:
    ordered = sorted(principal.rights, key=lambda right: (right.kind, right.prefixed, right.name))
    acls = [
        {
            "resource": _resource(kind, name, prefixed=prefixed),
            "operations": sorted(right.operation for right in rights),
        }
        for (kind, prefixed, name), rights in groupby(ordered, lambda right: (right.kind, right.prefixed, right.name))
    ]
    spec: dict[str, Any] = {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {"type": "simple", "acls": acls},
    }
    if principal.quota is not None:
        spec["quotas"] = {
            "producerByteRate": principal.quota.producer_bytes_per_s,
            "consumerByteRate": principal.quota.consumer_bytes_per_s,
            "requestPercentage": principal.quota.request_percentage,
        }
    return {"apiVersion": _API, "kind": "KafkaUser", "metadata": _named(principal.name), "spec": spec}


def _resource(kind: ResourceKind, name: str, *, prefixed: bool) -> dict[str, str]:
    if kind == "cluster":
        return {"type": "cluster"}
    return {"type": _STRIMZI[kind], "name": name, "patternType": "prefix" if prefixed else "literal"}


def kafka_topics(topics: Mapping[str, TopicFile]) -> str:
    """A Strimzi KafkaTopic for each real topic, with three copies."""
    return _documents(
        {
            "apiVersion": _API,
            "kind": "KafkaTopic",
            "metadata": _named(name),
            "spec": {
                "partitions": file.partitions,
                "replicas": 3,
                "config": {key: int(value) if value.isdecimal() else value for key, value in file.config().items()},
            },
        }
        for name, file in sorted(topics.items())
    )


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "labels": dict(_LABELS)}


def _documents(resources: Iterable[dict[str, Any]]) -> str:
    text = yaml.safe_dump_all(resources, sort_keys=False, width=120, explicit_start=True)
    return f"# {_HEAD}\n{text}"


def rights_json(principals: Iterable[Principal]) -> str:
    """The matrix as data: each principal with its rights."""
    return json.dumps(
        [
            {
                "principal": principal.name,
                "kind": principal.kind,
                "purpose": principal.purpose,
                "rights": [
                    {"kind": each.kind, "name": each.name + ("*" if each.prefixed else ""), "operation": each.operation}
                    for each in principal.rights
                ],
            }
            for principal in principals
        ],
        indent=2,
    )
