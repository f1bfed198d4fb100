"""A message's id is its cause, sealed: the same each time, never another's, and opaque to whoever receives it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import ID_KEY
from onward.chassis.errors import SealBrokenError
from onward.chassis.kafka import admin
from onward.chassis.security.cause import Cause, Sealer, cause_of
from onward.directory import files as directory_files

CAUSES = st.builds(
    Cause,
    topic=st.from_regex(r"[a-z][a-z0-9.-]{0,120}", fullmatch=True),
    partition=st.integers(0, 2**16 - 1),
    offset=st.integers(0, 2**63 - 1),
    appended_ms=st.integers(0, 2**48),
    message=st.integers(0, 2**16 - 1),
)
A_REPLY = Cause("replies.shelter", 0, 41, 1_760_000_000_123, 0)


def sealed(cause: Cause, id_key: bytes = ID_KEY) -> str:
    return Sealer(id_key).seal(cause).decode()


@given(CAUSES)
def test_whoever_holds_the_id_key_reads_the_cause_in_the_id(cause: Cause) -> None:
    assert cause_of(ID_KEY, sealed(cause)) == cause


@given(CAUSES, CAUSES)
def test_two_messages_share_an_id_only_if_they_are_the_same_message_of_the_same_record(one: Cause, two: Cause) -> None:
    assert (sealed(one) == sealed(two)) == (one == two)


def test_the_record_at_the_same_place_of_a_topic_that_was_made_anew_gives_another_id() -> None:
    assert sealed(A_REPLY) != sealed(A_REPLY._replace(appended_ms=A_REPLY.appended_ms + 1))


def test_an_id_shows_neither_the_name_of_a_topic_nor_its_length() -> None:
    lengths = set[int]()
    for topic in admin.topic_specs(sorted(directory_files.load().providers)):
        told = sealed(A_REPLY._replace(topic=topic))
        lengths.add(len(told))
        assert topic.encode() not in base64.urlsafe_b64decode(told.partition(".")[2] + "==")
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "not_ours",
    ["", "v2.", "v2.AAAA", "v2.ä", "replies.shelter/0/41/0", "v3" + sealed(A_REPLY)[2:], sealed(A_REPLY)[:-1]],
)
def test_an_id_that_we_did_not_seal_is_refused(not_ours: str) -> None:
    with pytest.raises(SealBrokenError):
        cause_of(ID_KEY, not_ours)


def test_an_id_does_not_open_with_another_id_key() -> None:
    with pytest.raises(SealBrokenError, match="ONWARD_ID_KEY"):
        cause_of(b"n" * 32, sealed(A_REPLY))


def test_an_id_of_an_earlier_release_is_refused_and_the_error_says_so() -> None:
    with pytest.raises(SealBrokenError, match="an earlier release sealed it"):
        cause_of(ID_KEY, "1." + sealed(A_REPLY).removeprefix("v2."))


@given(st.data())
def test_one_changed_character_anywhere_keeps_an_id_shut(data: st.DataObject) -> None:
    """Also in the last one, some of whose bits base64 does not use: two texts are never one id."""
    characters = list(sealed(A_REPLY))
    place = data.draw(st.integers(0, len(characters) - 1))
    characters[place] = data.draw(st.characters(max_codepoint=0x7F).filter(lambda one: one != characters[place]))
    with pytest.raises(SealBrokenError):
        cause_of(ID_KEY, "".join(characters))
