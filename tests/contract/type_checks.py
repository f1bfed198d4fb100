"""What mypy says of a copy of the product in which something was planted."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "services"
CONFIGURATION = "[mypy]\nstrict = True\nplugins = pydantic.mypy\nfollow_imports = silent\n"


def copied(folder: Path) -> Path:
    """A copy of the package, in *folder*."""
    shutil.copytree(SERVICES / "onward", folder / "onward", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "onward"


def unanswered(folder: Path, files: Sequence[str]) -> dict[str, str]:
    """The last that mypy finds wrong in each of *files* of the copy in *folder*."""
    (folder / "mypy.ini").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", "cache", *files]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = (line.partition(":") for line in checked.stdout.splitlines() if ": error: " in line)
    assert checked.returncode in (0, 1), checked.stderr
    return {file: text for file, _, text in found}
