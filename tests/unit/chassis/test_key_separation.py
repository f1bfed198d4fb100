"""No service is given a key that it does not need: by its settings, by its manifests, and by what the keys can do."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from installation_keys import ENVIRONMENT, ID_KEY, MASTER, MENDING, PARKING, REFERENCE
from onward.chassis.installation_secrets import NAMES, made_up, parking_key_of
from onward.chassis.secret_files import SECRETS as IN_FILES
from onward.chassis.security.envelope import UnsealableError
from onward.chassis.settings import Settings
from onward.contracts.services import SECRETS, SERVICES
from onward.local.service_spec import ServiceSpec
from onward.local.services import _own

ROOT = Path(__file__).resolve().parents[3]
OPENS_SOMETHING_ABOUT_SOMEBODY = {"master-key", "reference-key", "mending-key"}
OF_THE_INSTALLATION = {name.replace("-", "_") for name in NAMES}


def settings_of(service: str) -> type[Settings]:
    found: type[Settings] = import_module(f"onward.{service}.app").Settings
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_settings_of_a_service_have_its_secrets_and_no_others(service: str) -> None:
    asked = {name for name in settings_of(service).model_fields if name in OF_THE_INSTALLATION}
    assert asked == {name.replace("-", "_") for name in SECRETS[service]}
    assert asked <= IN_FILES


def test_intake_and_routing_hold_nothing_that_opens_what_is_said_of_anybody() -> None:
    for service in ("intake", "routing"):
        assert not OPENS_SOMETHING_ABOUT_SOMEBODY.intersection(SECRETS[service])


def test_who_somebody_is_opens_with_people_and_dispatch_alone_and_no_service_opens_what_is_parked() -> None:
    assert {service for service in SERVICES if "master-key" in SECRETS[service]} == {"people", "dispatch"}
    assert {service for service in SERVICES if "reference-key" in SECRETS[service]} == {"people", "tracking"}
    assert {service for service in SERVICES if "pepper" in SECRETS[service]} == {"people"}
    assert not [service for service in SERVICES if "mending-key" in SECRETS[service]]


@pytest.mark.parametrize("service", SERVICES)
def test_a_pod_and_a_container_are_given_the_secrets_of_their_service_and_no_others(service: str) -> None:
    wanted = {f"ONWARD_{name.replace('-', '_').upper()}_FILE" for name in SECRETS[service]}
    deployment = next(
        each
        for each in yaml.safe_load_all((ROOT / f"deploy/kubernetes/base/{service}.yaml").read_text())
        if each["kind"] == "Deployment"
    )
    pod = deployment["spec"]["template"]["spec"]
    assert wanted == _ours(each["name"] for each in pod["containers"][0]["env"])
    (held,) = [each for each in pod["volumes"] if each["name"] == "secrets"]
    sources = {each["secret"]["name"]: each["secret"]["items"] for each in held["projected"]["sources"]}
    assert {each["key"] for each in sources["onward-installation"]} == set(SECRETS[service])
    container = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"][service]
    assert wanted == _ours(container["environment"])
    assert {name for name in container["secrets"] if name in NAMES} == set(SECRETS[service])
    unit = (ROOT / "deploy/systemd/onward@.service").read_text()
    more = ROOT / f"deploy/systemd/onward@{service}.service.d"
    unit += "".join(each.read_text() for each in more.glob("*.conf"))
    assert wanted == _ours(re.findall(r"ONWARD_\w+_FILE", unit))
    assert set(re.findall(r"LoadCredential=([\w-]+):", unit)).intersection(NAMES) == set(SECRETS[service])


def _ours(names: Any) -> set[str]:
    known = {f"ONWARD_{name.upper()}_FILE" for name in OF_THE_INSTALLATION}
    return known.intersection(names)


@pytest.mark.parametrize("service", SERVICES)
def test_the_local_stack_gives_each_service_its_own_only(service: str) -> None:
    given = {**ENVIRONMENT, "ONWARD_MASTER_KEY_FILE": "/somewhere", "PATH": "/bin"}
    own = _own(ServiceSpec(service), given)
    held = {name.removesuffix("_FILE") for name in own if name.startswith("ONWARD_")}
    assert held == {f"ONWARD_{name.replace('-', '_').upper()}" for name in SECRETS[service]}
    assert own["PATH"] == "/bin"


def test_what_is_parked_opens_with_no_key_that_a_service_holds() -> None:
    sealed = PARKING[0].seal(b"whoever it is about", b"beside")
    assert MENDING.open(sealed, b"beside") == b"whoever it is about"
    for held in (ID_KEY, *MASTER.held, *REFERENCE.held, PARKING[0].raw[:32], PARKING[0].raw[32:]):
        with pytest.raises(UnsealableError):
            type(MENDING)(held).open(sealed, b"beside")


def test_new_secrets_belong_together_and_no_two_installations_share_one() -> None:
    first, second = made_up(), made_up()
    assert set(first) == set(NAMES)
    assert first["parking-key"] == parking_key_of(first["mending-key"])
    assert not set(first.values()) & set(second.values())
