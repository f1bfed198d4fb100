"""Why referrals end is a closed code: every service that ends any has an answer to each, which the types prove."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from contract.type_checks import copied, unanswered
from onward.contracts.codes import RuleClosureReason
from onward.contracts.decision import Suppressed

ANSWERS = ("onward/routing/domain/actions.py", "onward/tracking/domain/closures.py")
"""Where each service says what a closure reason means to it."""


def test_a_new_reason_passes_no_type_check_until_every_service_has_an_answer(tmp_path: Path) -> None:
    codes = copied(tmp_path) / "contracts" / "codes.py"
    assert unanswered(tmp_path, ANSWERS) == {}
    text, changed = re.subn(
        r"^RuleClosureReason = Literal\[", r'\g<0>"moved_abroad", ', codes.read_text(), flags=re.MULTILINE
    )
    assert changed == 1
    codes.write_text(text)
    found = unanswered(tmp_path, ANSWERS)
    assert sorted(found) == sorted(ANSWERS)
    assert all("assert_never" in problem and "moved_abroad" in problem for problem in found.values())


@pytest.mark.parametrize("reason", get_args(RuleClosureReason))
def test_what_closes_referrals_says_why_and_what_closes_none_does_not(reason: RuleClosureReason) -> None:
    for closes in ("release", "all"):
        assert Suppressed(rule="r", reason="any word", closes=closes, closure_reason=reason).closure_reason == reason
        with pytest.raises(ValidationError, match="what closes referrals has a closure reason"):
            Suppressed(rule="r", reason="deceased", closes=closes)
    with pytest.raises(ValidationError, match="what closes none has none"):
        Suppressed(rule="r", reason="any word", closure_reason=reason)
