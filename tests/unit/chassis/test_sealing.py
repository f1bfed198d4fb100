"""A person's envelope opens for that person, under that key, unchanged; otherwise it says so and nothing else."""

import base64
import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation_keys import MASTER
from onward.chassis.security import sealing
from onward.chassis.security.envelope import Envelope, UnsealableError, Use
from onward.chassis.security.sealing import ReferenceEnvelopes
from onward.chassis.security.wrapping import LocalKeys
from onward.contracts.contact import Identity
from onward.contracts.identifiers import Identifier

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
PERSON = "0f" * 16
IDENTITY = Identity(
    name="Test Person-0001",
    date_of_birth=date(1990, 2, 28),
    phone="01632 960001",
    identifiers=(Identifier(type="NOMS", value="A0001AA"),),
)

identities = st.builds(
    Identity,
    name=st.none() | st.text(max_size=40),
    date_of_birth=st.none() | st.dates(),
    address=st.none() | st.text(max_size=80),
    identifiers=st.lists(st.builds(Identifier, type=st.just("CRN"), value=st.text(max_size=10)), max_size=3).map(tuple),
)
keys = st.binary(min_size=32, max_size=32)


@given(keys, st.text(max_size=40), identities)
def test_what_is_sealed_opens_to_the_same_identity(key: bytes, person: str, identity: Identity) -> None:
    assert sealing.open_sealed(key, person, sealing.seal(key, person, identity)) == identity


@given(keys, st.text(max_size=40), identities)
def test_sealing_again_gives_the_same_text(key: bytes, person: str, identity: Identity) -> None:
    assert sealing.seal(key, person, identity) == sealing.seal(key, person, identity)


def test_two_people_with_the_same_identity_and_key_have_different_envelopes() -> None:
    assert sealing.seal(KEY, "a" * 32, IDENTITY) != sealing.seal(KEY, "b" * 32, IDENTITY)


def test_a_changed_identity_changes_the_synthetic_iv() -> None:
    changed = IDENTITY.model_copy(update={"phone": "01632 960002"})
    first, second = (base64.urlsafe_b64decode(sealing.seal(KEY, PERSON, one)[3:] + "==") for one in (IDENTITY, changed))
    assert first[:16] != second[:16]


@given(keys, st.text(max_size=40), st.text(max_size=80))
def test_a_sealed_text_opens_to_the_same_text_and_is_the_same_each_time(key: bytes, person: str, text: str) -> None:
    sealed = ReferenceEnvelopes(key, person).seal("custody", text)
    assert ReferenceEnvelopes(key, person).open("custody", sealed) == text
    assert ReferenceEnvelopes(key, person).seal("custody", text) == sealed


def test_a_sealed_text_opens_for_its_own_partner_person_and_key_only_and_is_no_identity() -> None:
    sealed = ReferenceEnvelopes(KEY, PERSON).seal("hmpps", "A0001AA")
    for attempt in (
        lambda: ReferenceEnvelopes(KEY, PERSON).open("custody", sealed),
        lambda: ReferenceEnvelopes(KEY, "another").open("hmpps", sealed),
        lambda: ReferenceEnvelopes(OTHER_KEY, PERSON).open("hmpps", sealed),
        lambda: sealing.open_sealed(KEY, PERSON, sealed),
        lambda: ReferenceEnvelopes(KEY, PERSON).open("hmpps", sealing.seal(KEY, PERSON, IDENTITY)),
    ):
        with pytest.raises(UnsealableError, match="does_not_open"):
            attempt()


def test_references_of_a_usual_length_are_sealed_to_one_length() -> None:
    envelopes, usual = ReferenceEnvelopes(KEY, PERSON), ("", "X000001", "A0001AA", "20BA/0000001/26")
    assert len({len(envelopes.seal("custody", text)) for text in usual}) == 1


@pytest.mark.parametrize("text", ["", "A0001AA", "v2.", "v2.AAAA", "v1.AAAA", "v3.AAAA", "v2.\u00e9"])
def test_a_text_that_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(UnsealableError):
        ReferenceEnvelopes(KEY, PERSON).open("custody", text)


def test_an_envelope_does_not_open_for_another_person() -> None:
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(KEY, "another", sealing.seal(KEY, PERSON, IDENTITY))


def test_an_envelope_does_not_open_with_another_key() -> None:
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(OTHER_KEY, PERSON, sealing.seal(KEY, PERSON, IDENTITY))


def test_the_length_of_an_envelope_does_not_tell_which_fields_are_known() -> None:
    only_a_name = Identity(name="Test Person-0001")
    name_and_phone = Identity(name="Test Person-0001", phone="01632 960001")
    assert len(sealing.seal(KEY, PERSON, only_a_name)) == len(sealing.seal(KEY, PERSON, name_and_phone))


@given(st.data())
def test_one_flipped_bit_anywhere_keeps_an_envelope_shut(data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(sealing.seal(KEY, PERSON, IDENTITY)[3:] + "=="))
    position = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[position // 8] ^= 1 << (position % 8)
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(KEY, PERSON, "v2." + base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="))


@given(st.integers(0, 400))
def test_an_envelope_cut_short_never_opens(length: int) -> None:
    whole = sealing.seal(KEY, PERSON, IDENTITY)
    cut = whole[: min(length, len(whole) - 1)]
    with pytest.raises(UnsealableError):
        sealing.open_sealed(KEY, PERSON, cut)


@given(st.text(max_size=200) | st.text(max_size=200).map("v2.".__add__))
def test_any_hostile_text_gives_one_clear_refusal(text: str) -> None:
    with pytest.raises(UnsealableError):
        sealing.open_sealed(KEY, PERSON, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "unknown_version"),
        ("v3.AAAA", "unknown_version"),
        ("v1.AAAA", "earlier_version"),
        ("v2.", "truncated"),
        ("v2.AAAA", "truncated"),
        ("v2.A", "not_base64"),
        ("v2.****", "not_base64"),
        ("v2.é", "not_base64"),
        ("v2." + "A" * 70_000, "too_long"),
    ],
)
def test_each_way_of_being_wrong_has_its_own_reason(text: str, reason: str) -> None:
    with pytest.raises(UnsealableError) as caught:
        sealing.open_sealed(KEY, PERSON, text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("plain", [b'{"name": 17}', b"not json", b'{"date_of_birth": "canary-0001"}'])
def test_a_plaintext_that_is_no_identity_is_refused_without_showing_it(plain: bytes) -> None:
    # `seal` cannot make such an envelope, so the test makes it with the same parts.
    sealed = Envelope.under(KEY, Use.IDENTITY).seal_text(plain, b"identity", b"sealed", b"referrals", PERSON.encode())
    with pytest.raises(UnsealableError, match="not_an_identity") as caught:
        sealing.open_sealed(KEY, PERSON, sealed)
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown
    assert "not json" not in shown


def test_a_wrapped_key_unwraps_for_its_person_only() -> None:
    wrapped = MASTER.wrapped(PERSON, OTHER_KEY)
    assert MASTER.unwrapped(PERSON, wrapped) == OTHER_KEY
    with pytest.raises(UnsealableError, match="does_not_open"):
        MASTER.unwrapped("another", wrapped)


def test_the_key_for_references_opens_no_identity_and_is_wrapped_under_another_key() -> None:
    for_references = sealing.reference_key(OTHER_KEY)
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(for_references, PERSON, sealing.seal(OTHER_KEY, PERSON, IDENTITY))
    wrapped = LocalKeys(Use.REFERENCE_KEY, MASTER.held).wrapped(PERSON, for_references)
    with pytest.raises(UnsealableError, match="does_not_open"):
        MASTER.unwrapped(PERSON, wrapped)


def test_while_a_key_is_changed_the_first_wraps_and_each_unwraps() -> None:
    both = LocalKeys(Use.PERSON_KEY, (b"n" * 32, *MASTER.held))
    for wrapping in (MASTER, both, LocalKeys(Use.PERSON_KEY, both.held[:1])):
        assert both.unwrapped(PERSON, wrapping.wrapped(PERSON, OTHER_KEY)) == OTHER_KEY
    with pytest.raises(UnsealableError, match="does_not_open"):
        MASTER.unwrapped(PERSON, both.wrapped(PERSON, OTHER_KEY))


@given(st.binary(min_size=60, max_size=60))
def test_a_key_that_an_earlier_release_wrapped_is_refused_and_the_error_says_so(wrapped: bytes) -> None:
    """Version 1 had a nonce of 12 bytes and a tag of 16 about the 32 of the key, and no version before them."""
    with pytest.raises(UnsealableError, match="an earlier release sealed it") as caught:
        MASTER.unwrapped(PERSON, wrapped)
    assert caught.value.reason == "earlier_version"


@given(st.data())
def test_one_flipped_bit_anywhere_keeps_a_wrapped_key_wrapped(data: st.DataObject) -> None:
    raw = bytearray(MASTER.wrapped(PERSON, OTHER_KEY))
    position = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[position // 8] ^= 1 << (position % 8)
    with pytest.raises(UnsealableError):
        MASTER.unwrapped(PERSON, bytes(raw))


def test_wrapping_twice_gives_two_ciphertexts() -> None:
    assert MASTER.wrapped(PERSON, OTHER_KEY) != MASTER.wrapped(PERSON, OTHER_KEY)


def test_a_wrapped_key_is_not_an_identity_envelope() -> None:
    wrapped = MASTER.wrapped(PERSON, OTHER_KEY)
    with pytest.raises(UnsealableError, match="does_not_open"):
        sealing.open_sealed(KEY, PERSON, "v2." + base64.urlsafe_b64encode(wrapped).decode().rstrip("="))


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_the_wrong_length_is_refused(length: int) -> None:
    short = b"k" * length
    with pytest.raises(UnsealableError, match="bad_key"):
        sealing.seal(short, PERSON, IDENTITY)
    with pytest.raises(UnsealableError, match="bad_key"):
        MASTER.wrapped(PERSON, short)
    with pytest.raises(UnsealableError, match="bad_key"):
        LocalKeys(Use.PERSON_KEY, (short,)).unwrapped(PERSON, MASTER.wrapped(PERSON, OTHER_KEY))


def test_every_new_key_is_different_and_long_enough() -> None:
    made = {sealing.new_key() for _ in range(100)}
    assert len(made) == 100
    assert {len(key) for key in made} == {32}
