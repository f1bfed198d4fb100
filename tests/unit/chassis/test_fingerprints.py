"""A process works only with the secrets of its installation, and their fingerprints give nothing away."""

import hashlib
from typing import Any

import pytest

from onward.chassis.errors import ConfigurationError, SecretsDifferError
from onward.chassis.security.fingerprints import Noted, Secrets, compare, missing
from onward.contracts.installation import InstallationSecret, SecretName, SecretVersion

TOPIC, DATABASE = "the topic `installation`", "the database"
PEPPER, MASTER = b"a pepper that nobody guesses: 7f3a", b"k" * 32
OURS = Secrets({"pepper": (PEPPER,), "master-key": (MASTER,)})
OTHER_PEPPER = Secrets({"pepper": (b"another pepper of another service",), "master-key": (MASTER,)})
OTHER_MASTER = Secrets({"pepper": (PEPPER,), "master-key": (b"x" * 32,)})
OTHERS = Secrets({"pepper": OTHER_PEPPER.values["pepper"], "master-key": OTHER_MASTER.values["master-key"]})


def noted(secrets: Secrets) -> Noted:
    return {name: secrets.first_note(name) for name in secrets.values}


NOTED = noted(OURS)
OTHERS_NOTED = noted(OTHERS)


def test_the_secrets_of_the_installation_are_its_secrets_wherever_they_are_noted() -> None:
    compare(OURS, {TOPIC: NOTED, DATABASE: NOTED})
    compare(OURS, {TOPIC: NOTED, DATABASE: noted(OURS)})
    compare(OURS, {TOPIC: NOTED})


def test_where_nothing_is_noted_nothing_differs_and_both_are_missing() -> None:
    compare(OURS, {TOPIC: {}, DATABASE: {}})
    assert missing(OURS, {}) == ["pepper", "master-key"]
    assert missing(OURS, {"pepper": NOTED["pepper"]}) == ["master-key"]
    assert missing(OURS, NOTED) == []


@pytest.mark.parametrize(
    ("secrets", "named"),
    [
        (OTHER_PEPPER, "ONWARD_PEPPER is not the one"),
        (OTHER_MASTER, "ONWARD_MASTER_KEY is not the one"),
        (OTHERS, "ONWARD_MASTER_KEY and ONWARD_PEPPER are not those"),
    ],
)
@pytest.mark.parametrize("places", [[TOPIC], [DATABASE], [TOPIC, DATABASE]])
def test_another_secret_is_named_with_both_fingerprints_and_what_to_do(
    secrets: Secrets, named: str, places: list[str]
) -> None:
    with pytest.raises(SecretsDifferError) as refused:
        compare(secrets, dict.fromkeys(places, NOTED))
    said = str(refused.value)
    assert named in said
    assert "give it what the other services have" in said
    assert any(record.versions[0].fingerprint[:8] in said for record in NOTED.values())
    assert len(said) < 300, "a log line cuts what is longer"
    for (secret,) in (*OURS.values.values(), *secrets.values.values()):
        assert secret.decode() not in said


def test_topic_and_database_of_two_installations_are_both_named() -> None:
    with pytest.raises(SecretsDifferError, match="the topic `installation` and the database belong to two") as refused:
        compare(OURS, {TOPIC: NOTED, DATABASE: OTHERS_NOTED})
    assert len(str(refused.value)) < 300
    with pytest.raises(SecretsDifferError, match="the database and the topic `installation` belong to two"):
        compare(OURS, {TOPIC: OTHERS_NOTED, DATABASE: NOTED})


def test_a_fingerprint_says_nothing_of_its_secret_not_even_that_two_installations_share_it() -> None:
    again = noted(OURS)
    for name in OURS.values:
        (first,), (second,) = NOTED[name].versions, again[name].versions
        assert (first.salt, first.fingerprint) != (second.salt, second.fingerprint)
    pepper, master = NOTED["pepper"].versions[0], NOTED["master-key"].versions[0]
    assert pepper.method.startswith("scrypt"), "somebody may have chosen the pepper: it must be slow to try"
    assert master.method == "hmac-sha256"
    assert PEPPER.decode() not in repr(OURS)
    assert "kkkk" not in repr(OURS)


def version(name: SecretName, number: int, *, of: Secrets, status: str) -> SecretVersion:
    return of.note(name).model_copy(update={"version": number, "status": status})


def test_after_a_rotation_the_current_version_counts_and_the_one_before_does_not() -> None:
    rotated = InstallationSecret(
        secret="pepper",
        versions=(
            version("pepper", 2, of=OTHER_PEPPER, status="current"),
            version("pepper", 1, of=OURS, status="previous"),
        ),
    )
    compare(OTHER_PEPPER, {TOPIC: {"pepper": rotated}})
    with pytest.raises(SecretsDifferError, match="ONWARD_PEPPER"):
        compare(OURS, {TOPIC: {"pepper": rotated}})


def test_once_a_change_has_begun_whoever_starts_must_hold_the_old_one_and_the_new_one() -> None:
    begun = InstallationSecret(
        secret="pepper",
        versions=(
            version("pepper", 1, of=OURS, status="current"),
            version("pepper", 2, of=OTHER_PEPPER, status="next"),
        ),
    )
    new, old = OTHER_PEPPER.values["pepper"], OURS.values["pepper"]
    for both in ((*new, *old), (*old, *new)):
        compare(Secrets({"pepper": both}), {TOPIC: {"pepper": begun}})
    with pytest.raises(SecretsDifferError, match="ONWARD_PEPPER is being changed") as refused:
        compare(Secrets({"pepper": old}), {TOPIC: {"pepper": begun}})
    assert len(str(refused.value)) < 300
    with pytest.raises(SecretsDifferError, match="ONWARD_PEPPER is not the one"):
        compare(Secrets({"pepper": new}), {TOPIC: {"pepper": begun}})


def test_what_a_newer_release_has_noted_is_refused_unless_it_is_of_a_secret_that_we_do_not_use() -> None:
    newer = NOTED["pepper"].versions[0].model_copy(update={"method": "argon2id-3"})
    record = InstallationSecret(secret="pepper", versions=(newer,))
    with pytest.raises(ConfigurationError, match="ONWARD_PEPPER in a way that this release does not know"):
        compare(OURS, {TOPIC: {**NOTED, "pepper": record}})
    compare(OURS, {TOPIC: {**NOTED, "signing-key": record.model_copy(update={"secret": "signing-key"})}})


def test_somebody_with_one_of_the_secrets_can_compare_that_one() -> None:
    compare(Secrets({"master-key": (MASTER,)}), {TOPIC: NOTED})
    with pytest.raises(SecretsDifferError, match="ONWARD_MASTER_KEY"):
        compare(Secrets({"master-key": (b"x" * 32,)}), {TOPIC: NOTED})


def test_a_fingerprint_is_made_once_for_topic_and_database(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    scrypt = hashlib.scrypt

    def counted(secret: bytes, **cost: Any) -> bytes:
        made.append(cost["n"])
        return scrypt(secret, **cost)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    compare(Secrets(OURS.values), {TOPIC: NOTED, DATABASE: NOTED})
    assert made == [16_384]
