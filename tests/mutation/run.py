"""
Mutation testing of the rule engine and its loader: every small change to their code must make a fast test fail.

`make mutation` runs it. mutmut (kept by others) changes the code and runs the tests; this file gives it a copy of the
tree in the layout it knows, and says what came of it: a table by module, and the change of every mutant that survived
and that `argued.toml` does not argue. Any such survivor makes the exit code 1.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutmut.mutation.diff_apply import get_diff_for_mutant

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = {
    **{
        name: f"onward/routing/domain/{name}.py"
        for name in (
            # The engine.
            *(
                "kleene",
                "index",
                "bits",
                "tables",
                "negation",
                "derived",
                "derived_housing",
                "offices",
                "decide",
                "judgement",
                "explained",
            ),
            *("suppressing", "asking", "explaining", "waiting"),
            *("destinations", "eligibility", "recipient_consent"),
            # The loader.
            *("loader", "shared", "rule_reader", "conditions", "values", "shape", "actions", "policy"),
            *("bases", "examples", "completeness", "overlays", "diagnostics", "slips"),
            *("surroundings", "rule_tests", "language"),
        )
    },
    "spelling": "onward/diagnostics/spelling.py",
    "yaml_tree": "onward/diagnostics/yaml_tree.py",
}
TESTS = (
    "tests/unit/diagnostics/test_yaml_tree.py",
    *(
        f"tests/unit/routing/test_{name}.py"
        for name in (
            *("area_overlays", "author_slips", "choosing_providers", "deciding", "derived_distance", "derived_facts"),
            *("derived_housing", "goals_and_hit_policy", "index_oracle", "negation", "prerequisites"),
            *(
                "rule_completeness",
                "rule_examples",
                "rule_files",
                "suggesting_words",
                "three_valued_logic",
                "yaml_traps",
            ),
        )
    ),
)
"""Tests of the engine and the loader themselves; files `test_engine_*.py` and `test_loader_*.py` come beside."""
CONFIGURATION = """
[tool.pytest.ini_options]
pythonpath = ["src", "tests"]
addopts = "--import-mode=importlib {without}"
markers = ["bench", "nightly"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
also_copy = ["schemas", "docs", "tests"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-m", "not nightly", "-k", "not project_s_own_rules and not of_the_pack"]
timeout_multiplier = 6.0
use_git_change_detection = false
"""
FASTEST_FIRST = """
from mutmut.state import state


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: state().duration_by_test.get(item.nodeid, 0))
"""
"""Most mutants fall to a test of a millisecond; only what outlives those meets the ones of a second."""
UNUSED = ("cacheprovider", "unraisableexception", "threadexception", "asyncio", "timeout", "faulthandler", "doctest")
"""Plugins that cost a tenth of a second for each mutant and are of no use to these tests."""
KILLED = {"killed", "timeout", "segfault"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the code, and what became of it."""

    module: str
    name: str
    fate: str


def main() -> int:
    """Run it; the exit code is 1 when anything survived that is not argued."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; all by default")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1, help="mutants tested at once")
    asked = parser.parse_args()
    modules = asked.modules or list(MODULES)
    if unknown := set(modules) - MODULES.keys():
        parser.error(f"no module {', '.join(sorted(unknown))}")
    if gone := [file for file in MODULES.values() if not (ROOT / "services" / file).exists()]:
        parser.error(f"{', '.join(gone)} is no file any more; mend MODULES")
    with tempfile.TemporaryDirectory(prefix="onward-mutation-") as name:
        folder = Path(name)
        _copy(folder, modules)
        _mutmut(folder, "run", "--max-children", str(asked.children))
        mutants = _results(folder, modules)
        with contextlib.chdir(folder):
            changes = {mutant: get_diff_for_mutant(mutant.name) for mutant in mutants if mutant.fate not in KILLED}
    return _report(mutants, changes)


def _copy(folder: Path, modules: Sequence[str]) -> None:
    """The tree as mutmut knows trees: the package in `src/`."""
    bytecode = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "services", folder / "src", ignore=bytecode)
    for part in ("schemas", "docs"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "tests" / "unit", folder / "tests" / "unit", ignore=bytecode)
    (folder / "tests" / "conftest.py").write_text(FASTEST_FIRST)
    beside = ROOT / "tests" / "unit" / "routing"
    more = [path for kind in ("engine", "loader") for path in sorted(beside.glob(f"test_{kind}_*.py"))]
    text = CONFIGURATION.format(
        without=" ".join(f"-p no:{plugin}" for plugin in UNUSED),
        modules=[f"src/{MODULES[name]}" for name in modules],
        tests=[*TESTS, *(path.relative_to(ROOT).as_posix() for path in more)],
    )
    (folder / "pyproject.toml").write_text(text)


def _mutmut(folder: Path, *arguments: str) -> str:
    """The output of one command; a failure of mutmut itself ends the run."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    environment = {**os.environ, "ONWARD_SCHEMAS": str(folder / "schemas"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        sys.exit(f"mutmut {arguments[0]} failed:\n{done.stdout[-4000:]}")
    return done.stdout


def _results(folder: Path, modules: Sequence[str]) -> list[Mutant]:
    by_prefix = {MODULES[name].removesuffix(".py").replace("/", "."): name for name in modules}
    found: list[Mutant] = []
    for line in _mutmut(folder, "results", "--all", "true").splitlines():
        mutant, _, fate = line.strip().partition(": ")
        prefix = next((each for each in by_prefix if mutant.startswith(f"{each}.")), None)
        if prefix is not None:
            found.append(Mutant(by_prefix[prefix], mutant, fate))
    return found


def _report(mutants: Sequence[Mutant], changes: Mapping[Mutant, str]) -> int:
    arguments = tomllib.loads((HERE / "argued.toml").read_text())["argued"]
    argued = {mutant for mutant, change in changes.items() if _is_argued(mutant, change, arguments)}
    for mutant in sorted(changes.keys() - argued, key=lambda each: each.name):
        _say(f"\n--- {mutant.name}: {mutant.fate}\n{_shown(changes[mutant])}")
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mutant in mutants:
        end = "killed" if mutant.fate in KILLED else "argued" if mutant in argued else "survived"
        for line in (mutant.module, "in all"):
            table[line].update(["mutants", end])
    _say(f"\n{'module':16} {'mutants':>8} {'killed':>8} {'argued':>8} {'survived':>8}  killed of those not argued")
    for name in (*sorted(table.keys() - {"in all"}), "in all"):
        row = table[name]
        figures = " ".join(f"{row[column]:8}" for column in ("mutants", "killed", "argued", "survived"))
        _say(f"{name:16} {figures}  {100 * row['killed'] / max(1, row['mutants'] - row['argued']):.1f} %")
    return 1 if table["in all"]["survived"] else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _shown(change: str) -> str:
    """The lines that changed, without the heads of the difference."""
    return "\n".join(line for line in change.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def _is_argued(mutant: Mutant, change: str, arguments: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the function is argued with the line as it became, or as it was where nothing came in its place."""
    shown = _shown(change).splitlines()
    lines = [line[1:].strip() for line in shown if line.startswith("+")] or [line[1:].strip() for line in shown]
    return any(
        _fits(_function(mutant), function) and any(_fits(line, pattern) for line in lines for pattern in each["lines"])
        for each in arguments
        for function in each["functions"]
    )


def _fits(text: str, pattern: str) -> bool:
    """Whether *text* is *pattern*, in which `*` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def _function(mutant: Mutant) -> str:
    """`index.Index.match`, from mutmut's mangled name."""
    mangled = mutant.name.rpartition("__mutmut_")[0].rpartition(".")[2]
    return f"{mutant.module}.{mangled.removeprefix('xǁ').removeprefix('x_').replace('ǁ', '.')}"


if __name__ == "__main__":
    sys.exit(main())
