"""Why referrals end is a closed code: every service that ends any has an answer to each, which the types prove."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from onward.contracts.codes import ClosureReason
from onward.contracts.decision import Suppressed

SERVICES = Path(__file__).resolve().parents[2] / "services"
ANSWERS = ("onward/routing/domain/actions.py", "onward/tracking/domain/closing.py")
"""Where each service says what a closure reason means to it."""
CONFIGURATION = "[mypy]\nstrict = True\nplugins = pydantic.mypy\nfollow_imports = silent\n"


def unanswered(folder: Path) -> dict[str, str]:
    """What mypy finds in the answers of a copy, by file."""
    (folder / "mypy.ini").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", "cache", *ANSWERS]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = (line.partition(":") for line in checked.stdout.splitlines() if ": error: " in line)
    assert checked.returncode in (0, 1), checked.stderr
    return {file: text for file, _, text in found}


def test_a_new_reason_passes_no_type_check_until_every_service_has_an_answer(tmp_path: Path) -> None:
    shutil.copytree(SERVICES / "onward", tmp_path / "onward", ignore=shutil.ignore_patterns("__pycache__"))
    assert unanswered(tmp_path) == {}
    codes = tmp_path / "onward" / "contracts" / "codes.py"
    text, changed = re.subn(
        r"^ClosureReason = Literal\[", r'\g<0>"moved_abroad", ', codes.read_text(), flags=re.MULTILINE
    )
    assert changed == 1
    codes.write_text(text)
    found = unanswered(tmp_path)
    assert sorted(found) == sorted(ANSWERS)
    assert all("assert_never" in problem and "moved_abroad" in problem for problem in found.values())


@pytest.mark.parametrize("reason", get_args(ClosureReason))
def test_what_closes_referrals_says_why_and_what_closes_none_does_not(reason: ClosureReason) -> None:
    for closes in ("release", "all"):
        assert Suppressed(rule="r", reason="any word", closes=closes, closure_reason=reason).closure_reason == reason
        with pytest.raises(ValidationError, match="what closes referrals has a closure reason"):
            Suppressed(rule="r", reason="deceased", closes=closes)
    with pytest.raises(ValidationError, match="what closes none has none"):
        Suppressed(rule="r", reason="any word", closure_reason=reason)
