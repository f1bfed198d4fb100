"""Generated files: written by their generator, or checked against what it would write."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onward.contracts import paths


def json_text(document: Mapping[str, Any]) -> str:
    """*document* as every generated JSON file has it: the same text for the same content."""
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@dataclass(frozen=True, slots=True)
class Generated:
    """The files that one generator owns."""

    folder: Path
    files: Mapping[str, str]
    """Content by file name."""
    pattern: str
    """Which files in the folder are the generator's own: one that it no longer makes is removed."""

    def stale(self) -> list[Path]:
        """The files that are missing, differ, or are not made any more."""
        differing = [self.folder / name for name, text in self.files.items() if _read(self.folder / name) != text]
        return differing + self._orphans()

    def write(self) -> None:
        """Write every file and remove those that are not made any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self._orphans():
            path.unlink()
        for name, text in self.files.items():
            (self.folder / name).write_text(text)

    def _orphans(self) -> list[Path]:
        return [path for path in sorted(self.folder.glob(self.pattern)) if path.name not in self.files]


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def main(module: str, made: Generated, arguments: Sequence[str] | None = None) -> int:
    """Write, or with `--check` name what is out of date and exit with 1: the command line of every generator."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description="Writes generated files.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")
    if not parser.parse_args(arguments).check:
        made.write()
        return 0
    stale = made.stale()
    for path in stale:
        sys.stderr.write(f"{os.path.relpath(path, paths.schemas())} is out of date; run `make schemas`\n")
    return 1 if stale else 0
