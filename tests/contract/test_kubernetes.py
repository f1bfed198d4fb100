"""The manifests are valid, name every service, and let no pod do more than it needs."""

import shutil
from typing import Any

import kubernetes_validate
import pytest
import yaml

from contract.deployed import DEPLOY, OVERLAYS, Manifest, base, of_kind, rendered
from onward.chassis.kafka.connection import KafkaSettings
from onward.chassis.processing import groups
from onward.chassis.releases.settings import ReleaseSettings
from onward.chassis.secret_files import SECRETS
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import principals
from onward.deployment.kubernetes import AUDIT_JOB
from onward.deployment.postgres_roles import ROLES
from onward.directory import files as directory_files

KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="kubectl, which renders overlays, is not on this machine")
OWN_RESOURCES = {
    "keda.sh/v1alpha1",
    "monitoring.coreos.com/v1",
}
"""Of operators: no package of this project's index carries their schemas, so what we use of them is held below."""
JOBS = ("migrate", "topics")
PODS = (*SERVICES, *JOBS, AUDIT_JOB)


def pods(manifests: tuple[Manifest, ...]) -> dict[str, Manifest]:
    found = {**of_kind(manifests, "Deployment"), **of_kind(manifests, "Job")}
    repeated = {name: each["spec"]["jobTemplate"] for name, each in of_kind(manifests, "CronJob").items()}
    return {name: each["spec"]["template"]["spec"] for name, each in (found | repeated).items()}


@pytest.mark.parametrize("manifest", base(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_a_manifest_is_one_that_kubernetes_takes(manifest: Manifest) -> None:
    if manifest["apiVersion"] not in OWN_RESOURCES:
        kubernetes_validate.validate(manifest, "1.33", strict=True)


def test_a_manifest_that_kubernetes_would_not_take_is_noticed() -> None:
    wrong = yaml.safe_load(yaml.safe_dump(of_kind(base(), "Deployment")["people"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = "yes"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.33", strict=True)


@needs_kubectl
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_renders_to_manifests_that_kubernetes_takes_and_names_every_service(overlay: str) -> None:
    made = rendered(overlay)
    assert of_kind(made, "Deployment").keys() == set(SERVICES)
    for each in made:
        if each["apiVersion"] not in OWN_RESOURCES:
            kubernetes_validate.validate(each, "1.33", strict=True)
        assert each["metadata"]["namespace"] == "onward"
    assert {each["image"] for pod in pods(made).values() for each in pod["containers"]} == {
        {"small": "onward:0.1.0", "production": f"registry.invalid/onward@sha256:{'0' * 64}"}[overlay]
    }
    scaled = of_kind(made, "ScaledObject")
    assert scaled.keys() == (set() if overlay == "small" else set(SERVICES))


def test_every_service_has_what_runs_guards_and_scales_it() -> None:
    for kind in ("Deployment", "PodDisruptionBudget", "ScaledObject"):
        assert of_kind(base(), kind).keys() == set(SERVICES), kind
    assert of_kind(base(), "ServiceAccount").keys() == set(PODS)
    assert of_kind(base(), "Job").keys() == set(JOBS)
    assert of_kind(base(), "CronJob").keys() == {AUDIT_JOB}
    for name, each in of_kind(base(), "Deployment").items():
        (container,) = each["spec"]["template"]["spec"]["containers"]
        assert container["args"] == [name]
        assert each["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        assert container["livenessProbe"]["httpGet"]["path"] == "/live"
        assert container["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_every_file_of_the_base_is_in_its_kustomization() -> None:
    folder = DEPLOY / "kubernetes" / "base"
    document = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert {*document["resources"], "kustomization.yaml"} == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_nobody_and_may_do_nothing(name: str) -> None:
    pod = pods(base())[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] >= 10_000
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["terminationGracePeriodSeconds"] == 30
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} == set(container["resources"]["requests"]) == set(container["resources"]["limits"])
    assert {volume["name"] for volume in pod["volumes"]} == {"secrets", "tmp"}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_given_settings_that_there_are_and_no_secret_in_its_environment(name: str) -> None:
    pod = pods(base())[name]
    (container,) = pod["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}
    known = {f"ONWARD_{field.upper()}" for field in (*ReleaseSettings.model_fields, *KafkaSettings.model_fields)}
    known |= {"ONWARD_MY_RULE_KEY"} if name == AUDIT_JOB else set()
    secret = {f"ONWARD_{field.upper()}" for field in SECRETS}
    assert not secret & given.keys()
    assert given.keys() <= known - secret | {f"{each}_FILE" for each in secret}
    held = {item["path"] for each in pod["volumes"][0]["projected"]["sources"] for item in each["secret"]["items"]}
    named = {value.rpartition("/")[2] for value in given.values() if value.startswith("/run/secrets/")}
    assert named | {"database-ca.crt"} >= held >= named


def test_a_service_logs_in_as_itself_a_job_as_the_operator_and_who_signs_as_the_auditor() -> None:
    known = {each.name for each in principals(topics.files(), directory_files.load().providers)}
    for name, pod in pods(base()).items():
        given = {each["name"]: each["value"] for each in pod["containers"][0]["env"]}
        user = given["ONWARD_KAFKA_SASL_USERNAME"]
        assert user == {AUDIT_JOB: "auditor", **dict.fromkeys(JOBS, "operator")}.get(name, name)
        assert user in known
        assert ("ONWARD_DATABASE_URL_FILE" in given) == (
            f"onward_{name}" in {role.name for role in ROLES} or name in JOBS
        )


def test_a_service_is_scaled_by_the_lag_of_its_groups_and_no_further_than_its_partitions() -> None:
    for name, each in of_kind(base(), "ScaledObject").items():
        spec = each["spec"]
        assert spec.keys() == {"scaleTargetRef", "minReplicaCount", "maxReplicaCount", "triggers"}
        assert spec["scaleTargetRef"] == {"name": name}
        read = {group.name for group in groups.of_deployment() if group.name.startswith(f"{name}.")}
        assert {trigger["metadata"]["consumerGroup"] for trigger in spec["triggers"]} == read
        most = max(file.partitions for file in topics.files().values() if name in file.consumers and not file.compacted)
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] == max(2, most)
        for trigger in spec["triggers"]:
            # From the beginning, as the services do: `latest` would see no lag where nothing was committed yet.
            assert trigger["metadata"]["offsetResetPolicy"] == "earliest"
            assert trigger["authenticationRef"] == {"name": "onward-lag"}
            assert all(isinstance(value, str) for value in trigger["metadata"].values())


def test_nothing_comes_in_or_goes_out_but_what_is_named() -> None:
    policies = {name: each["spec"] for name, each in of_kind(base(), "NetworkPolicy").items()}
    assert policies.pop("default-deny") == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ports = {name: _ports(spec) for name, spec in policies.items()}
    assert ports == {"names": {53}, "kafka": {9093}, "database": {5432}, "metrics": {9464}}
    for spec in policies.values():
        for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
            assert rule.get("from") or rule.get("to"), "from or to anywhere"
    (asking,) = policies["database"]["podSelector"]["matchExpressions"]
    assert set(asking["values"]) == {"people", "tracking", "dispatch", *JOBS}


def _ports(spec: Manifest) -> set[int]:
    return {port["port"] for rule in (*spec.get("ingress", ()), *spec.get("egress", ())) for port in rule["ports"]}


def test_the_alerts_of_the_cluster_are_those_of_the_rule_files() -> None:
    (rule,) = of_kind(base(), "PrometheusRule").values()
    written: list[Any] = []
    for path in sorted((DEPLOY / "prometheus" / "rules").glob("*.yaml")):
        if not path.stem.endswith(".test"):
            written += yaml.safe_load(path.read_text())["groups"]
    assert rule["spec"] == {"groups": written}
    (monitor,) = of_kind(base(), "PodMonitor").values()
    assert set(monitor["spec"]["selector"]["matchExpressions"][0]["values"]) == set(SERVICES)
    assert [each["port"] for each in monitor["spec"]["podMetricsEndpoints"]] == ["http"]
