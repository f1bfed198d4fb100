"""What Onward is made of: every dependency audited, under a licence that was looked at; the same wheel each time."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from supply.audited import faults, locked
from supply.licences import ALLOWED, licence

ROOT = Path(__file__).resolve().parents[3]
LOCK = (ROOT / "requirements" / "runtime.txt").read_text()
TWO = "one==1.0 \\\n    --hash=sha256:00\ntwo-more==2.0 \\\n    --hash=sha256:00\n"


def looked_at(name: str, *holes: str) -> dict[str, object]:
    return {"name": name, "version": "1.0", "vulns": [{"id": hole, "fix_versions": ["1.1"]} for hole in holes]}


def test_an_audit_of_everything_that_found_nothing_is_good() -> None:
    assert faults({"dependencies": [looked_at("one"), looked_at("two_more")]}, TWO) == []


def test_an_audit_that_looked_at_nothing_is_no_audit() -> None:
    skipped = [{"name": name, "skip_reason": "not found on the index"} for name in ("one", "two-more")]
    reports: tuple[dict[str, Any], ...] = ({"dependencies": skipped}, {"dependencies": []}, {})
    for report in reports:
        assert "nothing was looked at: this is no audit" in faults(report, TWO)


def test_a_dependency_that_was_passed_over_is_named() -> None:
    assert faults({"dependencies": [looked_at("one")]}, TWO) == ["1 of 2 were not looked at: two-more"]


def test_a_known_hole_is_told_with_what_mends_it() -> None:
    report = {"dependencies": [looked_at("one", "CVE-0000-0000"), looked_at("two-more")]}
    assert faults(report, TWO) == ["one 1.0: CVE-0000-0000, mended in 1.1"]


def test_every_dependency_has_a_licence_that_was_looked_at() -> None:
    installed = {name for name in locked(LOCK) if _is_installed(name)}
    assert len(installed) > 20
    assert {name: licence(name) for name in installed if licence(name) not in ALLOWED} == {}


def _is_installed(name: str) -> bool:
    """Of some there is nothing on this system."""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


@pytest.mark.nightly
def test_the_same_source_gives_the_same_wheel_byte_for_byte(tmp_path: Path) -> None:
    digests: set[str] = set()
    for number, when in enumerate((1_600_000_000, 1_700_000_000)):
        copy = tmp_path / f"copy-{number}"
        copy.mkdir()
        for name in ("services", "schemas", "docs"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, copy)
        for path in copy.rglob("*"):
            os.utime(path, (when, when))
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / str(number))]
        subprocess.run(build, cwd=copy, check=True, capture_output=True)
        (wheel,) = (tmp_path / str(number)).glob("*.whl")
        digests.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert len(digests) == 1
