"""That one act is on record can be shown without showing any other."""

from typing import Any

import pytest

from onward.audit.proving import check_proof, prove
from onward.contracts.audit import InclusionProof
from onward.releases.signing import RefusedError
from unit.audit.audit_logs import LogMaker, decided, small, trusting

WANTED = decided(101)["id"]


def proof() -> InclusionProof:
    (found,) = prove(small(windows=3, records=3), WANTED)
    return found


def test_a_decision_is_proven_under_the_checkpoint_that_covers_it() -> None:
    found = proof()
    assert (found.entry.id, found.writer, found.checkpoint.number) == (WANTED, "routing.situations.0", 2)
    assert check_proof(InclusionProof.model_validate_json(found.model_dump_json()), trusting())


def test_a_proof_names_no_other_act() -> None:
    text = proof().model_dump_json()
    assert all(decided(other)["id"] not in text for other in (0, 1, 2, 100, 102, 200))


def test_a_proof_of_something_else_does_not_hold() -> None:
    found = proof()
    changes: list[dict[str, Any]] = [
        {"entry": found.entry.model_copy(update={"id": decided(5)["id"]})},
        {"number": found.number + 1},
        {"place": 1},
        {"writer": "people"},
        {"index": found.index + 1},
        {"path": found.path[:-1]},
    ]
    assert not any(check_proof(found.model_copy(update=change), trusting()) for change in changes)


def test_a_proof_under_a_checkpoint_that_nobody_signed_is_refused() -> None:
    found = proof()
    forged = found.checkpoint.model_copy(update={"root": "00" * 32})
    with pytest.raises(RefusedError, match="bad_signature"):
        check_proof(found.model_copy(update={"checkpoint": forged}), trusting())


def test_each_act_of_a_record_has_a_proof_of_its_own() -> None:
    made = LogMaker()
    made.record("tracking.receipts.1", [decided(number) for number in range(5)])
    made.checkpoint()
    for number in range(5):
        (found,) = prove(made.lines, decided(number)["id"])
        assert found.place == number
        assert check_proof(found, trusting())


def test_of_what_is_not_on_record_there_is_no_proof() -> None:
    assert prove(small(), "nobody") == []
