"""Every store keeps the same promises: in memory, and on a real PostgreSQL."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.people.people_stores import Shard, in_memory, make_keyring, migrate, on, situations
from onward.contracts.contact import Consent, Contact
from onward.contracts.outcome import Ignored, Outcome, Parked
from onward.contracts.situation import Situation
from onward.people.unit import CROWD
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, born, named, on_day
from unit.people.test_people_in_any_order import contacts

NOMS = "NOMS A1234BC"


@pytest.fixture(params=["memory", "postgres"])
async def people(request: pytest.FixtureRequest) -> Shard:
    if request.param == "memory":
        return in_memory()
    url = str(request.getfixturevalue("database"))
    migrate(url)
    await make_keyring(url)
    return on(url)


def unsealed(people: Shard, outcomes: list[Outcome]) -> list[list[Situation]]:
    return [
        [one.model_copy(update={"sealed": "", "references": people.references(one)}) for one in situations(outcome)]
        for outcome in outcomes
    ]


def expected(told: list[Contact]) -> list[list[Situation]]:
    """What the decisions alone, knowing all that was ever said, make of it."""
    file = File()
    return [
        [draft.situation.model_copy(update={"references": draft.references}) for draft in file.take(contact).drafts]
        for contact in told
    ]


STORY = [
    a_screening("screening", "CRN X123456", day=3, name="Test Person-0001", reference="LD/7"),
    a_release("release", NOMS, day=5, date_of_birth=born("1990-05-17")),
    a_link("number added", "same", "CRN X123456", NOMS, day=6),
    a_contact("custody", "PNC 2002/0073319Z", day=7, reference="CR/1", facts={"person.sex": "male"}),
    a_contact(
        "late custody",
        "PNC 2002/0073319Z",
        NOMS,
        day=4,
        reference="CR/1",
        consents=(Consent(purpose="ACCOMMODATION", given=True, said_at=on_day(4)),),
    ),
    a_screening("answer", day=8, in_reply_to=named("release"), needs={"mental_health": 3}),
    a_link("parted", "unmerged", "CRN X123456", "CRN X999999", day=9),
    a_contact("stranger", day=9),
    a_contact("other record", "CRN X999999", day=9),
]


@pytest.mark.parametrize("at_once", [1, 2, 500])
async def test_a_story_comes_out_the_same_however_it_is_cut_into_batches(people: Shard, at_once: int) -> None:
    outcomes = await people.take(*STORY, at_once=at_once)
    assert unsealed(people, outcomes) == expected(STORY)


async def test_a_repeat_is_ignored_in_its_own_batch_and_in_a_later_one(people: Shard) -> None:
    contact = a_contact("arrest", NOMS)
    first, second = await people.take(contact, contact)
    assert situations(first)
    assert second == Ignored("repeat")
    assert await people.take(contact) == [Ignored("repeat")]


async def test_a_repeat_of_a_contact_that_names_nobody_is_ignored(people: Shard) -> None:
    await people.take(a_contact("arrest"))
    assert await people.take(a_contact("arrest")) == [Ignored("repeat")]


async def test_what_is_parked_leaves_nothing_behind(people: Shard) -> None:
    answer = a_screening("answer", in_reply_to=named("release"))
    assert isinstance((await people.take(answer))[0], Parked)
    outcomes = await people.take(a_release("release", NOMS, day=1), answer)
    assert [len(situations(outcome)) for outcome in outcomes] == [1, 1]


async def test_two_answers_to_nothing_are_not_taken_for_one_person(people: Shard) -> None:
    outcomes = await people.take(
        a_screening("one", NOMS, in_reply_to=named("never")),
        a_screening("two", "NOMS A9999ZZ", in_reply_to=named("never"), day=2),
    )
    one, two = (situations(outcome)[0].person for outcome in outcomes)
    assert one != two


async def test_a_reference_on_a_crowd_of_contacts_is_not_followed_any_more(people: Shard) -> None:
    crowd = [a_contact(f"contact {index}", reference="UNKNOWN", day=1 + index) for index in range(CROWD)]
    outcomes = await people.take(*crowd)
    assert len({situations(outcome)[0].person for outcome in outcomes}) == 1
    outcomes = await people.take(a_contact("late", reference="UNKNOWN"), a_contact("later", reference="UNKNOWN", day=2))
    assert len({situations(outcome)[0].person for outcome in outcomes}) == 2
    again = a_contact("again", reference="UNKNOWN")
    async with people.transaction() as connection:
        unit = await people.load(connection, [again])
    assert unit.known(again.contact_id).said == ()


@settings(max_examples=100, deadline=None)
@given(contacts(links=True), st.integers(1, 4))
async def test_looking_only_at_what_is_connected_gives_what_looking_at_everything_would(
    told: list[Contact], at_once: int
) -> None:
    people = in_memory()
    outcomes = await people.take(*told, at_once=at_once)
    assert unsealed(people, outcomes) == expected(told)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data())
async def test_postgres_gives_what_memory_gives(database: str, data: st.DataObject) -> None:
    told = data.draw(contacts(links=True))
    at_once = data.draw(st.integers(1, 4))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop schema if exists people cascade")
    migrate(database)
    await make_keyring(database)
    people = on(database)
    there = await people.take(*told, at_once=at_once)
    assert unsealed(people, there) == expected(told)
