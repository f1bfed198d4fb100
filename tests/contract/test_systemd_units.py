"""The units start every service as nobody, hand secrets over as files, and are closed as far as systemd can."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from contract.deployed import DEPLOY
from onward.contracts.services import SERVICES
from onward.deployment.kubernetes import DATABASE_SERVICES

UNITS = DEPLOY / "systemd"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="systemd-analyze is not on this machine: units are unchecked"
)
HARDENED = ("onward@.service", "onward-prepare.service", "onward-audit-checkpoint.service")
_PATHS = {"ONWARD_RULE_KEYS", "ONWARD_MY_RULE_KEY"}
"""Variables that name a file."""
_MOST_EXPOSED = 2.0
"""Of 10, by `systemd-analyze security`."""


def settings(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^([A-Za-z]+)=(.*)$", (UNITS / unit).read_text(), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def test_the_target_starts_every_service() -> None:
    assert settings("onward.target")["Wants"] == [f"onward@{name}.service" for name in SERVICES]


@pytest.mark.parametrize("unit", HARDENED)
def test_secrets_are_handed_over_as_files_and_never_in_the_environment(unit: str) -> None:
    given = " ".join(settings(unit)["Environment"])
    named = set(re.findall(r"ONWARD_\w+=%d/([a-z-]+)", given))
    loaded = {each.partition(":")[0] for each in settings(unit)["LoadCredential"]}
    assert loaded == named
    for variable in re.findall(r"(ONWARD_\w+)=", given):
        assert variable.endswith("_FILE") or variable in {"ONWARD_KAFKA_SASL_USERNAME", *_PATHS}


@pytest.mark.parametrize("unit", HARDENED)
def test_a_unit_is_nobody_and_may_write_nowhere(unit: str) -> None:
    hardened = settings(unit)
    assert hardened["DynamicUser"] == ["yes"]
    assert hardened["ProtectSystem"] == ["strict"]
    assert hardened["CapabilityBoundingSet"] == [""]
    assert hardened["NoNewPrivileges"] == ["yes"]
    assert hardened["UMask"] == ["0077"]
    assert "ReadWritePaths" not in hardened


def test_a_service_that_has_a_role_in_the_database_is_given_its_address_and_no_other() -> None:
    given = {path.parent.name for path in UNITS.glob("*/database.conf")}
    assert given == {f"onward@{name}.service.d" for name in DATABASE_SERVICES}
    (text,) = {path.read_text() for path in UNITS.glob("*/database.conf")}
    assert "LoadCredential=database-url:/etc/onward/credentials/%i/database-url" in text


def _installed(folder: Path) -> Path:
    """The units as they are installed, with a program in the place of ours: it looks whether there is one."""
    for path in UNITS.glob("*.*"):
        if path.is_dir():
            continue
        (folder / path.name).write_text(path.read_text().replace("/opt/onward/bin/onward", "/bin/true"))
    return folder


@needs_systemd
@pytest.mark.parametrize(
    "unit",
    [
        "onward@intake.service",
        "onward-prepare.service",
        "onward.target",
        "onward-audit-checkpoint.service",
        "onward-audit-checkpoint.timer",
    ],
)
def test_systemd_takes_the_unit(unit: str, tmp_path: Path) -> None:
    assert ANALYZE is not None
    folder = _installed(tmp_path)
    template = folder / "onward@.service"
    for name in SERVICES:
        (folder / f"onward@{name}.service").write_text(template.read_text())
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(folder / unit)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "onward" in line and "Failed to open /" not in line]
    assert said == [], said
    assert done.returncode == 0, done.stderr


@needs_systemd
@pytest.mark.parametrize("unit", HARDENED)
def test_what_is_left_open_is_little(unit: str, tmp_path: Path) -> None:
    assert ANALYZE is not None
    folder = _installed(tmp_path)
    asked = folder / unit.replace("@.", "@intake.")
    asked.write_text((folder / unit).read_text())
    command = [ANALYZE, "security", "--offline=yes", f"--threshold={int(_MOST_EXPOSED * 10)}", str(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Overall exposure level" in done.stdout, done.stderr
    (level,) = re.findall(r"Overall exposure level[^:]*: ([0-9.]+)", done.stdout)
    assert float(level) <= _MOST_EXPOSED, done.stdout
