"""What is known in the end depends on what was said, never on the order in which it arrived."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.contracts.contact import Consent, Contact
from onward.contracts.situation import Situation
from onward.people.domain import Joined, Known, join
from unit.people.people_builders import PEPPER, File, a_contact, a_link, on_day, seen_last

NUMBERS = ("NOMS A1234BC", "NOMS A9999ZZ", "CRN X111111", "CRN X222222", "PNC 2002/0073319Z", "NHS 9434765919")
PAIRS = (("NOMS A1234BC", "NOMS A9999ZZ"), ("CRN X111111", "CRN X222222"), ("CRN X111111", "NOMS A1234BC"))


def facts() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "needs.accommodation": st.integers(0, 4),
            "custody.status": st.sampled_from(["in_prison", "released"]),
            "event.threshold": st.just("crime"),
            "registrations": st.lists(
                st.fixed_dictionaries({"code": st.sampled_from(["MAPP", "AVIS"]), "active": st.booleans()}), max_size=2
            ),
        },
    )


@st.composite
def contacts(draw: st.DrawFn, *, links: bool) -> list[Contact]:
    """Contacts about a few people, whose numbers contradict each other here and there."""
    made: list[Contact] = []
    for index in range(draw(st.integers(2, 7))):
        day = draw(st.integers(1, 9))
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
                facts=draw(facts()),
                consents=draw(st.sampled_from([(), consents])),
                in_reply_to=draw(st.sampled_from([None, *(one.contact_id for one in made)])),
            )
        )
    return made


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
        joined = file.take(contact)
        changed = {one for one, person in before.items() if file.said[one].person != person}
        assert changed == {one.contact_id for one in joined.rekeyed}
        assert all(one.because == contact.contact_id for one in joined.rekeyed)


@settings(max_examples=60, deadline=None)
@given(contacts(links=False), st.integers(0, 6))
def test_looking_again_when_more_is_known_shows_the_same(told: Sequence[Contact], index: int) -> None:
    """As of the event: what is told of later days changes nothing of what an earlier contact saw."""
    one_person = [
        contact.model_copy(
            update={
                "identity": told[0].identity.model_copy(
                    update={"identifiers": (*a_contact("x", NUMBERS[0]).identifiers,)}
                ),
                "reference": "",
                "in_reply_to": None,
            }
        )
        for contact in told
    ]
    in_order = sorted(one_person, key=lambda contact: (contact.occurred_at, contact.contact_id))
    chosen = in_order[index % len(in_order)]
    upto = File(*(one for one in in_order if one.occurred_at <= chosen.occurred_at and one is not chosen))
    everything = File(*(one for one in in_order if one is not chosen))
    first = own(upto, chosen)
    again = own(everything, chosen)
    assert again.model_copy(update={"person": first.person}) == first


def own(file: File, contact: Contact) -> Situation:
    recorded = 1 + len(file.said)
    joined = join(contact, Known(tuple(file.said.values()), recorded), pepper=PEPPER)
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
