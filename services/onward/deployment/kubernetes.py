"""The Kustomize base: for each service what runs it, guards it and scales it, made of the one list of services."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import yaml

from onward.chassis.installation_secrets import NAMES
from onward.chassis.processing import groups
from onward.contracts.services import SECRETS as OF_SERVICES
from onward.contracts.services import SERVICES
from onward.contracts.topics import TopicFile
from onward.deployment.postgres_roles import ROLES, service_of

Manifest: TypeAlias = dict[str, Any]

IMAGE: Final = "onward"
PORT: Final = 9464
USER: Final = 10001
SECRETS: Final = "/run/secrets/onward"
DATABASE_SERVICES: Final = tuple(name for name in SERVICES if name in {service_of(role) for role in ROLES})
"""Those that have a role in PostgreSQL."""
AUDIT_JOB: Final = "audit-checkpoint"
"""What signs the audit chains: the one that holds the auditor's key, and it holds neither pepper nor master key."""
_AUDIT_EVERY: Final = "*/10 * * * *"
_FOLLOWS_KEYS: Final = frozenset({"people", "routing", "tracking", "dispatch", AUDIT_JOB})
_KAFKA: Final = {"strimzi.io/cluster": "onward"}
_KAFKA_PORT: Final = 9093
_DATABASE_PORT: Final = 5432
_PART: Final = {"app.kubernetes.io/part-of": "onward"}
_LAG: Final = 1000
"""Records that one process works off within seconds."""
_HEAD: Final = "# Made of the list of services by `make schemas`: not to be edited. Change it with an overlay.\n"


def base_files(topics: Mapping[str, TopicFile], rules: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """
    Every file of `deploy/kubernetes/base/`.

    Args:
        topics: Every real topic, for how far a service can be spread.
        rules: The documents of the alert rules of `deploy/prometheus/rules/`.
    """
    files = {f"{name}.yaml": _text(_service(name, topics)) for name in SERVICES}
    files["jobs.yaml"] = _text(_jobs())
    files["audit.yaml"] = _text(_audit())
    files["network.yaml"] = _text(_network())
    files["monitoring.yaml"] = _text(_monitoring(rules))
    files["kustomization.yaml"] = _text(
        [
            {
                "apiVersion": "kustomize.config.k8s.io/v1beta1",
                "kind": "Kustomization",
                "namespace": "onward",
                "resources": sorted(files),
                "labels": [{"pairs": _PART, "includeSelectors": False, "includeTemplates": True}],
            }
        ]
    )
    return files


class _Plain(yaml.SafeDumper):
    """Writes out what stands in two places twice: nobody reads anchors in a manifest."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as its base
        """See `yaml.SafeDumper`."""
        return True


def _text(manifests: Sequence[Manifest]) -> str:
    return _HEAD + yaml.dump_all(manifests, Dumper=_Plain, sort_keys=False, width=120, explicit_start=True)


def _labels(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name, **_PART}


def _service(name: str, topics: Mapping[str, TopicFile]) -> list[Manifest]:
    match = {"matchLabels": {"app.kubernetes.io/name": name}}
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": match,
    }
    pod: Manifest = {**_pod(name, name, [name]), "topologySpreadConstraints": [spread]}
    container: Manifest = pod["containers"][0]
    container |= {
        "ports": [{"name": "http", "containerPort": PORT}],
        # The event loop turns: never the broker. A broker that is away is no reason to restart.
        "startupProbe": _probe("/live", period=2, failures=30),
        "livenessProbe": _probe("/live", period=10, failures=3),
        "readinessProbe": _probe("/ready", period=5, failures=3),
    }
    deployment = {
        "replicas": 2,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "selector": match,
        "template": {"metadata": {"labels": _labels(name)}, "spec": pod},
    }
    return [
        _account(name),
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _named(name), "spec": deployment},
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": _named(name),
            "spec": {"maxUnavailable": 1, "selector": match},
        },
        _scaled(name, topics),
    ]


def _account(name: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _named(name),
        "automountServiceAccountToken": False,
    }


def _named(name: str) -> Manifest:
    return {"name": name, "labels": _labels(name)}


def _pod(name: str, user: str, arguments: Sequence[str], *, database: bool | None = None) -> Manifest:
    """A pod that runs `onward run *arguments*`, logged in to Kafka as *user*."""
    with_database = name in DATABASE_SERVICES if database is None else database
    container = {
        "name": name,
        "image": IMAGE,
        "args": [*arguments],
        "env": [{"name": key, "value": value} for key, value in _environment(name, user, with_database).items()],
        "resources": {
            "requests": {"cpu": "100m", "memory": "160Mi"},
            "limits": {"cpu": "1", "memory": "512Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "secrets", "mountPath": SECRETS, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the pod's own, in memory
        ],
    }
    return {
        "serviceAccountName": name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "secrets", "projected": {"defaultMode": 0o440, "sources": _secrets(name, user, with_database)}},
            {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
        ],
    }


def _environment(name: str, user: str, with_database: bool) -> dict[str, str]:
    found = {
        "ONWARD_KAFKA_BOOTSTRAP": f"onward-kafka-bootstrap:{_KAFKA_PORT}",
        "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "ONWARD_KAFKA_CA_FILE": f"{SECRETS}/kafka-ca.crt",
        "ONWARD_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "ONWARD_KAFKA_SASL_USERNAME": user,
        "ONWARD_KAFKA_SASL_PASSWORD_FILE": f"{SECRETS}/kafka-password",
        **{f"ONWARD_{each.replace('-', '_').upper()}_FILE": f"{SECRETS}/{each}" for each in _held(name)},
    }
    if name == AUDIT_JOB:
        found["ONWARD_MY_RULE_KEY"] = f"{SECRETS}/audit-key"
    if with_database:
        found["ONWARD_DATABASE_URL_FILE"] = f"{SECRETS}/database-url"
    if name in _FOLLOWS_KEYS:
        found["ONWARD_RULE_KEYS"] = f"{SECRETS}/rule-keys"
    return found


def _held(name: str) -> tuple[str, ...]:
    """The secrets of the installation that a pod needs; whoever makes the topics notes the fingerprints of all."""
    if name == "topics":
        return tuple(each for each in NAMES if each != "mending-key")
    return OF_SERVICES.get(name, ())


def _secrets(name: str, user: str, with_database: bool) -> list[Manifest]:
    sources = [
        # Made by Strimzi: the password of the KafkaUser, and the authority of the cluster.
        _source(user, {"password": "kafka-password"}),
        _source("onward-cluster-ca-cert", {"ca.crt": "kafka-ca.crt"}),
    ]
    if name == AUDIT_JOB:
        sources.insert(0, _source("onward-audit-key", {"audit-key": "audit-key"}))
    if held := _held(name):
        sources.insert(0, _source("onward-installation", {each: each for each in held}))
    if with_database:
        sources.append(_source(f"onward-database-{name}", {"url": "database-url", "ca.crt": "database-ca.crt"}))
    if name in _FOLLOWS_KEYS:
        sources.append(_source("onward-rule-keys", {"rule-keys": "rule-keys"}))
    return sources


def _source(secret: str, items: Mapping[str, str]) -> Manifest:
    return {"secret": {"name": secret, "items": [{"key": key, "path": path} for key, path in items.items()]}}


def _probe(path: str, *, period: int, failures: int) -> Manifest:
    asked = {"path": path, "port": "http"}
    return {"httpGet": asked, "periodSeconds": period, "timeoutSeconds": 3, "failureThreshold": failures}


def _scaled(name: str, topics: Mapping[str, TopicFile]) -> Manifest:
    """More processes where records wait, up to one for each partition: more would have nothing to do."""
    read = [file for file in topics.values() if name in file.consumers and not file.compacted]
    triggers = [
        {
            "type": "kafka",
            "metadata": {
                "bootstrapServers": f"onward-kafka-bootstrap.onward.svc:{_KAFKA_PORT}",
                "consumerGroup": group.name,
                "lagThreshold": str(_LAG),
                "offsetResetPolicy": "earliest",
                "excludePersistentLag": "true",
                "sasl": "scram_sha512",
                "tls": "enable",
            },
            "authenticationRef": {"name": "onward-lag"},
        }
        for group in groups.of_deployment()
        if group.name.startswith(f"{name}.")
    ]
    spec = {
        "scaleTargetRef": {"name": name},
        "minReplicaCount": 2,
        "maxReplicaCount": max(2, *(file.partitions for file in read)),
        "triggers": triggers,
    }
    return {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": _named(name), "spec": spec}


def _jobs() -> list[Manifest]:
    """What is run from each image before its services: tables first, then topics."""
    made = []
    for name, arguments in (("migrate", ["migrate"]), ("topics", ["topics", "--replication", "3"])):
        pod = _pod(name, "operator", arguments, database=True)
        pod["containers"][0]["command"] = ["onward"]
        pod["restartPolicy"] = "OnFailure"
        spec = {
            "backoffLimit": 6,
            "ttlSecondsAfterFinished": 86_400,
            "template": {"metadata": {"labels": _labels(name)}, "spec": pod},
        }
        made += [_account(name), {"apiVersion": "batch/v1", "kind": "Job", "metadata": _named(name), "spec": spec}]
    return made


def _audit() -> list[Manifest]:
    """What puts the audit chains under a signed checkpoint, again and again."""
    pod = _pod(AUDIT_JOB, "auditor", ["audit", "checkpoint"])
    pod["containers"][0]["command"] = ["onward"]
    pod["restartPolicy"] = "Never"
    job = {
        # A broken chain is none the better for a second look; ten minutes later there is one anyhow.
        "backoffLimit": 0,
        "activeDeadlineSeconds": 540,
        "template": {"metadata": {"labels": _labels(AUDIT_JOB)}, "spec": pod},
    }
    spec = {
        "schedule": _AUDIT_EVERY,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 300,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {"metadata": {"labels": _labels(AUDIT_JOB)}, "spec": job},
    }
    made = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": _named(AUDIT_JOB), "spec": spec}
    return [_account(AUDIT_JOB), made]


def _network() -> list[Manifest]:
    """Nothing comes in or goes out but what is named."""
    return list(_policies())


def _policies() -> Iterator[Manifest]:
    ours: Manifest = {"matchLabels": _PART}
    yield _policy("default-deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    names = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    dns = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    yield _policy("names", _egress(ours, names, dns))
    yield _policy("kafka", _egress(ours, {"podSelector": {"matchLabels": _KAFKA}}, [_tcp(_KAFKA_PORT)]))
    users = [*DATABASE_SERVICES, "migrate", "topics"]
    asking = {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": users}]}
    database = {"podSelector": {"matchLabels": {"app.kubernetes.io/component": "database"}}}
    yield _policy("database", _egress(asking, database, [_tcp(_DATABASE_PORT)]))
    metrics = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    scraped = {"podSelector": ours, "policyTypes": ["Ingress"], "ingress": [{"from": [metrics], "ports": [_tcp(PORT)]}]}
    yield _policy("metrics", scraped)


def _policy(name: str, spec: Manifest) -> Manifest:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}


def _egress(who: Manifest, to: Manifest, ports: Sequence[Manifest]) -> Manifest:
    return {"podSelector": who, "policyTypes": ["Egress"], "egress": [{"to": [to], "ports": [*ports]}]}


def _tcp(port: int) -> Manifest:
    return {"protocol": "TCP", "port": port}


def _monitoring(rules: Sequence[Mapping[str, Any]]) -> list[Manifest]:
    monitor = {
        "selector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": [*SERVICES]}]},
        "podMetricsEndpoints": [{"port": "http", "path": "/metrics", "interval": "15s"}],
    }
    spec = {"groups": [group for document in rules for group in document["groups"]]}
    lag = {
        "secretTargetRef": [
            {"parameter": "username", "name": "onward-lag-reader", "key": "username"},
            {"parameter": "password", "name": "lag-reader", "key": "password"},
            {"parameter": "ca", "name": "onward-cluster-ca-cert", "key": "ca.crt"},
        ]
    }
    return [
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PodMonitor",
            "metadata": {"name": "onward"},
            "spec": monitor,
        },
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": "onward"},
            "spec": spec,
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "onward-lag-reader"},
            "type": "Opaque",
            "stringData": {"username": "lag-reader"},
        },
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "TriggerAuthentication",
            "metadata": {"name": "onward-lag"},
            "spec": lag,
        },
    ]
