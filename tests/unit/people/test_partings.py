"""Whoever was taken for somebody else and is parted: what was known at their contacts by the other's word alone."""

from onward.contracts.contact import Consent
from unit.people.people_builders import File, a_contact, a_link, named, on_day

ONE, OTHER = "CRN X111111", "CRN X222222"


def merged_and_parted() -> File:
    file = File()
    drugs = (Consent(purpose="SUBSTANCE_DRUGS", given=True, said_at=on_day(1)),)
    file.situation(
        a_contact(
            "one", ONE, facts={"needs.substance_drugs": 3}, consents=drugs, name="Anne Test-One", phone="01632 960001"
        )
    )
    file.situation(a_link("merge", "merged", ONE, OTHER, day=2))
    file.situation(a_contact("other", OTHER, day=3, facts={"needs.accommodation": 2}))
    return file


def test_each_contact_names_what_was_known_at_it_by_the_other_s_word() -> None:
    joined = merged_and_parted().take(a_link("unmerge", "unmerged", ONE, OTHER, day=4))
    parted = {each.situation.contact_id: each.situation.parted for each in joined.drafts}
    theirs = parted[named("other")]
    assert theirs is not None
    assert named("one") in theirs.contacts
    assert set(theirs.own[named("other")]) >= {"needs.substance_drugs", "consent.substance_drugs", "name", "phone"}
    assert "needs.accommodation" not in theirs.own[named("other")]


def test_who_told_first_was_seen_with_nothing_of_the_other_s() -> None:
    joined = merged_and_parted().take(a_link("unmerge", "unmerged", ONE, OTHER, day=4))
    of_one = [
        each.situation.parted
        for each in joined.drafts
        if each.situation.parted and named("one") in each.situation.parted.own
    ]
    assert all(parted.own[named("one")] == () for parted in of_one)


def test_who_was_never_taken_for_another_is_parted_from_nobody() -> None:
    file = merged_and_parted()
    assert file.situation(a_contact("again", OTHER, day=5)).parted is None
