"""Every service has the same shape, so that whoever knows one knows them all."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "services" / "onward"
NOT_SERVICES = {"contracts", "chassis", "local", "workbench", "cli"}
SERVICES = sorted(
    path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists() and path.name not in NOT_SERVICES
)
WRITTEN = [
    path
    for folder in ("services", "tests", "schemas", "docs", "deploy")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".sql", ".json", ""}
    if "__pycache__" not in path.parts
]


def test_there_are_services() -> None:
    assert {"intake", "people", "routing", "tracking", "dispatch"} <= set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_every_room_of_the_house(service: str) -> None:
    folder = PACKAGE / service
    for file in ("__init__.py", "__main__.py", "app.py", "handlers.py", "settings.py"):
        assert (folder / file).exists(), f"{service} has no {file}"
    assert (folder / "domain.py").exists() or (folder / "domain" / "__init__.py").exists(), f"{service} has no domain"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_consumes_publishes_and_owns(service: str) -> None:
    text = (PACKAGE / service / "__init__.py").read_text()
    for word in ("Consumes", "Publishes", "Owns", "Never"):
        assert word.lower() in text.lower(), f"onward.{service} does not say what it {word.lower()}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_row_in_the_table_of_services(service: str) -> None:
    assert f"| `{service}` |" in (ROOT / "services" / "README.md").read_text()


def test_nothing_is_left_for_someone_else() -> None:
    unfinished = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in WRITTEN
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if unfinished.search(line)
    ]
    assert found == []


def test_no_file_of_the_product_does_more_than_one_thing_can() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}
