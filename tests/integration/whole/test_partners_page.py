"""What the page for partners tells a newcomer to type works, and shows what the page says it shows."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.whole.whole_system import System

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "partners" / "README.md").read_text()


def block(language: str, holding: str) -> str:
    """The one block of *language* on the page that holds this text."""
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if holding in text]
    return str(found)


@pytest.mark.parametrize("by_file", [True, False])
def test_the_first_referral_comes_as_the_page_says(whole: System, tmp_path: Path, by_file: bool) -> None:
    (command,) = [line for line in block("sh", "first_referral").splitlines() if "first_referral" in line]
    python, script, file = command.split()
    assert python == ".venv/bin/python"
    addresses = tmp_path / file
    addresses.write_text(json.dumps({"kafka": whole.bootstrap}))
    where = str(addresses) if by_file else whole.bootstrap
    done = subprocess.run(
        [sys.executable, ROOT / script, where], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.stderr == ""
    assert done.stdout == block("text", "in.custody")
    assert done.returncode == 0


def test_without_an_address_it_says_what_it_wants() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs/partners/first_referral.py"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "HOST:PORT" in done.stderr
