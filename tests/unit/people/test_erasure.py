"""Two people sign, and everything of a person goes that is nobody else's; whoever comes back is somebody new."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from onward.chassis.record import Received
from onward.contracts.erasure import ErasedPerson, Erasure, ErasureReport, ErasureSignature, ErasureStatement, Tombstone
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.people.domain.erasure import (
    KeptContact,
    KeptPersons,
    PersonErasure,
    ReassignedContact,
    brings_back,
    erasure_of,
)
from onward.people.erasing import ErasureUnit
from onward.people.handlers import handle_erasure
from onward.people.reasons import REASONS
from onward.releases.erasure_signing import sign_erasure
from onward.releases.signing import TrustedKey, TrustedKeys

SPACE = UUID(int=7)
AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
ONE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
NOMS, PNC, REF = (f"{kind}:{n * 32}" for kind, n in (("NOMS", "a"), ("PNC", "b"), ("REF", "c")))
ANNE, BEN, CARL = ("a1" * 16, "b2" * 16, "c3" * 16)


def trusted(role: str = "eraser", until: datetime | None = None) -> TrustedKeys:
    found = {}
    for name, private in (("eraser-1", ONE), ("eraser-2", OTHER)):
        public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
        key = TrustedKey.model_validate({"name": name, "role": role, "public": public, "until": until})
        found[key.id] = key
    return found


def a_statement(whom: str = NOMS, **more: Any) -> ErasureStatement:
    given: dict[str, Any] = {
        "whom": whom,
        "ground": "objection",
        "reason": "request 1",
        "by": "officer.one",
        "at": AT,
    }
    return ErasureStatement.of(**(given | more))


def signed(statement: ErasureStatement, *by: tuple[str, Ed25519PrivateKey]) -> Erasure:
    return Erasure(
        statement=statement, signatures=tuple(sign_erasure(statement, name, private) for name, private in by)
    )


def agreed(whom: str = NOMS, **more: Any) -> Erasure:
    return signed(a_statement(whom, **more), ("officer.one", ONE), ("officer.two", OTHER))


def contact(name: str, person: str, *numbers: str, cluster: str = "c", gave: str = "", also: str = "") -> KeptContact:
    connected = frozenset([*numbers, also]) if also else frozenset(numbers)
    return KeptContact(uuid5(SPACE, name), uuid5(SPACE, cluster), person, gave, numbers, connected, sealed=True)


def known(*contacts: KeptContact, rekeyed: tuple[ReassignedContact, ...] = ()) -> KeptPersons:
    return KeptPersons(
        {one.contact_id: one for one in contacts},
        {number: one.cluster for one in contacts for number in one.connected if "CONTACT" not in number},
        list(rekeyed),
        {one.person for one in contacts} | {each.was for each in rekeyed},
    )


def take(erasure: Erasure, unit: ErasureUnit, keys: TrustedKeys | None = None) -> Outcome:
    record: Received[Erasure] = Received(erasure, "erasures", "k", AT + timedelta(minutes=5), 0, 0)
    return handle_erasure(record, unit, trusted=trusted() if keys is None else keys)


def told(outcome: Outcome, kind: type[Any]) -> list[Any]:
    assert isinstance(outcome, Published), outcome
    return [message.body for message in outcome.messages if isinstance(message.body, kind)]


def erased(whom: str, all_of_them: KeptPersons) -> PersonErasure:
    gone = erasure_of(whom, all_of_them)
    assert isinstance(gone, PersonErasure), gone
    return gone


def test_one_signature_waits_and_erases_nobody() -> None:
    unit = ErasureUnit(known(contact("arrest", ANNE, NOMS)), ())
    assert take(signed(a_statement(), ("officer.one", ONE)), unit) == Ignored("second_signature_awaited")
    assert (unit.gone, unit.tombstones) == ([], [])


@pytest.mark.parametrize(
    ("erasure", "keys", "reason"),
    [
        (signed(a_statement(), ("officer.one", ONE), ("officer.one", OTHER)), trusted(), "bad_signature"),
        (signed(a_statement(), ("officer.one", ONE), (" Officer.ONE ", OTHER)), trusted(), "bad_signature"),
        (signed(a_statement(), ("officer.one", ONE), ("officer.two", ONE)), trusted(), "bad_signature"),
        (signed(a_statement(), ("officer.two", OTHER), ("officer.one", ONE)), trusted(), "bad_signature"),
        (agreed(), trusted("matcher"), "untrusted_key"),
        (agreed(), trusted(until=AT), "untrusted_key"),
        (agreed().model_copy(update={"statement": a_statement(PNC)}), trusted(), "bad_signature"),
    ],
    ids=["same name", "same name written otherwise", "same key", "asked by the second", "role", "given up", "another"],
)
def test_what_two_people_did_not_sign_erases_nobody(erasure: Erasure, keys: TrustedKeys, reason: str) -> None:
    unit = ErasureUnit(known(contact("arrest", ANNE, NOMS)), ())
    outcome = take(erasure, unit, keys)
    assert isinstance(outcome, Parked)
    assert outcome.reason == reason
    assert outcome.reason in REASONS.parked
    assert unit.gone == []


def test_a_signature_holds_for_its_own_name_only() -> None:
    first, second = agreed().signatures
    lent = ErasureSignature(by="officer.three", key=second.key, signature=second.signature)
    outcome = take(Erasure(statement=a_statement(), signatures=(first, lent)), ErasureUnit(KeptPersons(), ()))
    assert isinstance(outcome, Parked)


def test_everything_of_the_person_goes_and_is_counted_and_told() -> None:
    unit = ErasureUnit(known(contact("arrest", ANNE, NOMS, REF, gave=ANNE), contact("release", ANNE, NOMS)), ())
    outcome = take(agreed(), unit)
    (report,) = told(outcome, ErasureReport)
    assert report.outcome == "erased"
    assert report.erased == {
        "person keys": 1,
        "contacts with facts": 2,
        "sealed identities": 2,
        "numbers": 2,
        "changes of pseudonym": 0,
    }
    (person,) = told(outcome, ErasedPerson)
    assert person.persons == (ANNE,)
    assert set(person.contacts) == {uuid5(SPACE, "arrest"), uuid5(SPACE, "release")}
    named = {one.named for one in told(outcome, Tombstone)}
    assert named == {NOMS, REF, f"PERSON:{ANNE}", *(f"CONTACT:{one}" for one in person.contacts)}
    assert {one.named for one in unit.tombstones} == named
    (gone,) = unit.gone
    assert gone.clusters == (uuid5(SPACE, "c"),)
    assert gone.keys == (ANNE,)


def test_the_same_erasure_twice_is_a_repeat_and_another_of_the_same_person_finds_nobody() -> None:
    unit = ErasureUnit(known(contact("arrest", ANNE, NOMS)), ())
    take(agreed(), unit)
    assert take(agreed(), unit) == Ignored("repeat")
    again = take(agreed(reason="request 2"), unit)
    assert [report.outcome for report in told(again, ErasureReport)] == ["nobody_known"]
    assert told(again, Tombstone) == []
    assert take(agreed(), ErasureUnit(KeptPersons(), [a_statement().erasure_id])) == Ignored("repeat")


def test_a_number_on_two_people_names_nobody_until_one_of_them_is_named() -> None:
    both = known(contact("arrest", ANNE, NOMS, PNC), contact("other", BEN, NOMS))
    assert erasure_of(NOMS, both) == "several_people"
    outcome = take(agreed(), ErasureUnit(both, ()))
    assert [report.outcome for report in told(outcome, ErasureReport)] == ["several_people"]
    assert told(outcome, ErasedPerson) == []
    gone = erased(f"PERSON:{ANNE}", both)
    assert gone.numbers == (PNC,)
    assert gone.shared_numbers == 1
    assert gone.clusters == ()
    assert gone.contacts == (uuid5(SPACE, "arrest"),)


def test_a_number_that_somebody_else_s_contact_only_mentions_stays_theirs() -> None:
    gone = erased(f"PERSON:{ANNE}", known(contact("arrest", ANNE, NOMS), contact("merge", BEN, PNC, also=NOMS)))
    assert gone.numbers == ()
    assert [(kept.because, kept.count) for kept in gone.kept(3)] == [("stops_replays", 3), ("somebody_elses", 1)]


def test_every_pseudonym_the_person_had_goes_with_its_key() -> None:
    merged = known(
        contact("arrest", ANNE, NOMS),
        contact("release", ANNE, NOMS, gave=BEN),
        rekeyed=(ReassignedContact(uuid5(SPACE, "release"), ANNE, BEN),),
    )
    for whom in (NOMS, f"PERSON:{ANNE}", f"PERSON:{BEN}", f"CONTACT:{uuid5(SPACE, 'release')}"):
        gone = erased(whom, merged)
        assert gone.persons == gone.keys == (ANNE, BEN)
        assert gone.rekeyed == 1


def test_a_key_that_is_another_person_s_by_now_stays_and_is_said() -> None:
    parted = known(
        contact("arrest", ANNE, NOMS, gave=ANNE),
        contact("release", CARL, PNC, gave=CARL),
        rekeyed=(ReassignedContact(uuid5(SPACE, "release"), CARL, ANNE),),
    )
    gone = erased(PNC, parted)
    assert gone.persons == gone.keys == (CARL,)
    assert gone.shared_keys == 1
    assert "somebody_elses" in {kept.because for kept in gone.kept(0)}


def test_what_happened_until_then_brings_nobody_back_and_what_happens_later_is_somebody_new() -> None:
    before, after = {NOMS: AT}, AT + timedelta(seconds=1)
    assert brings_back((REF, NOMS), (), AT, before)
    assert not brings_back((REF, NOMS), (), after, before)
    assert not brings_back((REF,), (), AT, before)


def test_an_erased_contact_sent_again_and_an_answer_to_it_never_count_whenever_they_come() -> None:
    one, another = uuid5(SPACE, "arrest"), uuid5(SPACE, "new")
    erased_before = {f"CONTACT:{one}": AT}
    assert brings_back((), (another, one), AT + timedelta(days=400), erased_before)
    assert not brings_back((), (another,), AT, erased_before)


def test_whose_name_only_differs_in_the_mark_is_somebody_else() -> None:
    assert erasure_of(NOMS, known(replace(contact("arrest", ANNE, REF), numbers=(REF,)))) == "nobody_known"


def test_an_id_is_that_of_all_that_is_said_so_nobody_signs_another_statement_under_it() -> None:
    said = a_statement().model_dump()
    for changed in ({"whom": PNC}, {"reason": "another"}, {"parked": ("parked.intake/0/1",)}, {"by": "officer.two"}):
        with pytest.raises(ValidationError, match="another statement"):
            ErasureStatement.model_validate(said | changed)
    assert ErasureStatement.model_validate(said) == a_statement()


def test_a_word_on_who_is_who_takes_nobody_else_s_contact_with_it() -> None:
    """A match decision names contacts of two people; erased is one."""
    others = uuid5(SPACE, "other")
    decision = contact("decision", ANNE, also=f"CONTACT:{others}")
    gone = erased(f"PERSON:{ANNE}", known(contact("arrest", ANNE, NOMS), decision, contact("other", BEN, PNC)))
    assert others not in gone.contacts
    assert not [number for number in gone.numbers if number.startswith("CONTACT:")]
    assert f"CONTACT:{others}" not in {one.named for one in gone.tombstones(a_statement().erasure_id, AT)}


def test_somebody_else_in_the_same_case_is_heard_though_its_reference_was_erased() -> None:
    erased_before = {REF: AT, NOMS: AT}
    assert not brings_back((PNC, REF), (), AT, erased_before)
    assert brings_back((PNC, NOMS, REF), (), AT, erased_before)
    assert brings_back((REF,), (), AT, erased_before)
