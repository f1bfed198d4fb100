"""What was worked out before saves time and changes nothing: not a byte of what is stored, said or asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onward.contracts.contact import Contact
from onward.people.domain.changes import ContactChanges
from onward.people.domain.folds import NONE, Folds
from onward.people.domain.join import KnownContacts, changes_of_contact
from onward.people.domain.remembered import RememberedContact, remember
from onward.people.domain.situations import situations_for
from unit.people.people_builders import PEPPER, a_contact, a_release, a_screening
from unit.people.test_people_in_any_order import contacts


def played(told: Sequence[Contact], folds: Folds, *, lost: frozenset[int] = frozenset()) -> list[Any]:
    """All that follows from contacts told one after the other; of those that are *lost* nothing is remembered."""
    known: dict[Any, RememberedContact] = {}
    made: list[Any] = []
    for place, contact in enumerate(told, 1):
        one = remember(contact, recorded=place, pepper=PEPPER)
        changed = changes_of_contact(one, KnownContacts(tuple(known.values()), place, folds=folds), id_key=PEPPER)
        made.append(changed if not isinstance(changed, ContactChanges) else _written(changed))
        if isinstance(changed, ContactChanges) and place not in lost:
            known |= {change.contact.contact_id: change.contact for change in changed.changes}
    return [*made, sorted(map(repr, known.values()))]


def _written(changed: ContactChanges) -> list[str]:
    drafts = situations_for(changed)
    return [
        repr(changed.changes),
        repr(changed.questions),
        *(draft.situation.model_dump_json() for draft in drafts),
        *(draft.identity.model_dump_json() + repr(draft.references) for draft in drafts),
    ]


@settings(max_examples=150, deadline=None)
@given(contacts(links=True, any_order=True), st.sets(st.integers(1, 9), max_size=2))
def test_a_story_of_anybody_comes_out_the_same(told: Sequence[Contact], lost: set[int]) -> None:
    assert played(told, Folds(), lost=frozenset(lost)) == played(told, NONE, lost=frozenset(lost))


@settings(max_examples=150, deadline=None)
@given(contacts(links=False, any_order=True), st.sets(st.integers(1, 9), max_size=2))
def test_a_story_of_one_person_comes_out_the_same(told: Sequence[Contact], lost: set[int]) -> None:
    one = a_contact("x", "NOMS A1234BC").identity.identifiers
    of_one = [
        each.model_copy(update={"identity": each.identity.model_copy(update={"identifiers": one})}) for each in told
    ]
    assert played(of_one, Folds(), lost=frozenset(lost)) == played(of_one, NONE, lost=frozenset(lost))


def test_a_long_story_comes_out_the_same() -> None:
    noms = "NOMS A1234BC"
    told: list[Contact] = []
    for day in range(1, 80):
        told += [
            a_screening(f"s{day}", noms, day=day, name="Test Person", needs={"mental_health": day % 5}),
            a_contact(f"c{day}", noms, day=day, facts={"risk.self_harm": day % 4}, reference=f"CR/{day // 3}"),
            a_release(f"r{day}", noms, day=day + day % 3),
        ]
    assert played(told, Folds()) == played(told, NONE)


def test_what_is_changed_in_between_is_worked_out_anew() -> None:
    folds = Folds()
    told = [remember(a_contact(str(day), "NOMS A1234BC", day=day), recorded=day, pepper=PEPPER) for day in (1, 2, 3)]
    assert folds.upto("told", "", told, _Told).ids == [one.contact_id for one in told]
    other = [told[0], replace(told[1], revision=2), told[2]]
    assert folds.upto("told", "", other, _Told).revisions == [1, 2, 1]
    assert folds.upto("told", "", other[:1], _Told).revisions == [1]


class _Told:
    def __init__(self) -> None:
        self.ids: list[Any] = []
        self.revisions: list[int] = []

    def take(self, one: RememberedContact) -> None:
        self.ids.append(one.contact_id)
        self.revisions.append(one.revision)

    def copy(self) -> "_Told":
        made = _Told()
        made.ids, made.revisions = [*self.ids], [*self.revisions]
        return made
