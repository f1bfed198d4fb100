"""Every store keeps the same promises: in memory, and on a real PostgreSQL."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.people.people_stores import Shard, in_memory, make_keyring, migrate, on, situations
from onward.contracts.contact import Consent, Contact
from onward.contracts.matches import MatchQuestion
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.contracts.situation import Situation
from onward.people.unit_of_work import TOO_COMMON_FROM
from unit.people.people_builders import (
    File,
    Joined,
    a_contact,
    a_link,
    a_release,
    a_screening,
    an_answer,
    born,
    named,
    on_day,
)
from unit.people.test_people_in_any_order import contacts

NOMS = "NOMS A1234BC"
Became: TypeAlias = list[Situation] | Ignored | Parked


@pytest.fixture(params=["memory", "postgres"])
async def people(request: pytest.FixtureRequest) -> Shard:
    if request.param == "memory":
        return in_memory()
    url = str(request.getfixturevalue("database"))
    migrate(url)
    await make_keyring(url)
    return on(url)


def unsealed(people: Shard, outcomes: list[Outcome]) -> list[Became]:
    return [
        [one.model_copy(update={"sealed": "", "references": people.references(one)}) for one in situations(outcome)]
        if isinstance(outcome, Published)
        else outcome
        for outcome in outcomes
    ]


def expected(told: Sequence[Contact]) -> list[Became]:
    """What the decisions alone, knowing all that was ever said, make of it, one contact after the other."""
    file = File()
    return [
        [draft.situation.model_copy(update={"references": draft.references}) for draft in joined.drafts]
        if isinstance(joined, Joined)
        else joined
        for joined in map(file.offer, told)
    ]


def asked(outcomes: Sequence[Outcome]) -> list[set[frozenset[UUID]]]:
    """Of each contact, about which two people somebody was asked whether they are one, in whatever order."""
    return [
        {
            frozenset(person.contact_id for person in message.body.people)
            for message in outcome.messages
            if isinstance(message.body, MatchQuestion)
        }
        for outcome in outcomes
        if isinstance(outcome, Published)
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


@pytest.mark.parametrize("at_once", [1, 500])
async def test_who_may_be_one_is_asked_by_every_store(people: Shard, at_once: int) -> None:
    met = [
        a_contact("arrest", "PNC 2002/0073319Z", name="Anne Test-One", date_of_birth=born("1990-05-17")),
        a_contact("screening", "CRN X123456", day=2, name="Ann Test-One", date_of_birth=born("1990-05-17")),
        a_contact("stranger", "CRN X999999", day=3, name="Ben Test-Two", date_of_birth=born("1990-05-17")),
    ]
    pair = frozenset({named("arrest"), named("screening")})
    assert asked(await people.take(*met, at_once=at_once)) == [set(), {pair}, set()]


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


@pytest.mark.parametrize("at_once", [1, 500])
@pytest.mark.parametrize("answers", ["never told", "arrest"])
async def test_an_answer_before_its_contact_or_to_none_harms_nobody_in_its_batch(
    people: Shard, answers: str, at_once: int
) -> None:
    """Both stand under one reference, so that the answer seems to be the first of the person's contacts."""
    answer = an_answer("answer", answers, reference="CR/1")
    parked, taken, again = await people.take(
        answer, a_contact("arrest", reference="CR/1"), a_contact("review", reference="CR/1", day=2), at_once=at_once
    )
    assert isinstance(parked, Parked)
    assert parked.reason == "unknown_question"
    assert situations(taken)[0].person == situations(again)[0].person


@pytest.mark.parametrize("at_once", [1, 500])
async def test_other_content_under_one_id_is_parked_and_what_came_first_counts(people: Shard, at_once: int) -> None:
    first = a_contact("arrest", reference="CR/1", content="one", facts={"person.sex": "male"})
    other = a_contact("arrest", reference="CR/2", content="two", facts={"person.sex": "female"})
    later = [a_contact("review", reference="CR/1", day=2), a_contact("of another", reference="CR/2", day=2)]
    _, parked, review, of_another = await people.take(first, other, *later, at_once=at_once)
    assert isinstance(parked, Parked)
    assert (parked.reason, parked.pointer) == ("same_id_other_content", "/contact_id")
    assert situations(review)[0].facts["person.sex"] == "male"
    assert "person.sex" not in situations(of_another)[0].facts
    assert await people.take(first, other) == [Ignored("repeat"), parked]


async def test_what_is_written_or_understood_alike_is_a_repeat(people: Shard) -> None:
    """Read by a later release, which finds more in it; sent again with a field that nobody reads; or without digest."""
    first = a_contact("arrest", reference="CR/1", content="one", facts={"person.sex": "male"})
    await people.take(first, a_contact("early", reference="CR/2"))
    reread = a_contact(
        "arrest", reference="CR/1", content="one", facts={"person.sex": "male", "needs.accommodation": 1}
    )
    resent = first.model_copy(update={"content": "two", "received_at": on_day(9)})
    later = a_contact("early", reference="CR/2", content="one")
    assert await people.take(first, reread, resent, later) == [Ignored("repeat")] * 4


@pytest.mark.parametrize("at_once", [TOO_COMMON_FROM, 500])
async def test_a_reference_on_a_crowd_of_contacts_is_not_followed_any_more(people: Shard, at_once: int) -> None:
    crowd = [a_contact(f"contact {index}", reference="UNKNOWN", day=1 + index) for index in range(TOO_COMMON_FROM)]
    outcomes = await people.take(
        *crowd, a_contact("late", reference="UNKNOWN"), a_contact("later", reference="UNKNOWN", day=2), at_once=at_once
    )
    assert len({situations(outcome)[0].person for outcome in outcomes[:TOO_COMMON_FROM]}) == 1
    assert len({situations(outcome)[0].person for outcome in outcomes}) == 3
    again = a_contact("again", reference="UNKNOWN")
    async with people.transaction() as connection:
        unit = await people.load(connection, [again])
    assert unit.known(again.contact_id).contacts == ()


@settings(max_examples=100, deadline=None)
@given(contacts(links=True, any_order=True), st.data())
async def test_any_order_and_any_division_into_batches_gives_what_one_after_the_other_would(
    told: list[Contact], data: st.DataObject
) -> None:
    """And what looking at everything would, not only at what is connected."""
    people = in_memory()
    wanted, left = expected(told), list(told)
    outcomes: list[Outcome] = []
    while left:
        count = data.draw(st.integers(1, len(left)))
        outcomes += await people.take(*left[:count])
        left = left[count:]
    assert unsealed(people, outcomes) == wanted


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.data())
async def test_postgres_gives_what_memory_gives(database: str, data: st.DataObject) -> None:
    told = data.draw(contacts(links=True, any_order=True))
    at_once = data.draw(st.integers(1, 4))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop schema if exists people cascade")
    migrate(database)
    await make_keyring(database)
    people = on(database)
    there = await people.take(*told, at_once=at_once)
    assert unsealed(people, there) == expected(told)
    memory = in_memory()
    assert asked(there) == asked(await memory.take(*told, at_once=at_once))
    with psycopg.connect(database) as connection:
        found = {one for (one,) in connection.execute("select unnest(contacts) from people.alike")}
    assert found == memory.store.found_by_likeness
