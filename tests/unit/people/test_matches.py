"""Where two people may be one a person is asked, and what they answer joins or parts, until they answer otherwise."""

import base64
import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from onward.chassis.record import Received
from onward.contracts.contact import Consent, Contact
from onward.contracts.matches import MatchDecision, MatchQuestion, MatchStatement, Verdict, match_id
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.contracts.situation import Situation
from onward.people.handlers import handle_contact, handle_match_decision
from onward.people.reasons import REASONS
from onward.rehearsal.memory_people import MemoryPeople
from onward.releases.match_signing import sign_match
from onward.releases.signing import TrustedKey, TrustedKeys
from unit.people.people_builders import PEPPER, a_contact, a_link, a_release, born, named, on_day

ANNE: dict[str, Any] = {"name": "Anne Test-One", "date_of_birth": born("1990-05-01"), "phone": "01632 960001"}
PRIVATE = Ed25519PrivateKey.generate()


def trusted(role: str = "matcher", private: Ed25519PrivateKey = PRIVATE, **more: Any) -> TrustedKeys:
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    key = TrustedKey.model_validate({"name": "records-1", "role": role, "public": public, **more})
    return {key.id: key}


def answer(one: str, other: str, verdict: Verdict, *, day: int) -> MatchDecision:
    """What a person says of two people, by a contact of each."""
    low, high = sorted((named(one), named(other)), key=str)
    statement = MatchStatement(
        match_id=match_id(low, high), contacts=(low, high), verdict=verdict, by="a.practitioner", at=on_day(day)
    )
    return sign_match(statement, PRIVATE)


class People:
    """`people` by its own handlers, in memory."""

    def __init__(self, *told: Contact | MatchDecision, keys: TrustedKeys | None = None) -> None:
        self.store = MemoryPeople(pepper=PEPPER)
        self.keys = trusted() if keys is None else keys
        self.offset = 0
        self.outcomes: list[Outcome] = []
        self.told = told

    async def all(self) -> "People":
        for one in self.told:
            await self.take(one)
        return self

    async def take(self, body: Contact | MatchDecision, *, at: datetime = datetime(2026, 6, 1, tzinfo=UTC)) -> Outcome:
        self.offset += 1
        record: Received[Any] = Received(body, "any", None, at, self.offset, 0)
        unit = await self.store.load(None, [record])
        if isinstance(body, MatchDecision):
            made = handle_match_decision(record, unit, id_key=PEPPER, trusted=self.keys)
        else:
            made = handle_contact(record, unit, id_key=PEPPER)
        await self.store.save(None, unit)
        self.outcomes.append(made)
        return made

    @property
    def questions(self) -> list[MatchQuestion]:
        bodies = [each.body for made in self.outcomes if isinstance(made, Published) for each in made.messages]
        return [body for body in bodies if isinstance(body, MatchQuestion)]

    def person(self, event: str) -> str:
        return next(one.person for one in self.store.everybody() if one.contact_id == named(event))


def situations(made: Outcome) -> list[Situation]:
    assert isinstance(made, Published)
    return [each.body for each in made.messages if isinstance(each.body, Situation)]


def twins() -> list[Contact]:
    """One name, birthday and telephone, and yet somebody wrote down another sex."""
    return [
        a_contact(event, source=source, reference=source, facts={"person.sex": sex}, **ANNE)
        for event, source, sex in (("cell", "custody", "male"), ("clinic", "liaison", "female"))
    ]


async def test_who_agrees_in_all_but_one_detail_is_a_question_that_shows_no_value() -> None:
    people = await People(*twins()).all()
    (question,) = people.questions
    assert question.agree == ("name", "date_of_birth", "phone")
    assert question.differ == ("sex",)
    assert {one.contact_id for one in question.people} == {named("cell"), named("clinic")}
    said = question.model_dump_json()
    assert not any(value in said for value in ("Anne", "1990-05-01", "960001", "female", PEPPER.decode()))


async def test_two_whom_only_a_case_brings_together_are_no_question() -> None:
    victim = a_contact("victim", reference="CAD 1", **ANNE)
    suspect = a_contact("suspect", reference="CAD 1", name="Bert Other", date_of_birth=born("1971-01-19"))
    people = await People(victim, suspect).all()
    assert people.questions == []


async def test_a_link_that_unites_nobody_is_a_question() -> None:
    people = await People(
        a_contact("anne", "CRN X111111", **ANNE),
        a_contact("bert", "NOMS A2222BB", name="Bert Bravo", date_of_birth=born("1971-01-19")),
        a_link("wrong", "same", "NOMS A2222BB", "CRN X111111", day=2, source="hmpps"),
    ).all()
    (question,) = people.questions
    assert question.shared == ("CRN",)
    assert question.differ == ("name", "date_of_birth")


async def test_what_a_partner_parted_is_no_question() -> None:
    people = await People(
        a_contact("one", "CRN X111111", **ANNE),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=2),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=3),
        a_contact("other", "CRN X222222", day=4, **ANNE),
    ).all()
    assert people.questions == []


async def test_same_joins_two_and_what_is_known_of_them() -> None:
    people = await People(*twins()).all()
    made = await people.take(answer("cell", "clinic", "same", day=9))
    assert people.person("cell") == people.person("clinic")
    (situation,) = situations(made)
    assert situation.contact_id in {named("cell"), named("clinic")}
    assert situation.revision == 2
    assert situation.formerly


async def test_a_later_answer_reverses_an_earlier_one_in_whatever_order_they_arrive() -> None:
    answers = [answer("cell", "clinic", "same", day=9), answer("cell", "clinic", "different", day=10)]
    for order in permutations(answers):
        people = await People(*twins(), *order).all()
        assert people.person("cell") != people.person("clinic")
    people = await People(*twins(), *answers, answer("cell", "clinic", "same", day=11)).all()
    assert people.person("cell") == people.person("clinic")


async def test_whoever_is_parted_by_an_answer_keeps_nothing_of_the_other() -> None:
    consent = Consent(purpose="ACCOMMODATION", given=True, said_at=on_day(1))
    first, second = twins()
    told = [first.model_copy(update={"consents": (consent,)}), second]
    people = await People(*told, answer("cell", "clinic", "same", day=9)).all()
    made = await people.take(answer("cell", "clinic", "different", day=10))
    (clinic,) = [one for one in situations(made) if one.contact_id == named("clinic")]
    assert clinic.consents == ()
    assert clinic.facts["person.sex"] == "female"


async def test_two_prison_numbers_are_one_person_s_when_a_person_says_so() -> None:
    told = [a_release("one", "NOMS A1111AA", day=1, **ANNE), a_release("other", "NOMS A2222BB", day=2, **ANNE)]
    people = await People(*told).all()
    assert len(people.questions) == 1
    assert people.person("one") != people.person("other")
    await people.take(answer("one", "other", "same", day=3))
    await people.take(a_release("again", "NOMS A2222BB", day=4))
    assert people.person("one") == people.person("other") == people.person("again")


async def test_different_keeps_apart_whom_a_name_a_birthday_and_a_telephone_joined() -> None:
    """Twins of one name do not exist, but a son who is called after his father and took his papers does."""
    told = [a_contact(event, source=event, reference=event, **ANNE) for event in ("custody", "liaison")]
    people = await People(*told).all()
    assert people.person("custody") == people.person("liaison")
    await people.take(answer("custody", "liaison", "different", day=9))
    assert people.person("custody") != people.person("liaison")


async def test_who_was_said_to_be_different_is_not_asked_about_again() -> None:
    people = await People(*twins(), answer("cell", "clinic", "different", day=2)).all()
    await people.take(twins()[1].model_copy(update={"contact_id": named("again"), "occurred_at": on_day(3)}))
    assert len({question.match_id for question in people.questions}) <= 2
    assert [question.match_id for question in people.questions].count(people.questions[0].match_id) == 1


@pytest.mark.parametrize(
    ("decision", "keys", "reason"),
    [
        (answer("cell", "clinic", "same", day=9), {}, "untrusted_key"),
        (answer("cell", "clinic", "same", day=9), trusted("author"), "untrusted_key"),
        (
            answer("cell", "clinic", "same", day=9),
            trusted(until=datetime(2026, 5, 1, tzinfo=UTC)),
            "untrusted_key",
        ),
        (
            answer("cell", "clinic", "different", day=9).model_copy(
                update={"statement": answer("cell", "clinic", "same", day=9).statement}
            ),
            trusted(),
            "bad_signature",
        ),
        (answer("cell", "nobody knows", "same", day=9), trusted(), "unknown_match"),
    ],
    ids=["no key", "another role", "given up", "another statement", "unknown contact"],
)
async def test_an_answer_that_does_not_count_is_parked_and_joins_nobody(
    decision: MatchDecision, keys: TrustedKeys, reason: str
) -> None:
    people = await People(*twins(), keys=keys).all()
    made = await people.take(decision)
    assert isinstance(made, Parked)
    assert made.reason == reason
    assert reason in REASONS.parked
    assert people.person("cell") != people.person("clinic")


async def test_an_answer_that_comes_twice_counts_once() -> None:
    decision = answer("cell", "clinic", "same", day=9)
    people = await People(*twins(), decision).all()
    assert await people.take(decision) == Ignored("repeat")


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_clock_of_ours_can_tell_is_no_answer_and_stops_nobody(at: str) -> None:
    document = answer("cell", "clinic", "same", day=3).model_dump(mode="json")
    document["statement"]["at"] = at
    with pytest.raises(ValidationError, match="year"):
        MatchDecision.model_validate_json(json.dumps(document))


async def test_an_answer_of_a_clock_that_runs_ahead_can_be_reversed() -> None:
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    first = answer("cell", "clinic", "same", day=3).statement.model_copy(update={"at": ahead})
    people = await People(*twins(), sign_match(first, PRIVATE)).all()
    assert people.person("cell") == people.person("clinic")
    second = first.model_copy(update={"verdict": "different", "at": datetime(2026, 6, 2, 9, tzinfo=UTC)})
    await people.take(sign_match(second, PRIVATE), at=datetime(2026, 6, 2, 9, tzinfo=UTC))
    assert people.person("cell") != people.person("clinic")
