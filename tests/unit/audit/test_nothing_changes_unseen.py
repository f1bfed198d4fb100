"""Nothing of an exported audit log can be changed, taken away, put in or moved without being found."""

from datetime import timedelta
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onward.audit import chain
from onward.audit.verifying import verify
from unit.audit.audit_logs import KEY, NOON, LogMaker, checkpoints, decided, small, trusting

TRUSTED = trusting()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(reversed(range(32))))


def faults(lines: list[bytes], *, after: int = 0, known: str | None = None) -> set[str]:
    return {found.fault for found in verify(lines, TRUSTED, after=after, known=known)}


def test_a_log_that_nobody_touched_is_found_whole() -> None:
    assert verify(small(windows=3), TRUSTED) == []


def test_every_bit_that_is_changed_is_found() -> None:
    whole = b"".join(small(windows=1, records=1))
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert verify(bytes(changed).splitlines(keepends=True), TRUSTED), f"bit {bit} of byte {place}"


@pytest.mark.nightly
def test_every_bit_that_is_changed_is_found_in_a_log_of_several_checkpoints() -> None:
    whole = b"".join(small(windows=3, records=2))
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert verify(bytes(changed).splitlines(keepends=True), TRUSTED), f"bit {bit} of byte {place}"


def test_every_line_and_every_byte_that_is_taken_away_is_found() -> None:
    lines = small(windows=3)
    for place in range(len(lines)):
        assert verify([*lines[:place], *lines[place + 1 :]], TRUSTED), f"line {place}"
    whole = b"".join(small(windows=1, records=1))
    for at in range(len(whole)):
        assert verify((whole[:at] + whole[at + 1 :]).splitlines(keepends=True), TRUSTED), f"byte {at}"


def test_every_line_that_is_put_in_anywhere_is_found() -> None:
    lines = small(windows=2)
    strangers = LogMaker(OTHER)
    strangers.record("people", [decided(7)])
    strangers.checkpoint()
    for place in range(len(lines) + 1):
        for line in [*lines, *strangers.lines, b"\n", b"{}\n"]:
            assert verify([*lines[:place], line, *lines[place:]], TRUSTED), f"at {place}"


def test_every_other_order_is_found() -> None:
    lines = small(windows=2, records=1)
    assert all(verify(list(order), TRUSTED) for order in permutations(lines) if list(order) != lines)


def test_a_log_that_ends_too_early_is_found_by_whoever_noted_a_checkpoint() -> None:
    lines = small(windows=3)
    noted = chain.digest(lines[-1][:-1])
    assert faults(lines, known=noted) == set()
    assert faults(lines[:5], known=noted) == {"cut_short"}
    assert faults([]) == {"cut_short"}


def test_a_record_behind_the_last_checkpoint_is_not_proven() -> None:
    assert faults([*small(windows=2)[:5], *small(windows=2)[5:7]]) == {"uncovered"}


def test_a_record_with_a_rewritten_past_is_found_before_any_checkpoint() -> None:
    lines, other = small(windows=1, records=3), LogMaker()
    other.record("routing.situations.0", [decided(99)])
    assert "chain" in faults([other.lines[0], *lines[1:]])


def test_only_an_auditor_signs_checkpoints() -> None:
    lines = small(windows=1)
    assert {each.fault for each in verify(lines, trusting(role="author"))} == {"signature"}
    assert {each.fault for each in verify(lines, trusting(OTHER))} == {"signature"}


def test_a_key_that_was_given_up_signs_no_more_and_what_it_signed_before_still_counts() -> None:
    lines = small(windows=1)
    assert verify(lines, trusting(KEY, until=NOON + timedelta(hours=1))) == []
    assert {each.fault for each in verify(lines, trusting(KEY, until=NOON))} == {"signature"}


def test_a_later_part_of_a_log_is_checked_from_the_checkpoint_that_it_begins_with() -> None:
    lines = small(windows=3)
    later = lines[4:]
    assert faults(later, after=1) == set()
    assert "checkpoint" in faults(later, after=2)
    assert "checkpoint" in faults(later[1:], after=1)
    assert faults(later) != set()


def test_a_checkpoint_says_who_wrote_what_last() -> None:
    first, second = checkpoints(small(windows=2))
    assert {writer: head.number for writer, head in first.heads.items()} == {"people": 2, "routing.situations.0": 2}
    assert (second.number, second.records, second.entries) == (2, 4, 4)
