"""
From what partners send to what is known of people: nobody's facts or consents ever reach another person.

Partners make every slip that their clients are known to make, and some that only a stranger makes. Each person speaks a
language of their own and consents to a provider of their own, so that whatever is mixed up shows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.chassis.record import Received
from onward.chassis.security import contact_ids
from onward.contracts import ids
from onward.contracts.contact import Contact
from onward.contracts.matches import MatchQuestion
from onward.contracts.outcome import Ignored, Outcome, Parked, Published
from onward.contracts.situation import Situation
from onward.intake.handlers import publishable
from onward.intake.partners import read
from onward.people.handlers import handle_contact
from onward.rehearsal.memory_people import MemoryPeople
from unit.people.people_builders import PEPPER

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCES = {
    "custody": "custody.detention.risk-assessed",
    "street-triage": "street-triage.contact.recorded",
    "liaison": "liaison-diversion.screened",
}


@dataclass(frozen=True)
class Somebody:
    """A person, and what partners write of them; each list holds what one and the same person is written as."""

    names: Sequence[str]
    born: Sequence[str]
    sex: str
    pnc: str
    language: str


PEOPLE = (
    Somebody(["Anne Alpha", "ALPHA, Anne", "Ann Alpha"], ["1990-05-01", "1990-05-02"], "female", "1999/0102900D", "pl"),
    Somebody(["Bert Bravo", "B Bravo"], ["1971-01-09", "1971-09-01"], "male", "2002/0073319Z", "ur"),
    Somebody(["Carla Charlie", "Karla Charlie"], ["1985-11-23"], "female", "1981/0000034U", "ar"),
)


@dataclass
class Partners:
    """What partners have sent so far, and what became of it."""

    store: MemoryPeople = field(default_factory=lambda: MemoryPeople(pepper=PEPPER))
    waiting: list[tuple[Contact, int]] = field(default_factory=list)
    asked: list[tuple[str, str, Contact, int]] = field(default_factory=list)
    """Who was asked under which reference, about which contact, and of whom it truly is."""
    whose: dict[str, set[int]] = field(default_factory=dict)
    """Of whom the contacts under each key truly are."""
    offset: int = 0

    def send(self, source: str, body: dict[str, Any], who: int) -> Contact:
        """Have a message read, and let it wait for its batch."""
        told = read(source, json.dumps(body).encode(), (), received_at=NOW)
        assert not isinstance(told, Ignored | Parked), told
        contact = publishable(told[0], PEPPER)
        self.waiting.append((contact, who))
        return contact

    async def take(self) -> list[Outcome]:
        """Take what waits as one batch, and see that nothing is mixed up."""
        batch, self.waiting = self.waiting, []
        records: list[Received[Contact]] = []
        for contact, _ in batch:
            self.offset += 1
            records.append(Received(contact, "contacts", "key", NOW, self.offset, 0))
        unit = await self.store.load(None, records)
        outcomes = [handle_contact(record, unit, id_key=PEPPER) for record in records]
        await self.store.save(None, unit)
        for (_, who), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Published):
                self.look(outcome, who)
        return outcomes

    def look(self, published: Published, who: int) -> None:
        """Each situation holds one person's words only, and its key is theirs alone."""
        first = True
        for message in published.messages:
            situation = message.body
            if isinstance(situation, MatchQuestion):
                continue  # it says no word of anybody
            assert isinstance(situation, Situation)
            found = {PEOPLE_BY_LANGUAGE[situation.facts["person.interpreter"]]} if told_language(situation) else set()
            found |= {int(consent.recipient) for consent in situation.consents if consent.recipient}
            found |= {who} if first else set()
            assert len(found) <= 1, situation
            assert len(self.whose.setdefault(situation.person, set()) | found) <= 1
            self.whose[situation.person] |= found
            first = False


PEOPLE_BY_LANGUAGE = {somebody.language: number for number, somebody in enumerate(PEOPLE)}


def told_language(situation: Situation) -> bool:
    return "person.interpreter" in situation.facts


def event(source: str, who: int, reference: str, number: int, draw: Any) -> dict[str, Any]:
    """What a partner tells of somebody, under a reference that it may have used for somebody else."""
    somebody = PEOPLE[who]
    person = {"name": draw(st.sampled_from(somebody.names)), "dateOfBirth": draw(st.sampled_from(somebody.born))}
    more = (("sex", somebody.sex), ("pncId", somebody.pnc), ("interpreter", somebody.language))
    person |= {name: value for name, value in more if draw(st.booleans())}
    consent = [{"purpose": "housing", "given": True, "recipient": str(who)}]
    return {
        "eventType": SOURCES[source],
        "eventId": f"event {number}",
        "occurredAt": (NOW - timedelta(hours=draw(st.integers(1, 9)))).isoformat(),
        "reference": reference,
        "outcome": "advice",
        "person": person,
        "consent": draw(st.sampled_from([None, consent])),
    }


def answer(told: UUID, who: int, number: int, **more: Any) -> dict[str, Any]:
    return {
        "eventType": "facts.answered",
        "eventId": f"event {number}",
        "inReplyTo": str(told),
        "facts": {"person.interpreter": PEOPLE[who].language, "consent.mental_health": True, **more.pop("facts", {})},
        **more,
    }


def wrong(kind: str, asked: tuple[str, str, Contact, int], other: int, number: int) -> tuple[str, dict[str, Any]]:
    """An answer that must not be believed, from whom."""
    source, _, contact, who = asked
    told = contact_ids.asked(PEPPER, source, contact.contact_id)
    stranger = next(one for one in SOURCES if one != source)
    match kind:
        case "the reference of somebody else":
            return source, answer(told, other, number, reference=f"{source}/{other}")
        case "a number of somebody else":
            pnc = [{"type": "PNC", "value": PEOPLE[other].pnc}]
            return source, answer(told, other, number, identifiers=pnc)
        case "the birthday and sex of somebody else":
            facts = {"person.date_of_birth": PEOPLE[other].born[0], "person.sex": PEOPLE[other].sex}
            return source, answer(told, other, number, facts=facts)
        case "who was not asked, with the id of who was":
            return stranger, answer(told, who, number, reference=f"{stranger}/own")
        case "who was not asked, with an id that it computed":
            space = UUID("6f6e7761-7264-5000-8000-000000000001")
            computed = uuid5(space, f"contact|{len(source)}:{source}|7:event 1|0:")
            return stranger, answer(computed, who, number, reference=f"{stranger}/own")
        case "our own id of the contact":
            return source, answer(contact.contact_id, who, number)
        case "the contact of a status":
            return source, answer(contact_ids.status(PEPPER, source, contact.contact_id), who, number)
        case _:
            question = ids.derived_id("question", str(contact.contact_id), source, "person.interpreter")
            return source, answer(question, who, number, reference=f"{source}/{who}")


WRONG = (
    "the reference of somebody else",
    "a number of somebody else",
    "the birthday and sex of somebody else",
    "who was not asked, with the id of who was",
    "who was not asked, with an id that it computed",
    "our own id of the contact",
    "the contact of a status",
    "the id of the question",
)


@settings(max_examples=150, deadline=None)
@given(st.data())
async def test_nobody_s_facts_or_consents_reach_another_person(data: st.DataObject) -> None:
    partners = Partners()
    for number in range(data.draw(st.integers(3, 12))):
        who = data.draw(st.integers(0, len(PEOPLE) - 1))
        source = data.draw(st.sampled_from(sorted(SOURCES)))
        if not partners.asked or data.draw(st.booleans()):
            reference = data.draw(st.sampled_from([f"{source}/{who}", f"{source}/{who}", "INCIDENT/1"]))
            contact = partners.send(source, event(source, who, reference, number, data.draw), who)
            if data.draw(st.booleans()):
                outcome = (await partners.take())[-1]
                assert isinstance(outcome, Published)
                partners.asked.append((source, reference, contact, who))
            continue
        await partners.take()
        asked = data.draw(st.sampled_from(partners.asked))
        source, reference, contact, who = asked
        told = contact_ids.asked(PEPPER, source, contact.contact_id)
        if data.draw(st.booleans()):
            partners.send(
                source, answer(told, who, number, **data.draw(st.sampled_from([{}, {"reference": reference}]))), who
            )
            assert isinstance((await partners.take())[0], Published)
        else:
            kind = data.draw(st.sampled_from(WRONG))
            other = (who + data.draw(st.integers(1, len(PEOPLE) - 1))) % len(PEOPLE)
            partners.send(*wrong(kind, asked, other, number), who)
            (outcome,) = await partners.take()
            assert isinstance(outcome, Parked), kind
            assert outcome.reason in {"unknown_question", "identifier_conflict"}
    await partners.take()
