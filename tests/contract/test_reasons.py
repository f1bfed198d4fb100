"""What a service's outcomes are counted under is declared, all of it and nothing else: read from its own sources."""

import ast
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from onward.chassis.observability.metrics import PARKED_REASONS
from onward.contracts.outcome import Reasons
from onward.contracts.services import SERVICES

PACKAGE = Path(__file__).resolve().parents[2] / "services" / "onward"
NAMES_A_REASON = {"Parked": "parked", "parked": "parked", "Ignored": "ignored"}


@cache
def sources(service: str) -> Sequence[ast.Module]:
    paths = sorted(path for path in (PACKAGE / service).rglob("*.py") if path.name != "reasons.py")
    return [ast.parse(path.read_text()) for path in paths]


def texts(node: ast.AST | None) -> set[str]:
    found = ast.walk(node) if node is not None else ()
    return {each.value for each in found if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def chosen(value: ast.expr) -> set[str]:
    """What *value* is, where it is a text, or one of two by a condition."""
    if isinstance(value, ast.IfExp):
        return chosen(value.body) | chosen(value.orelse)
    return texts(value) - {""} if isinstance(value, ast.Constant) else set()


def given(modules: Sequence[ast.Module], argument: ast.expr) -> set[str]:
    """The texts that *argument* can be: its own, or those that a variable of that name is set to anywhere."""
    if not isinstance(argument, ast.Name):
        return chosen(argument)
    found: set[str] = set()
    for node in (each for module in modules for each in ast.walk(module)):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if argument.id in {getattr(target, "id", "") for target in targets} and (value := getattr(node, "value", None)):
            found |= chosen(value)
    return found


@cache
def used(service: str) -> frozenset[tuple[str, str]]:
    """Every outcome that the service's sources name, with its reason."""
    found: set[tuple[str, str]] = set()
    modules = sources(service)
    for module in modules:
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in NAMES_A_REASON and node.args:
                    found |= {(NAMES_A_REASON[name], reason) for reason in given(modules, node.args[0])}
                results = [each.value for each in node.keywords if each.arg == "result"]
                found |= {
                    ("published", reason)
                    for each in results
                    if isinstance(each, ast.Constant)
                    for reason in texts(each)
                }
            if isinstance(node, ast.FunctionDef) and node.name.endswith("result_of"):
                returns = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
                found |= {("published", text) for each in returns for text in texts(each)}
    return frozenset(found)


def first_that_happened(service: str) -> set[str]:
    """Results of a step, of which some are published and some ignored: the names by which `_result` is called."""
    calls = [node for module in sources(service) for node in ast.walk(module) if isinstance(node, ast.Call)]
    return {
        each.arg for call in calls if getattr(call.func, "id", "") == "_result" for each in call.keywords if each.arg
    }


def declared(service: str) -> Reasons:
    reasons = import_module(f"onward.{service}.reasons").REASONS
    assert isinstance(reasons, Reasons)
    return reasons


@pytest.mark.parametrize("service", SERVICES)
def test_every_reason_that_a_service_gives_is_declared(service: str) -> None:
    reasons = declared(service)
    known = {("parked", reason) for reason in (*PARKED_REASONS, *reasons.parked)}
    known |= {("ignored", reason) for reason in reasons.ignored}
    known |= {("published", reason) for reason in reasons.published}
    assert used(service) - known == set()
    assert first_that_happened(service) <= {*reasons.published, *reasons.ignored}
    assert used(service)


@pytest.mark.parametrize("service", SERVICES)
def test_no_reason_is_declared_that_a_service_never_gives(service: str) -> None:
    reasons = declared(service)
    words = {text for module in sources(service) for text in texts(module)}
    names = {each.arg for module in sources(service) for each in ast.walk(module) if isinstance(each, ast.keyword)}
    said = {*reasons.published, *reasons.ignored, *reasons.parked} - {"published"}
    assert {reason for reason in said if reason.removeprefix("refused_") not in words | names} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_reason_is_declared_once(service: str) -> None:
    reasons = declared(service)
    for each in (reasons.published, reasons.ignored, (*PARKED_REASONS, *reasons.parked)):
        assert len(each) == len(set(each))


def test_a_planted_reason_is_found() -> None:
    module = ast.parse("why = 'a' if x else 'b'\nParked(why)")
    call = module.body[1]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert given([module], call.value.args[0]) == {"a", "b"}
