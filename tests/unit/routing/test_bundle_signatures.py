"""Only what two trusted people signed counts; one byte less, and it does not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from onward.contracts.ruleset import Release, Ruleset, Signature, Statement
from onward.releases.signing import (
    KeyFileError,
    RefusedError,
    canonical,
    digest,
    sign,
    signers,
    trusted_keys,
)
from unit.routing.bundle_builders import (
    APPROVER,
    AT,
    AUTHOR,
    SECOND_AUTHOR,
    STRANGER,
    a_statement,
    key_file,
    keys,
    signed,
    trusted,
)


def refusal(release: Release, **given_keys: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        signers(release, given_keys.get("trusted", keys()), at=AT)
    return caught.value.reason


def test_an_author_and_an_approver_make_a_release() -> None:
    signed_by = signers(signed(a_statement()), keys(), at=AT)
    assert signed_by.author is not None
    assert signed_by.approver is not None
    assert (signed_by.author.name, signed_by.approver.name) == ("rules-author-1", "rules-approver-1")


@pytest.mark.parametrize(
    "change",
    [
        {"action": "rollback"},
        {"number": 2},
        {"rules": "c" * 64},
        {"directory": "c" * 64},
        {"previous": "c" * 64},
        {"why": "a test."},
        {"made_on": AT + timedelta(microseconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_field_of_a_statement_can_be_altered_after_it_was_signed(change: dict[str, Any]) -> None:
    assert set(change) <= set(Statement.model_fields)
    release = signed(a_statement())
    altered = Release(statement=release.statement.model_copy(update=change), signatures=release.signatures)
    assert refusal(altered) == "bad_signature"


def test_every_field_of_a_statement_is_signed() -> None:
    assert set(json.loads(canonical(a_statement()))) == set(Statement.model_fields)


def test_any_bit_of_a_signature_matters() -> None:
    release = signed(a_statement())
    raw = base64.b64decode(release.signatures[0].signature)
    for place in range(0, len(raw) * 8, 37):
        spoilt = bytearray(raw)
        spoilt[place // 8] ^= 1 << place % 8
        first = release.signatures[0].model_copy(update={"signature": base64.b64encode(spoilt).decode()})
        assert refusal(Release(statement=release.statement, signatures=(first, release.signatures[1]))) == (
            "bad_signature"
        )


def test_nobody_approves_their_own_proposal() -> None:
    statement = a_statement()
    twice = (sign(statement, "author", AUTHOR), sign(statement, "approver", AUTHOR))
    assert refusal(Release(statement=statement, signatures=twice)) == "untrusted_key"


def test_two_authors_do_not_make_an_approval() -> None:
    statement = a_statement()
    two = (sign(statement, "author", AUTHOR), sign(statement, "author", SECOND_AUTHOR))
    assert refusal(Release(statement=statement, signatures=two)) == "same_key"
    assert refusal(Release(statement=statement, signatures=(two[0], two[0]))) == "same_key"


def test_an_author_s_signature_cannot_be_passed_off_as_an_approval() -> None:
    statement = a_statement()
    author = sign(statement, "author", AUTHOR)
    approval = author.model_copy(update={"role": "approver", "key": sign(statement, "approver", APPROVER).key})
    assert refusal(Release(statement=statement, signatures=(author, approval))) == "bad_signature"


def test_the_key_of_a_stranger_is_refused() -> None:
    assert refusal(signed(a_statement(), approver=STRANGER)) == "untrusted_key"
    assert refusal(signed(a_statement()), trusted={}) == "untrusted_key"


@pytest.mark.parametrize("missing", ["author", "approver"])
def test_a_publication_needs_both(missing: str) -> None:
    assert refusal(signed(a_statement(), **{missing: None})) == "unsigned"
    assert refusal(signed(a_statement(), author=None, approver=None)) == "unsigned"


def test_a_shadow_and_a_rollback_may_carry_one_signature_but_not_none() -> None:
    for action in ("shadow", "stop-shadow", "rollback"):
        statement = a_statement().model_copy(update={"action": action})
        assert signers(signed(statement, approver=None), keys(), at=AT).author is not None
        assert refusal(signed(statement, author=None, approver=None)) == "unsigned"


def test_a_key_that_was_given_up_counts_for_what_was_there_before() -> None:
    lost = trusted(APPROVER, "rules-approver-1", "approver", until=AT)
    known = keys(trusted(AUTHOR, "rules-author-1", "author"), lost)
    release = signed(a_statement())
    assert signers(release, known, at=AT - timedelta(seconds=1)).are_two
    assert refusal(release, trusted=known) == "untrusted_key"


@given(
    st.text(min_size=1, max_size=50).filter(lambda text: text.encode(errors="ignore").decode() == text),
    st.integers(1, 10**9),
)
def test_the_canonical_form_survives_every_way_of_writing_the_record(why: str, number: int) -> None:
    release = signed(a_statement(number, why=why))
    for indent in (None, 1):
        text = json.dumps(json.loads(release.model_dump_json()), indent=indent, ensure_ascii=indent is None)
        read = Release.model_validate_json(text)
        assert canonical(read.statement) == canonical(release.statement)
        assert signers(read, keys(), at=AT).are_two


def test_the_canonical_form_never_changes() -> None:
    """Signatures that exist already depend on it."""
    assert canonical(a_statement(7, why="why é")).decode() == (
        '{"action":"publish","directory":"' + "b" * 64 + '","made_on":"2026-03-04T12:00:00Z","number":7,"previous":"",'
        '"rules":"' + "a" * 64 + '","why":"why é"}'
    )
    assert digest(a_statement()) == "62c0170705bd3def966ea06a0e6c7e036f1d03adb6e5793b27cde1cb8bccf430"


def test_a_field_that_nobody_signed_is_refused() -> None:
    document = json.loads(Ruleset(release=signed(a_statement())).model_dump_json())
    document["release"]["statement"]["extra"] = 1
    with pytest.raises(ValidationError, match="extra"):
        Ruleset.model_validate(document)


def test_a_file_of_trusted_keys_is_read_and_its_mistakes_are_said() -> None:
    assert {key.name for key in trusted_keys(key_file().encode()).values()} == {
        "rules-author-1",
        "rules-author-2",
        "rules-approver-1",
    }
    one = f"{{name: a-b, role: author, public: {trusted(AUTHOR, 'a-b', 'author').public}}}"
    for text, said in (
        ("", "the file is empty"),
        ("schema: rule-keys/v1\nkeys: [{name: a-b, role: author, public: x}]", "must be base64"),
        ("schema: rule-keys/v1\nkeys: [{name: a-b, role: author, public: AAAA}]", "must be 32 bytes, not 3"),
        ("schema: rule-keys/v1\nkeys: [{name: a-b, role: boss, public: AAAA}]", "'author' or 'approver'"),
        (f"schema: rule-keys/v1\nkeys: [{one}, {one.replace('a-b', 'c-d')}]", "stands in it twice"),
        ("keys: [", "not plain YAML"),
        ("[" * 5000, "not plain YAML"),
        (f"schema: rule-keys/v1\nkeys: []\nkeys: [{one}]", "not plain YAML"),
        (f"schema: rule-keys/v1\nkeys: [{one.replace('role: author', 'role: approver, role: author')}]", "plain YAML"),
        (f"schema: rule-keys/v1\nkeys: [{one[:-1]}, until: 2026-05-01 12:00:00}}]", "no UTC offset"),
    ):
        with pytest.raises(KeyFileError, match=said):
            trusted_keys(text.encode())


@pytest.mark.parametrize("sign_bit", [0, 1])
@pytest.mark.parametrize("point", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18])
def test_a_key_that_anybody_can_sign_for_is_no_key(point: int, sign_bit: int) -> None:
    raw = (point | sign_bit << 255).to_bytes(32, "little")
    line = f"{{name: a-b, role: author, public: {base64.b64encode(raw).decode()}}}"
    with pytest.raises(KeyFileError, match="anybody can sign for it"):
        trusted_keys(f"schema: rule-keys/v1\nkeys: [{line}]".encode())


def test_a_key_that_was_given_up_is_read_from_the_file() -> None:
    text = key_file().replace("role: approver", "role: approver, until: 2026-03-04T12:00:00Z")
    assert [key.until for key in trusted_keys(text.encode()).values()] == [None, None, AT]


def test_a_signature_that_is_no_base64_is_bad_and_nothing_worse() -> None:
    release = signed(a_statement(made_on=datetime(2026, 1, 1, tzinfo=UTC)))
    odd = Signature(role="author", key=release.signatures[0].key, signature="é")
    assert refusal(Release(statement=release.statement, signatures=(odd,))) == "bad_signature"
