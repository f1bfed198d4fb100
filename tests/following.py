"""A page of the documentation, followed to the letter in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installation_keys import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
_FOLDERS = ("services", "schemas", "docs", "deploy", "tests")
_FILES = ("pyproject.toml", "Makefile", "README.md")
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<where>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ENVIRONMENT = {
    "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "ONWARD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    **ENVIRONMENT,
}


@dataclass(frozen=True)
class Block:
    """A block of a page, with what it is to be done with."""

    kind: str
    """The language: `diff` for a change to a file that is there, `sh` for commands, else a file's content."""
    path: str
    """The file that it is, or changes; empty for one that only shows something."""
    text: str


def blocks(page: str) -> Iterator[Block]:
    """Every block of *page* (a path below the project's root), in its order."""
    for found in _BLOCK.finditer((ROOT / page).read_text()):
        yield Block(found["kind"], (found["where"] or "").removeprefix("file="), found["text"])


class Copy:
    """A copy of the project, without what is generated when it runs; its `.venv` is this process's own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in _FILES:
            shutil.copy2(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(sys.prefix)

    def follow(self, page: str) -> list[str]:
        """
        Write every file of *page* and make every change that it shows; returns the new files, in the page's order.

        A new file must be new, and what a change takes away must stand there exactly once: a page that has grown old
        fails here. Its commands are left to the caller.
        """
        made: list[str] = []
        for block in blocks(page):
            if block.path and block.kind == "diff":
                self._change(block)
            elif block.path:
                path = self.root / block.path
                assert not path.exists(), f"{page}: {block.path} is not new"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text)
                made.append(block.path)
        return made

    def _change(self, block: Block) -> None:
        path, lines = self.root / block.path, block.text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        text = path.read_text()
        places = [found.start() for found in re.finditer(rf"^{re.escape(before)}", text, re.MULTILINE)]
        assert len(places) == 1, f"{block.path} has {len(places)} places like this one:\n{before}"
        path.write_text(text[: places[0]] + after + text[places[0] + len(before) :])

    def run(self, *command: str, environment: Mapping[str, str] | None = None) -> str:
        """What *command* prints, run in the copy; fails with all of it if the command does."""
        done = self.tried(*command, environment=environment)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def tried(self, *command: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """As `run`, whatever comes of it."""
        program, *arguments = command
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "PYTEST_"))}
        variables |= _ENVIRONMENT | {
            "PYTHONPATH": str(self.root / "services"),
            **(environment or {}),
        }
        return subprocess.run(
            [self._program(program), *arguments],
            cwd=self.root,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    @staticmethod
    def _program(name: str) -> str:
        beside = Path(sys.executable).parent / name
        return str(beside) if beside.exists() else name

    def make(self, *targets: str) -> str:
        """`make`, with the environment as it is: nothing is installed."""
        return self.run("make", "INSTALLED=", *targets)

    def onward(self, *arguments: str) -> str:
        """`onward` of the copy."""
        return self.run("python", "-m", "onward.cli", *arguments)

    def test(self, *arguments: str) -> str:
        """Tests of the copy, in the copy."""
        which = ("-m", "not bench and not nightly")
        return self.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *which, *arguments)

    def typed(self, files: Sequence[str]) -> None:
        """Both type checkers on *files*, and the linter and the formatter."""
        for command in (
            ("ruff", "format", "--check"),
            ("ruff", "check", "--no-cache"),
            ("mypy", f"--cache-dir={self._warm_cache()}"),
            ("pyright",),
        ):
            self.run(*command, *files)

    def _warm_cache(self) -> Path:
        """What mypy knows of the project already: it looks at each file's content, and anew only at what differs."""
        cache = self.root / ".mypy_cache"
        if not cache.exists() and (ROOT / ".mypy_cache").exists():
            shutil.copytree(ROOT / ".mypy_cache", cache)
        return cache
