"""Of a million records, nothing can be changed, taken away, put in or moved unseen: a sample of each, and a proof."""

import random

import pytest

from onward.audit.proving import check_proof, prove
from onward.audit.verifying import verify
from unit.audit.audit_logs import LogMaker, decided, trusting

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1800)]

WINDOWS, RECORDS, SAMPLES = 200, 5_000, 60
WRITERS = [f"routing.situations.{number}" for number in range(4)]
TRUSTED = trusting()


@pytest.fixture(scope="module")
def log() -> list[bytes]:
    """A million records of four writers, under 200 checkpoints."""
    made = LogMaker()
    for window in range(WINDOWS):
        for number in range(RECORDS):
            made.record(WRITERS[number % len(WRITERS)], [decided(window * RECORDS + number)])
        made.checkpoint()
    return made.lines


def around(log: list[bytes], line: int) -> tuple[list[bytes], int, int]:
    """The log from the checkpoint before *line* to the second one after it, that checkpoint's number, and the place."""
    window = line // (RECORDS + 1)
    first = max(0, window * (RECORDS + 1) - 1)
    return log[first : first + 2 * (RECORDS + 1) + 1], window, line - first


def test_a_log_of_a_million_records_is_found_whole(log: list[bytes]) -> None:
    assert sum(b'"signature":' not in line for line in log) == 1_000_000
    assert verify(log, TRUSTED) == []


def test_whatever_is_changed_taken_away_put_in_or_moved_is_found(log: list[bytes]) -> None:
    chance = random.Random(20260302)
    for _ in range(SAMPLES):
        lines, after, place = around(log, chance.randrange(len(log) - RECORDS))
        assert verify(lines, TRUSTED, after=after) == []
        changed = bytearray(lines[place])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        other = chance.choice([at for at in range(max(1, place - 50), place + 50) if at != place])
        moved = list(lines)
        moved[place], moved[other] = moved[other], moved[place]
        for tampered in (
            [*lines[:place], *bytes(changed).splitlines(keepends=True), *lines[place + 1 :]],
            [*lines[:place], *lines[place + 1 :]],
            [*lines[:place], chance.choice(log), *lines[place:]],
            moved,
        ):
            assert verify(tampered, TRUSTED, after=after), place


def test_one_decision_of_a_million_is_proven(log: list[bytes]) -> None:
    (proof,) = prove(log, decided(777_777)["id"])
    assert check_proof(proof, TRUSTED)
    assert len(proof.path) <= 13
