"""Every service has the same shape, so that whoever knows one knows them all."""

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from onward.chassis.settings import Settings
from onward.contracts import topics
from onward.contracts.services import SERVICES, STATEFUL_SERVICES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "services" / "onward"
TABLE = (ROOT / "services" / "README.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
WRITTEN = [
    path
    for folder in ("services", "tests", "schemas", "docs", "deploy")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".sql", ".json", ""}
    if "__pycache__" not in path.parts
]


def test_every_folder_that_is_run_as_a_service_is_in_the_one_list_and_the_list_names_no_other() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/app.py")}
    assert {"intake", "people", "routing", "tracking", "dispatch"} <= folders
    assert folders == set(SERVICES), "contracts/services.py is the list"
    assert len(set(SERVICES)) == len(SERVICES)
    assert set(SERVICES) >= STATEFUL_SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_every_room_of_the_house(service: str) -> None:
    folder = PACKAGE / service
    for file in ("__init__.py", "__main__.py", "app.py", "handlers.py", "reasons.py"):
        assert (folder / file).exists(), f"{service} has no {file}"
    assert (folder / "domain.py").exists() or (folder / "domain" / "__init__.py").exists(), f"{service} has no domain"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_handles_records_with_plain_functions(service: str) -> None:
    defined = ast.parse((PACKAGE / service / "handlers.py").read_text()).body
    handlers = [each.name for each in defined if isinstance(each, ast.FunctionDef) and each.name.startswith("handle_")]
    assert handlers, f"{service}/handlers.py has no function `handle_…`"
    assert not any(isinstance(each, ast.ClassDef) for each in defined), "what a handler needs is bound in app.py"


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_has_a_file_only_because_others_have_it(service: str) -> None:
    settings = PACKAGE / service / "settings.py"
    if settings.exists():
        own = import_module(f"onward.{service}.settings").Settings
        assert set(own.model_fields) > set(Settings.model_fields), f"{settings} sets nothing: use the chassis' Settings"
    assert not (PACKAGE / service / "ports.py").exists(), "a store is the chassis' `Store`; it needs no other protocol"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_consumes_publishes_and_owns(service: str) -> None:
    text = (PACKAGE / service / "__init__.py").read_text()
    for word in ("Consumes", "Publishes", "Owns", "Never"):
        assert word.lower() in text.lower(), f"onward.{service} does not say what it {word.lower()}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_page_for_people_that_names_every_reason_it_counts_under(service: str) -> None:
    page = PACKAGE / service / "README.md"
    assert page.exists(), f"{service} has no README.md: what it is for, what it reads, decides and publishes"
    written = re.findall(r"^\| (published|ignored|parked) \| `([a-z0-9_]+)` \| \w", page.read_text(), re.MULTILINE)
    reasons = import_module(f"onward.{service}.reasons").REASONS
    counted = [(kind, reason) for kind in ("published", "ignored", "parked") for reason in getattr(reasons, kind)]
    assert sorted(written) == sorted(counted), f"services/onward/{service}/README.md and its reasons.py"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_row_in_the_table_of_services(service: str) -> None:
    assert f"| `{service}` |" in (ROOT / "services" / "README.md").read_text()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_topics_that_say_so_and_says_itself_what_it_reads_and_writes(service: str) -> None:
    files = topics.files()
    reads = {name for name, file in files.items() if service in file.consumers}
    writes = {name for name, file in files.items() if service in file.producers}
    assert reads, f"no file of schemas/topics/ has {service} among its consumers"
    (row,) = [line for line in TABLE.splitlines() if line.startswith(f"| `{service}` |")]
    _, _, consumes, _, publishes, *_ = (cell.strip() for cell in row.split("|"))
    named = {text: set(re.findall(r"`([^`]+)`", text)) for text in (consumes, publishes)}
    assert named[consumes] == {_as_told(name) for name in reads}, "services/README.md, Consumes"
    assert named[publishes] == {_as_told(name) for name in writes}, "services/README.md, Publishes"


def _as_told(topic: str) -> str:
    """As the table of services writes it: a family, and the topics of all partners, by one name."""
    return "in.<source>" if topic.startswith("in.") else topic.replace("{", "<").replace("}", ">")


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_runs_the_deployment_finds_a_service_on_the_page_for_operators(service: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert f"| `{service}` |" in page, f"docs/operations.md has no row for `{service}` under What runs"


def test_the_import_contracts_name_the_services_of_the_one_list() -> None:
    contracts = {each["name"]: each for each in CONTRACTS}
    layers = next(each["layers"] for each in CONTRACTS if each["type"] == "layers")
    side_by_side = [layer for layer in layers if set(layer.split(" | ")) & set(SERVICES)]
    assert side_by_side == [" | ".join(SERVICES)], "the layer of services in pyproject.toml is contracts/services.py"
    image = contracts["what runs in an image needs none of the extras `local` and `authors`"]["source_modules"]
    assert {f"onward.{service}" for service in SERVICES} <= set(image)


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
