"""What every ledger must do, asked of the one in memory and of the one in a real PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import resources
from typing import Any, Protocol

import psycopg
import pytest
from psycopg import errors

from installation_keys import MASTER, REFERENCE, seal_reference
from onward.chassis.record import Received
from onward.chassis.security import keyring, sealing
from onward.contracts.decision import Decision, Notice
from onward.contracts.referral import Delivery
from onward.contracts.situation import Parting
from onward.rehearsal.memory_ledger import MemoryLedger
from onward.tracking.adapters import (
    LedgerQuery,
    PostgresLedger,
    load_unit,
    query_for_answers,
    query_for_decisions,
    save_unit,
)
from onward.tracking.domain import replies
from onward.tracking.domain.changes import Changes, ReceiptRecorded
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.domain.phone_references import candidates
from unit.tracking import ledger_builders
from unit.tracking.ledger_builders import (
    MONDAY_9AM,
    PERSON,
    Step,
    a_contact,
    a_decision,
    a_proposal,
    a_reply,
    a_suppression,
    carry_out,
)

FACTS: dict[str, Any] = {
    "accommodation.status": "homeless",
    "release.planned_on": date(2026, 3, 20),
    "registrations": [{"code": "MAPP", "active": True}],
}


async def connect(database: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(database, autocommit=True, options="-c search_path=tracking")


@pytest.fixture
async def connection(database: str) -> AsyncGenerator[psycopg.AsyncConnection[Any]]:
    """A connection to a database with an empty ledger in it."""
    async with await connect(database) as connected:
        await connected.execute("create schema tracking")
        for migration in (
            "0001-ledger",
            "0002-question-episode",
            "0003-lives",
            "0004-cases",
            "0005-parted",
            "0006-erasure",
        ):
            await connected.execute((resources.files("onward.tracking") / "sql" / f"{migration}.sql").read_bytes())
        yield connected


class Ledger(Protocol):
    """Where a batch reads what it must know, and writes what it changed."""

    async def load(self, query: LedgerQuery) -> UnitOfWork: ...

    async def save(self, unit: UnitOfWork) -> None: ...


@dataclass(frozen=True)
class InPostgres:
    """The ledger in a real PostgreSQL."""

    connection: psycopg.AsyncConnection[Any]

    async def load(self, query: LedgerQuery) -> UnitOfWork:
        return await load_unit(self.connection, query)

    async def save(self, unit: UnitOfWork) -> None:
        await save_unit(self.connection, unit)


@pytest.fixture(params=["memory", "postgres"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    return InPostgres(request.getfixturevalue("connection"))


async def decide(ledger: Ledger, *decisions: Decision) -> tuple[UnitOfWork, list[Step]]:
    """One batch of decisions, as the handler and the chassis would take it."""
    book = await ledger.load(query_for_decisions(decisions))
    steps = [ledger_builders.decide(decision, book, now=decision.received_at) for decision in decisions]
    await ledger.save(book)
    return book, steps


async def of_person(ledger: Ledger) -> UnitOfWork:
    return await ledger.load(query_for_decisions([a_decision(contact="looking")]))


async def test_an_empty_ledger_knows_nothing(ledger: Ledger) -> None:
    found = await of_person(ledger)
    known = found.entries_for(a_decision())
    assert (known.referrals, known.questions, found.raised, known.references_in_use) == ((), (), set(), set())


async def test_what_was_written_is_found_whole(ledger: Ledger) -> None:
    held = a_proposal("held", approval="approving-practitioner", category="FINANCE_DEBT", service="debt_advice")
    decision = a_decision(a_proposal(), held, missing=["accommodation.status"], facts=FACTS, sealed="v1.x")
    written, _ = await decide(ledger, decision)
    found = await of_person(ledger)
    assert sorted(found.entries_for(decision).referrals, key=lambda one: one.referral_id) == sorted(
        written.changed_referrals.values(), key=lambda one: one.referral_id
    )
    assert found.entries_for(decision).questions == tuple(written.changed_questions.values())
    assert set(found.raised) == set(written.newly_raised)


async def test_what_waits_for_approval_is_delivered_with_its_facts_as_they_were(ledger: Ledger) -> None:
    proposal = a_proposal(approval="approving-practitioner")
    await decide(ledger, a_decision(proposal, facts=FACTS))
    found = (await ledger.load(LedgerQuery(referrals=frozenset({proposal.referral_id})))).referral(proposal.referral_id)
    assert found is not None
    assert isinstance(found.held, Delivery)
    assert found.held.facts == FACTS


async def test_whoever_is_parted_finds_their_own_under_the_other_s_key_and_keeps_it_under_theirs(
    ledger: Ledger,
) -> None:
    own, twin = a_proposal(), "1d" * 16
    await decide(ledger, a_decision(own, sealed="v1.both"))
    parting = Parting(at=MONDAY_9AM, contacts=(a_contact("other"),), own={a_contact("arrest"): ()})
    await decide(ledger, a_decision(revision=2, person=twin, parted=parting, sealed="v1.twin"))
    book = await ledger.load(query_for_decisions([a_decision(contact="looking", person=twin)]))
    found = book.referral(own.referral_id)
    assert found is not None
    assert (found.person, found.delivered_as) == (twin, PERSON)
    assert found.card is not None
    assert (found.card.sealed, found.card.source) == ("v1.twin", "custody")


async def test_a_decision_that_comes_again_in_a_later_batch_changes_nothing(ledger: Ledger) -> None:
    decision = a_decision(a_proposal(), missing=["person.date_of_birth", "person.sex"])
    await decide(ledger, decision)
    book, [step] = await decide(ledger, decision)
    assert (step.result, step.changes_nothing) == ("repeat", True)
    assert (book.changed_referrals, book.changed_questions, book.newly_raised) == ({}, {}, {})


async def test_a_decision_that_comes_again_in_the_same_batch_changes_nothing(ledger: Ledger) -> None:
    decision = a_decision(a_proposal())
    _, [first, second] = await decide(ledger, decision, decision)
    assert (first.result, second.result) == ("opened", "repeat")


async def test_a_reply_finds_its_referral_and_moves_it_on(ledger: Ledger) -> None:
    proposal = a_proposal()
    await decide(ledger, a_decision(proposal))
    reply = a_reply(proposal.referral_id, "REJECTED", reason="NO_CAPACITY")
    for expected in ("changed", "repeat"):
        book = await ledger.load(query_for_answers([reply]))
        found = book.referral(proposal.referral_id)
        made = replies.changes_of_reply(found, reply, provider="sandwell-housing", now=MONDAY_9AM)
        if isinstance(made, Changes):
            step = carry_out(made, book)
            await ledger.save(book)
            assert step.result == expected
        else:
            assert made.reason == expected


async def test_what_is_over_is_found_by_its_id_and_by_its_person(ledger: Ledger) -> None:
    proposal = a_proposal()
    await decide(ledger, a_decision(proposal))
    later = MONDAY_9AM + timedelta(hours=1)
    await decide(ledger, a_decision(contact="death", suppressed=[a_suppression("deceased")], at=later))
    [over] = (await of_person(ledger)).entries_for(a_decision()).referrals
    found = (await ledger.load(LedgerQuery(referrals=frozenset({proposal.referral_id})))).referral(proposal.referral_id)
    assert found == over
    assert over.status == "CLOSED_DECEASED"


async def test_a_case_is_kept_with_its_card_and_its_news(ledger: Ledger) -> None:
    first, second = (
        Notice(kind="naloxone-prompt", to="resettlement-team", rule="r", why=why) for why in ("one", "two")
    )
    await decide(ledger, a_decision(contact="planned", notices=[first], facts=FACTS, sealed="sealed"))
    await decide(ledger, a_decision(contact="released", notices=[second], at=MONDAY_9AM + timedelta(days=1)))
    [case] = (await of_person(ledger)).cases.values()
    assert (case.lines, case.revision, case.closed_at) == (("one", "two"), 1, None)
    assert case.card is not None
    assert (case.card.sealed, case.card.references) == ("sealed", {"custody": "custody-1"})


async def test_a_case_whose_cause_is_over_is_not_found_among_the_open_ones(ledger: Ledger) -> None:
    proposal = a_proposal(approval="approving-practitioner")
    await decide(ledger, a_decision(proposal))
    assert len((await of_person(ledger)).cases) == 1
    died = a_decision(contact="death", suppressed=[a_suppression("deceased")], at=MONDAY_9AM + timedelta(hours=1))
    await decide(ledger, died)
    assert (await of_person(ledger)).cases == {}


async def test_a_closed_question_is_remembered_for_its_own_contact_and_its_episode_only(ledger: Ledger) -> None:
    await decide(ledger, a_decision(missing=["accommodation.status"]))
    await decide(ledger, a_decision(contact="second", facts={"accommodation.status": "homeless"}))
    again = a_decision(missing=["accommodation.status"])
    [question] = (await ledger.load(query_for_decisions([again]))).entries_for(again).questions
    assert question.outstanding == ()
    later = a_decision(contact="later")
    assert (await ledger.load(query_for_decisions([later]))).entries_for(later).questions == (question,)
    elsewhere = a_decision(contact="elsewhere", source="liaison")
    assert (await ledger.load(query_for_decisions([elsewhere]))).entries_for(elsewhere).questions == ()


async def test_another_person_s_referrals_are_not_found(ledger: Ledger) -> None:
    await decide(ledger, a_decision(a_proposal(), missing=["person.sex"]))
    other = a_decision(contact="other", person="ab" * 16)
    found = await ledger.load(query_for_decisions([other]))
    known = found.entries_for(other)
    assert (known.referrals, known.questions, set(found.raised)) == ((), (), set())


async def test_what_was_made_under_an_older_key_of_the_person_is_found_and_ended_and_asked_for_once(
    ledger: Ledger,
) -> None:
    older = "1d" * 16
    await decide(ledger, a_decision(a_proposal(), person=older, missing=["accommodation.status"]))
    again = a_decision(
        a_proposal(contact="second"), contact="second", missing=["accommodation.status"], formerly=(older,)
    )
    _, [step] = await decide(ledger, again)
    assert (step.dropped, step.questions) == (("already_open",), ())
    parted = a_decision(contact="parted", suppressed=[a_suppression("deceased")])
    _, [step] = await decide(ledger, parted)
    assert step.referrals == ()
    death = a_decision(contact="death", suppressed=[a_suppression("deceased")], formerly=("0a" * 16, older))
    book, [step] = await decide(ledger, death)
    assert [(one.person, one.status) for one in book.changed_referrals.values()] == [(older, "CLOSED_DECEASED")]
    assert all(question.outstanding == () for question in step.questions)


async def test_a_referral_whose_person_was_given_another_key_is_known_by_its_id(ledger: Ledger) -> None:
    await decide(ledger, a_decision(a_proposal()))
    _, [step] = await decide(ledger, a_decision(a_proposal(), person="ab" * 16, revision=2))
    assert step.result == "repeat"


async def test_a_taken_reference_is_not_given_out_again(ledger: Ledger) -> None:
    proposal = a_proposal()
    first, *_ = candidates(proposal.referral_id, "ACCOMMODATION")
    other = a_proposal("other", contact="other", service="cas3")
    written, _ = await decide(ledger, a_decision(other, contact="other"))
    book = UnitOfWork()
    [taken] = written.changed_referrals.values()
    third = replace(taken, referral_id=a_contact("a third"), reference=first)
    book.apply([ReceiptRecorded(referral=third, at=MONDAY_9AM)])
    await ledger.save(book)
    opened, _ = await decide(ledger, a_decision(proposal))
    assert opened.changed_referrals[proposal.referral_id].reference != first


def many(count: int) -> Sequence[Decision]:
    return [
        a_decision(
            a_proposal(contact=f"c{number}"),
            contact=f"c{number}",
            person=f"{number:032x}",
            missing=["person.date_of_birth", "person.sex"],
            episode=a_contact(f"c{number}"),
        )
        for number in range(count)
    ]


async def test_a_batch_takes_the_same_few_queries_whatever_its_size(connection: psycopg.AsyncConnection[Any]) -> None:
    executed: list[int] = []

    class Counting(psycopg.AsyncCursor[Any]):
        async def execute(self, *arguments: Any, **more: Any) -> Any:
            executed[-1] += 1
            return await super().execute(*arguments, **more)

    connection.cursor_factory = Counting
    for decisions in (many(1), many(400)):
        executed.append(0)
        await decide(InPostgres(connection), *decisions)
    assert executed == [9, 9]


async def test_the_store_opens_the_references_of_a_batch_and_of_what_it_finds_with_one_more_query(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    executed: list[Any] = []

    class Noting(psycopg.AsyncCursor[Any]):
        async def execute(self, *arguments: Any, **more: Any) -> Any:
            executed.append(arguments[0])
            return await super().execute(*arguments, **more)

    await keyring.prepare(connection)
    keys = {PERSON: sealing.new_key()}
    await keyring.keep(connection, keys, master=MASTER, reference=REFERENCE)
    sealed = seal_reference(keys[PERSON], PERSON, "custody", "A0001AA")
    decision = a_decision(a_proposal(), references={"custody": sealed})
    reply = a_reply(a_proposal().referral_id, "ACCEPTED")
    connection.cursor_factory = Noting
    for record, wanted in ((decision, query_for_decisions), (reply, query_for_answers)):
        store: PostgresLedger[Any] = PostgresLedger(wanted, reference=REFERENCE)
        executed.clear()
        book = await store.load(connection, [Received(record, "t", None, MONDAY_9AM, 0, 0)])
        assert book.opened == {("custody", sealed): "A0001AA"}
        assert sum("keyring" in str(query) for query in executed) == 1
        if record is decision:
            ledger_builders.decide(decision, book, now=MONDAY_9AM)
            await store.save(connection, book)
    found = await connection.execute("select one::text from referral one")
    assert "A0001AA" not in str(await found.fetchall())

    await keyring.forget(connection, PERSON)
    book = await store.load(connection, [Received(reply, "t", None, MONDAY_9AM, 0, 0)])
    assert book.opened == {}
    assert book.referral(a_proposal().referral_id) is not None


async def test_two_batches_never_change_one_referral_at_once(
    connection: psycopg.AsyncConnection[Any], database: str
) -> None:
    proposal = a_proposal()
    await decide(InPostgres(connection), a_decision(proposal))
    wanted = LedgerQuery(referrals=frozenset({proposal.referral_id}))
    async with await connect(database) as second:
        await second.execute("set lock_timeout = '100ms'")
        async with connection.transaction():
            await load_unit(connection, wanted)
            with pytest.raises(errors.LockNotAvailable):
                await load_unit(second, wanted)
        found = await load_unit(second, wanted)
    assert found.referral(proposal.referral_id) is not None


async def test_a_reference_given_out_twice_at_once_makes_the_second_batch_try_again(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    written, _ = await decide(InPostgres(connection), a_decision(a_proposal()))
    [referral] = written.changed_referrals.values()
    book = UnitOfWork()
    book.apply([ReceiptRecorded(referral=replace(referral, referral_id=a_contact("another")), at=MONDAY_9AM)])
    with pytest.raises(errors.SerializationFailure):
        await save_unit(connection, book)


async def test_the_database_refuses_personal_data_that_nobody_waits_for(
    connection: psycopg.AsyncConnection[Any],
) -> None:
    await decide(InPostgres(connection), a_decision(a_proposal(approval="approving-practitioner")))
    with pytest.raises(errors.CheckViolation):
        await connection.execute("update referral set status = 'READY' where person = %s", [PERSON])


async def test_the_ledger_can_be_taken_down_again(connection: psycopg.AsyncConnection[Any]) -> None:
    for undone in (
        "0006-erasure.rollback",
        "0004-cases.rollback",
        "0003-lives.rollback",
        "0002-question-episode.rollback",
        "0001-ledger.rollback",
    ):
        await connection.execute((resources.files("onward.tracking") / "sql" / f"{undone}.sql").read_bytes())
    found = await connection.execute("select count(*) from pg_tables where schemaname = 'tracking'")
    assert await found.fetchone() == (0,)
