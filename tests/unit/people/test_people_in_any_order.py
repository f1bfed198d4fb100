"""
What is known in the end depends on what was said, never on the order in which it arrived.

What a contact's own situation says of standing facts depends on what had arrived by then, and on nothing after it.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.contracts.contact import Consent, Contact, Link
from onward.contracts.facts import FACTS
from onward.contracts.situation import Situation
from onward.people.domain.join import KnownContacts
from onward.people.domain.situations import draft
from onward.people.domain.view import view
from unit.people.people_builders import (
    PEPPER,
    File,
    Joined,
    a_contact,
    a_link,
    an_answer,
    born,
    join,
    number,
    on_day,
    seen_last,
)

NUMBERS = ("NOMS A1234BC", "NOMS A9999ZZ", "CRN X111111", "CRN X222222", "PNC 2002/0073319Z", "NHS 9434765919")
NAMES = (None, "Anne Test-One", "Ann Test One", "Bert Test-Two", "Carla Proof")
BORN = (None, born("1990-05-01"), born("1990-05-02"), born("1971-01-09"))
PAIRS = (("NOMS A1234BC", "NOMS A9999ZZ"), ("CRN X111111", "CRN X222222"), ("CRN X111111", "NOMS A1234BC"))


def facts() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "needs.accommodation": st.integers(0, 4),
            "person.sex": st.sampled_from(["female", "male"]),
            "custody.status": st.sampled_from(["in_prison", "released"]),
            "event.threshold": st.just("crime"),
            "registrations": st.lists(
                st.fixed_dictionaries({"code": st.sampled_from(["MAPP", "AVIS"]), "active": st.booleans()}), max_size=2
            ),
        },
    )


@st.composite
def corrections(draw: st.DrawFn, event: str, day: int) -> Contact:
    """Prison movements, the booking that was moved with them, and records that are deleted at their source."""
    kind = draw(st.sampled_from(["movement", "movement", "moved", "erased"]))
    kept, other = draw(st.permutations(["NOMS A1234BC", "NOMS A9999ZZ"]))
    if kind == "movement":
        movement = draw(st.sampled_from(["released", "admitted", "died", "deported"]))
        held = {"released": {"custody.status": "released"}, "admitted": {"custody.status": "in_prison"}}
        said = held.get(movement, {"person.deceased" if movement == "died" else "person.deported": True})
        facts = {"event.movement": movement, **said}
        return a_contact(event, kept, day=day, source="hmpps", type="prison.movement", facts=facts)
    if kind == "erased":
        gone = draw(st.sampled_from(NUMBERS[:4]))
        return a_contact(event, gone, day=day, source=draw(st.sampled_from(["hmpps", "custody"])), type="person.erased")
    link = Link(kind="moved", kept=number(kept), other=number(other), since=on_day(draw(st.integers(1, 5))))
    return a_contact(event, kept, day=day, source="hmpps", type="prison.booking-moved", links=(link,))


@st.composite
def contacts(draw: st.DrawFn, *, links: bool, any_order: bool = False) -> list[Contact]:
    """
    Contacts about a few people, whose numbers and names contradict each other here and there.

    Some answer others. In *any_order*, an answer may come before what it answers, or answer what never comes, and one
    message may come again, the same or with other content.
    """
    made: list[Contact] = []
    for index in range(draw(st.integers(2, 7))):
        day = draw(st.integers(1, 9))
        if links and draw(st.integers(0, 4)) == 0:
            made.append(draw(corrections(f"correction {index}", day)))
            continue
        if links and draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(["same", "merged", "unmerged"]))
            kept, other = draw(st.permutations(draw(st.sampled_from(PAIRS))))
            made.append(a_link(f"link {index}", kind, kept, other, day=day))
            continue
        given_on = draw(st.integers(1, 9))
        consents = (Consent(purpose="ACCOMMODATION", given=draw(st.booleans()), said_at=on_day(given_on)),)
        made.append(
            a_contact(
                f"contact {index}",
                *draw(st.lists(st.sampled_from(NUMBERS), max_size=3, unique=True)),
                day=day,
                reference=draw(st.sampled_from(["", "CR/1", "CR/2"])),
                force=draw(st.sampled_from(["", "", "here", "there"])) if links else "",
                facts=draw(facts()),
                consents=draw(st.sampled_from([(), consents])),
                in_reply_to=draw(st.sampled_from([None, *(one.contact_id for one in made)])),
                name=draw(st.sampled_from(NAMES)),
                date_of_birth=draw(st.sampled_from(BORN)),
                phone=draw(st.sampled_from([None, "01632 960001"])),
                content=draw(st.sampled_from(["", "as it was written"])),
            )
        )
    if not any_order:
        return made
    again = draw(st.lists(st.sampled_from(made), max_size=2))
    others = [one.model_copy(update={"contact_id": draw(st.sampled_from(made)).contact_id}) for one in again]
    stray = [an_answer("stray", "never told", reference=draw(st.sampled_from(["", "CR/1"])))]
    return draw(st.permutations([*made, *again, *others, *draw(st.sampled_from([[], stray]))]))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_order_of_arrival_ends_in_the_same_people_with_the_same_facts(data: st.DataObject) -> None:
    told = data.draw(contacts(links=True))
    # An answer is only ever given after its question, and the question only after its contact.
    told = [contact.model_copy(update={"in_reply_to": None}) for contact in told]
    assert seen_last(File(*told)) == seen_last(File(*data.draw(st.permutations(told))))


@settings(max_examples=60, deadline=None)
@given(contacts(links=True))
def test_a_person_never_changes_but_for_a_reason(told: Sequence[Contact]) -> None:
    file = File()
    for contact in told:
        before = {one: said.person for one, said in file.said.items()}
        joined = file.offer(contact)
        if not isinstance(joined, Joined):
            continue
        changed = {one for one, person in before.items() if file.said[one].person != person}
        assert changed == {one.contact_id for one in joined.rekeyed}
        assert all(one.because == contact.contact_id for one in joined.rekeyed)


@settings(max_examples=60, deadline=None)
@given(contacts(links=False), st.integers(0, 6))
def test_what_later_days_bring_changes_only_standing_facts_and_consents_of_an_earlier_contact(
    told: Sequence[Contact], index: int
) -> None:
    in_order = sorted(about_one_person(told), key=lambda contact: (contact.occurred_at, contact.contact_id))
    chosen = in_order[index % len(in_order)]
    upto = File(*(one for one in in_order if one.occurred_at <= chosen.occurred_at and one is not chosen))
    everything = File(*(one for one in in_order if one is not chosen))
    first, again = own(upto, chosen), own(everything, chosen)
    assert without_standing(again) == without_standing(first)
    later = [one.facts["custody.status"] for one in in_order if tells_later(one, chosen)]
    assert again.facts.get("custody.status") == (later[-1] if later else first.facts.get("custody.status"))


@settings(max_examples=60, deadline=None)
@given(contacts(links=False), st.integers(0, 6))
def test_looking_again_when_more_has_arrived_shows_what_was_shown(told: Sequence[Contact], index: int) -> None:
    """Whatever arrived after a contact, of earlier or later days, is not seen from it."""
    one_person = about_one_person(told)
    index %= len(one_person)
    before, chosen = File(*one_person[:index]), one_person[index]
    first = before.take(chosen).drafts[0]
    for contact in one_person[index + 1 :]:
        before.take(contact)
    said = before.said[chosen.contact_id]
    everything = sorted(before.said.values(), key=lambda one: one.order)
    seen = view(said, everything, person=said.person, upto=said.recorded)
    assert draft(said, seen, revision=1) == first


def about_one_person(told: Sequence[Contact]) -> list[Contact]:
    """The same contacts, all by one number."""
    identity = a_contact("x", NUMBERS[0]).identity
    return [contact.model_copy(update={"identity": identity, "reference": "", "in_reply_to": None}) for contact in told]


def tells_later(one: Contact, than: Contact) -> bool:
    """Whether it tells where the person was at a later time."""
    return one.occurred_at > than.occurred_at and "custody.status" in one.facts


def without_standing(situation: Situation) -> Situation:
    facts = {path: value for path, value in situation.facts.items() if not FACTS[path].standing}
    observed = {path: day for path, day in situation.observed.items() if not FACTS[path].standing}
    said_by = {path: partner for path, partner in situation.said_by.items() if not FACTS[path].standing}
    history = {path: past for path, past in situation.history.items() if not FACTS[path].standing}
    return situation.model_copy(
        update={
            "consents": (),
            "facts": facts,
            "observed": observed,
            "said_by": said_by,
            "history": history,
            "person": "",
        }
    )


def own(file: File, contact: Contact) -> Situation:
    recorded = 1 + len(file.said)
    joined = join(contact, KnownContacts(tuple(file.said.values()), recorded), pepper=PEPPER)
    assert isinstance(joined, Joined)
    return joined.drafts[0].situation


@settings(max_examples=60, deadline=None)
@given(contacts(links=False))
def test_a_merge_and_its_parting_leave_everything_as_it_was(told: Sequence[Contact]) -> None:
    kept, other = "CRN X111111", "CRN X222222"
    apart = [one for one in told if not {number.type for number in one.identifiers} & {"PNC", "NHS", "NOMS"}]
    apart = [one.model_copy(update={"reference": "", "in_reply_to": None}) for one in apart]
    file = File(*apart)
    people = {one: said.person for one, said in file.said.items()}
    file.take(a_link("merge", "merged", kept, other, day=20))
    file.take(a_link("unmerge", "unmerged", kept, other, day=21))
    assert {one: file.said[one].person for one in people} == people


@settings(max_examples=100, deadline=None)
@given(contacts(links=True))
def test_every_key_that_was_ever_given_is_one_person_s(told: Sequence[Contact]) -> None:
    """Their own or an older one of theirs: so whatever is kept under it is found again, and never by somebody else."""
    file, given = File(), set[str]()
    for contact in told:
        joined = file.offer(contact)
        given |= {draft.situation.person for draft in joined.drafts} if isinstance(joined, Joined) else set()
    now: dict[str, str] = {}
    for person in {said.person for said in file.said.values()}:
        theirs = [said for said in file.said.values() if said.person == person]
        seen = view(theirs[0], theirs, person=person, upto=len(file.said))
        for key in (person, *seen.formerly):
            assert now.setdefault(key, person) == person
    assert given <= now.keys()
