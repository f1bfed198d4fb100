"""
One form of sealed bytes: RFC 5297 to the letter, bound to what it was sealed for, a key for each use.

The vectors are those of RFC 5297, appendix A. Those of Onward's own form were computed
from the RFCs once, and must never change: what was sealed must open.
"""

import hashlib
import hmac
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.chassis.security import envelope
from onward.chassis.security.envelope import Envelope, UnsealableError, Use, derive

SECRET = bytes(range(32))
OURS = Envelope.under(SECRET, Use.IDENTITY)
secrets = st.binary(min_size=32, max_size=32)
words = st.lists(st.binary(max_size=20), max_size=4)
plain = st.binary(min_size=1, max_size=300)


def hkdf_sha512(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, written out: extract with no salt, then expand."""
    key = hmac.new(bytes(64), secret, hashlib.sha512).digest()
    made, block, number = b"", b"", 0
    while len(made) < length:
        number += 1
        block = hmac.new(key, block + info + bytes([number]), hashlib.sha512).digest()
        made += block
    return made[:length]


def test_sealing_is_the_deterministic_encryption_of_rfc_5297() -> None:
    """Appendix A.1."""
    key = bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    header = bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")
    content = bytes.fromhex("112233445566778899aabbccddee")
    output = bytes.fromhex("85632d07c6e8f37f950acd320a2ecc93 40c02b9690c4dc04daef7f6afe5c")
    assert Envelope(key).seal(content, header) == b"\x02" + output
    assert Envelope(key).open(b"\x02" + output, header) == content


def test_sealing_anew_is_the_nonce_based_encryption_of_rfc_5297() -> None:
    """Appendix A.2: the nonce is the last of what the seal is bound to."""
    key = bytes.fromhex("7f7e7d7c7b7a79787776757473727170 404142434445464748494a4b4c4d4e4f")
    first = bytes.fromhex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100")
    second = bytes.fromhex("102030405060708090a0")
    nonce = bytes.fromhex("09f911029d74e35bd84156c5635688c0")
    content = b"this is some plaintext to encrypt using SIV-AES"
    output = bytes.fromhex(
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17"
        "dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d"
    )
    assert Envelope(key).open_anew(b"\x02" + nonce + output, first, second) == content


@pytest.mark.parametrize("use", Use)
def test_every_key_is_the_one_that_hkdf_with_sha_512_gives_for_its_use(use: Use) -> None:
    assert derive(SECRET, use) == hkdf_sha512(SECRET, b"onward v2 " + use.value.encode(), 64)
    assert derive(SECRET, use, "custody", length=32) == hkdf_sha512(
        SECRET, b"onward v2 " + use.value.encode() + b"|7:custody", 32
    )


def test_no_two_uses_nor_partners_share_a_key() -> None:
    keys = {
        derive(SECRET, use, *parts) for use in Use for parts in ((), ("custody",), ("cust", "ody"), ("c", "ustody"))
    }
    assert len(keys) == 4 * len(Use)


def test_what_was_sealed_with_this_version_opens_for_ever() -> None:
    sealed = "v2.JrIqqTz-Jln9QxqGPyu6aSj6GM-yVxM"
    assert OURS.seal_text(b"content", b"identity", b"person") == sealed
    assert OURS.open_text(sealed, b"identity", b"person") == b"content"


@given(secrets, plain, words)
def test_what_is_sealed_opens_again_and_is_the_same_each_time(
    secret: bytes, content: bytes, bound: list[bytes]
) -> None:
    ours = Envelope.under(secret, Use.REFERENCE)
    assert ours.open(ours.seal(content, *bound), *bound) == content
    assert ours.open_text(ours.seal_text(content, *bound), *bound) == content
    assert ours.seal(content, *bound) == ours.seal(content, *bound)
    assert ours.seal_text(content, *bound) == ours.seal_text(content, *bound)


@given(secrets, plain, words)
def test_what_is_sealed_anew_opens_again_and_is_never_the_same(
    secret: bytes, content: bytes, bound: list[bytes]
) -> None:
    ours = Envelope.under(secret, Use.PERSON_KEY)
    first, second = ours.seal_anew(content, *bound), ours.seal_anew(content, *bound)
    assert first != second
    assert ours.open_anew(first, *bound) == ours.open_anew(second, *bound) == content


@given(plain, plain)
def test_two_contents_are_never_sealed_to_the_same(one: bytes, other: bytes) -> None:
    assert (OURS.seal(one) == OURS.seal(other)) == (one == other)


@given(plain, words, words)
def test_a_seal_opens_for_what_it_was_bound_to_and_nothing_else(
    content: bytes, bound: list[bytes], other: list[bytes]
) -> None:
    """Also not where the same letters are cut another way: `ab`, `c` is not `a`, `bc`."""
    if bound == other:
        return
    for opening, sealed in ((OURS.open, OURS.seal(content, *bound)), (OURS.open_anew, OURS.seal_anew(content, *bound))):
        with pytest.raises(UnsealableError, match="does_not_open"):
            opening(sealed, *other)


@given(plain, st.binary(min_size=2, max_size=12), st.data())
def test_the_words_that_a_seal_is_bound_to_are_not_run_together(
    content: bytes, word: bytes, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(word) - 1))
    sealed = OURS.seal(content, word[:cut], word[cut:])
    for other in ((word,), (word[cut:], word[:cut], b""), (word, b"")):
        with pytest.raises(UnsealableError, match="does_not_open"):
            OURS.open(sealed, *other)


@given(secrets, secrets, plain)
def test_a_seal_opens_under_its_own_key_only(secret: bytes, other: bytes, content: bytes) -> None:
    if secret == other:
        return
    with pytest.raises(UnsealableError, match="does_not_open"):
        Envelope.under(other, Use.IDENTITY).open(Envelope.under(secret, Use.IDENTITY).seal(content))


@pytest.mark.parametrize(("use", "other"), list(combinations(Use, 2)))
def test_what_was_sealed_for_one_use_never_opens_for_another(use: Use, other: Use) -> None:
    with pytest.raises(UnsealableError, match="does_not_open"):
        Envelope.under(SECRET, other).open(Envelope.under(SECRET, use).seal(b"content"))


@given(plain, words, st.data())
def test_one_flipped_bit_anywhere_keeps_a_seal_shut(content: bytes, bound: list[bytes], data: st.DataObject) -> None:
    for opening, sealed in ((OURS.open, OURS.seal(content, *bound)), (OURS.open_anew, OURS.seal_anew(content, *bound))):
        raw = bytearray(sealed)
        position = data.draw(st.integers(0, len(raw) * 8 - 1))
        raw[position // 8] ^= 1 << (position % 8)
        with pytest.raises(UnsealableError):
            opening(bytes(raw), *bound)


@given(plain, st.data())
def test_one_changed_letter_anywhere_keeps_a_sealed_text_shut(content: bytes, data: st.DataObject) -> None:
    """Also the last one, some bits of which base64 leaves unused."""
    letters = list(OURS.seal_text(content))
    place = data.draw(st.integers(0, len(letters) - 1))
    letters[place] = data.draw(st.characters().filter(lambda one: one != letters[place]))
    with pytest.raises(UnsealableError):
        OURS.open_text("".join(letters))


@given(st.binary(max_size=80))
def test_hostile_bytes_give_one_clear_refusal(data: bytes) -> None:
    for opening in (OURS.open, OURS.open_anew):
        for value in (data, b"\x02" + data):
            with pytest.raises(UnsealableError):
                opening(value)


@pytest.mark.parametrize(
    ("sealed", "reason"),
    [
        (b"", "unknown_version"),
        (b"\x03" + bytes(60), "unknown_version"),
        (b"\x01" + bytes(60), "earlier_version"),
        (b"\x02" + bytes(15), "truncated"),
        (b"\x02" + bytes(60), "does_not_open"),
    ],
)
def test_each_way_of_being_wrong_has_its_own_reason_and_says_what_it_is(sealed: bytes, reason: str) -> None:
    with pytest.raises(UnsealableError) as caught:
        OURS.open(sealed)
    assert caught.value.reason == reason
    assert len(str(caught.value)) > len(f"cannot be unsealed ({reason}): ")


def test_a_nonce_without_anything_after_it_is_cut_short() -> None:
    with pytest.raises(UnsealableError, match="truncated"):
        OURS.open_anew(b"\x02" + bytes(envelope.NONCE_BYTES + 15))


@pytest.mark.parametrize("sealed", ["v1.AAAA", "1.AAAA"])
def test_a_text_of_an_earlier_release_is_refused_and_the_error_says_what_to_do(sealed: str) -> None:
    with pytest.raises(UnsealableError, match="an earlier release sealed it") as caught:
        OURS.open_text(sealed)
    assert caught.value.reason == "earlier_version"
    assert "open it with the release that sealed it" in str(caught.value)
