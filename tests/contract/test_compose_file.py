"""The compose file is valid, names every service, and what is in it is closed to everybody else."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from contract.deployed import DEPLOY, compose
from onward.chassis.releases.settings import ReleaseSettings
from onward.chassis.secret_files import SECRETS
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import principals
from onward.deployment.kubernetes import IMAGE
from onward.deployment.postgres_roles import OWNER, ROLES
from onward.deployment.secrets import make

OURS = (*SERVICES, "migrate", "rights", "topics", "audit-checkpoint")
SERVERS = ("kafka", "postgres", "prometheus", "alertmanager", "grafana")


def test_the_compose_specification_takes_it() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_runs_from_the_one_image_and_beside_them_only_what_they_need() -> None:
    services = compose()["services"]
    assert services.keys() == {*OURS, *SERVERS}
    assert {services[name]["image"].partition(":")[0] for name in OURS} == {IMAGE}
    for name in SERVICES:
        assert services[name]["command"] == [name]
        assert services[name]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_may_do_nothing_and_write_nowhere(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["networks"] == ["inside"]
    assert not {"ports", "volumes", "privileged", "cap_add", "user", "network_mode", "pid"} & service.keys()
    assert name not in SERVICES or (service["mem_limit"], service["stop_grace_period"]) == ("512m", "30s")


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_given_settings_that_there_are_and_its_secrets_as_files(name: str) -> None:
    service = compose()["services"][name]
    given = service["environment"]
    known = {f"ONWARD_{field.upper()}" for field in ReleaseSettings.model_fields}
    known |= {"ONWARD_MY_RULE_KEY"} if name == "audit-checkpoint" else set()
    secret = {f"ONWARD_{field.upper()}" for field in SECRETS}
    assert given.keys() <= known - secret | {f"{each}_FILE" for each in secret}
    mounted = {each if isinstance(each, str) else each["target"] for each in service["secrets"]}
    named = {value.rpartition("/")[2] for value in given.values() if value.startswith("/run/secrets/")}
    assert named <= mounted <= named | {"ca"}
    sources = {each if isinstance(each, str) else each["source"] for each in service["secrets"]}
    assert sources <= compose()["secrets"].keys()
    owned = {source.partition("-")[0] for source in sources if source.endswith(("-kafka", "-database"))}
    allowed = {"migrate": {"owner"}, "rights": {"admin"}, "topics": {"operator", "owner"}}
    allowed["audit-checkpoint"] = {"auditor"}
    assert owned <= allowed.get(name, {name}), "it holds what somebody else logs in with"


def test_a_service_has_a_database_login_exactly_if_it_has_a_role() -> None:
    roles = {role.name for role in ROLES}
    for name in SERVICES:
        given = compose()["services"][name]["environment"]
        assert ("ONWARD_DATABASE_URL_FILE" in given) == (f"onward_{name}" in roles)
        assert given["ONWARD_KAFKA_SASL_USERNAME"] == name


def test_every_secret_is_one_that_the_command_makes(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    names = [each.name for each in principals(topics.files(), ["somebody"])]
    make(folder, names, hosts=["broker.example"], now=datetime(2026, 1, 1, tzinfo=UTC))
    for each in compose()["secrets"].values():
        assert (folder.parent / each["file"]).is_file(), each
    mounts = [mount for service in compose()["services"].values() for mount in service.get("volumes", ())]
    bound = {mount.split(":")[0] for mount in mounts if mount.startswith("./")}
    for path in bound:
        place = folder.parent if path.startswith("./secrets") else DEPLOY
        assert (place / path).exists(), path
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o007 for path in folder.rglob("*") if path.is_file()} == {0}


def test_only_the_broker_and_the_pages_for_people_are_reached_from_outside() -> None:
    services = compose()["services"]
    assert {name for name, each in services.items() if "ports" in each} == {"kafka", "grafana"}
    for each in services.values():
        for port in each.get("ports", ()):
            assert port.startswith(("127.0.0.1:", "${ONWARD_KAFKA_LISTEN:-127.0.0.1:")), port
    assert compose()["networks"]["inside"] == {"internal": True}
    assert {name for name, each in services.items() if "partners" in each["networks"]} == {
        "kafka", "grafana", "alertmanager",
    }  # fmt: skip


def test_the_broker_takes_nobody_without_tls_and_a_login_and_gives_no_right_by_default() -> None:
    text = (DEPLOY / "compose" / "kafka" / "server.properties").read_text()
    settings = dict(re.findall(r"^([a-z.]+)=(.*)$", text, re.MULTILINE))
    protocols = dict(each.split(":") for each in settings["listener.security.protocol.map"].split(","))
    assert {protocols[name] for name in ("INSIDE", "OUTSIDE")} == {"SASL_SSL"}
    assert "CONTROLLER://localhost:" in settings["listeners"], "the controller speaks with itself alone"
    assert settings["authorizer.class.name"].endswith(".StandardAuthorizer")
    assert settings["allow.everyone.if.no.acl.found"] == "false"
    assert settings["auto.create.topics.enable"] == "false"
    assert "ANONYMOUS" not in text


def test_the_database_takes_nobody_over_the_network_without_tls() -> None:
    lines = (DEPLOY / "compose" / "postgres" / "pg_hba.conf").read_text().splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert [rule[0] for rule in rules] == ["local", "hostssl", "host"]
    assert set(rules[1][2].split(",")) == {OWNER, *(role.name for role in ROLES)}
    assert rules[2][-1] == "reject"


def test_alerts_come_to_whoever_is_woken_or_finds_them_in_the_morning() -> None:
    document = yaml.safe_load((DEPLOY / "compose" / "prometheus" / "alertmanager.yml").read_text())
    routed = {each["matchers"][0] for each in document["route"]["routes"]}
    assert routed == {'severity="page"', 'severity="ticket"'}
    names = {each["name"] for each in document["receivers"]}
    assert {each["receiver"] for each in document["route"]["routes"]} | {document["route"]["receiver"]} == names
    prometheus = yaml.safe_load((DEPLOY / "compose" / "prometheus" / "prometheus.yml").read_text())
    shipped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    assert prometheus["rule_files"] == shipped["rule_files"]
    assert prometheus["scrape_configs"] == shipped["scrape_configs"]
