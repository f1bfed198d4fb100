"""Which contacts are about one person: a wrong join mixes two people, which is worse than a missed one."""

from itertools import permutations

from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored
from unit.people.people_builders import File, a_contact, a_link, a_release, a_screening, named, number, on_day


def test_a_stranger_gets_a_key_of_their_own() -> None:
    joined = File().take(a_contact("arrest", "PNC 2002/0073319Z"))
    assert joined.result == "new_person"
    assert len(joined.drafts[0].situation.person) == 32


def test_a_number_known_already_names_the_same_person() -> None:
    file = File(a_contact("arrest", "PNC 2002/0073319Z"))
    joined = file.take(a_contact("second arrest", "PNC 2002/0073319Z", day=2))
    assert joined.result == "known_person"
    assert file.person("arrest") == file.person("second arrest")


def test_the_same_custody_record_names_the_same_person_without_any_number() -> None:
    file = File(a_contact("detained", reference="CR/1"), a_contact("disposed", reference="CR/1", day=2))
    assert file.person("detained") == file.person("disposed")


def test_a_reference_of_another_partner_names_nobody() -> None:
    file = File(a_contact("arrest", reference="17"), a_contact("triage", reference="17", source="street-triage"))
    assert file.person("arrest") != file.person("triage")


def test_two_contacts_of_which_nothing_is_known_are_two_people() -> None:
    file = File(a_contact("one"), a_contact("another", day=2))
    assert file.person("one") != file.person("another")


def test_an_arrest_summons_number_names_an_arrest_and_joins_nobody() -> None:
    file = File(a_contact("one", "ASN 1101ZD0100000410836V"), a_contact("two", "ASN 1101ZD0100000410836V", day=2))
    assert file.person("one") != file.person("two")


def test_an_arrest_summons_number_is_carried() -> None:
    joined = File().take(a_contact("arrest", "PNC 2002/0073319Z", "ASN 1101ZD0100000410836V"))
    assert joined.drafts[0].situation.identity_fields == ("identifiers.PNC", "identifiers.ASN")


def test_a_contact_with_both_numbers_makes_two_people_one() -> None:
    file = File(a_contact("arrest", "PNC 2002/0073319Z"), a_release("release", "NOMS A1234BC", day=2))
    assert file.person("arrest") != file.person("release")
    older = file.person("arrest")
    joined = file.take(a_screening("screening", "NOMS A1234BC", "PNC 2002/0073319Z", day=3))
    assert joined.result == "rekeyed"
    assert {file.person(event) for event in ("arrest", "release", "screening")} == {older}
    assert [(one.contact_id, one.person, one.because) for one in joined.rekeyed] == [
        (named("release"), older, named("screening"))
    ]


def test_a_link_between_two_records_makes_them_one_person() -> None:
    file = File(a_contact("licence", "CRN X123456"), a_release("release", "NOMS A1234BC", day=2))
    file.take(a_link("prison number added", "same", "CRN X123456", "NOMS A1234BC", day=3))
    assert file.person("licence") == file.person("release")


def test_a_merge_makes_two_prison_numbers_one_person_who_keeps_the_older_key() -> None:
    file = File(a_release("one", "NOMS A1234BC", day=1), a_release("other", "NOMS A9999ZZ", day=2))
    older = file.person("one")
    file.take(a_link("merge", "merged", "NOMS A9999ZZ", "NOMS A1234BC", day=3, source="hmpps"))
    assert file.person("one") == file.person("other") == older


def test_after_a_merge_each_record_may_have_brought_a_probation_number_of_its_own() -> None:
    file = File(
        a_release("one", "NOMS A1234BC", "CRN X111111", day=1),
        a_release("other", "NOMS A9999ZZ", "CRN X222222", day=2),
        a_contact("licence", "CRN X222222", day=2),
        a_link("merge", "merged", "NOMS A9999ZZ", "NOMS A1234BC", day=3, source="hmpps"),
    )
    assert len(file.together()) == 1


def test_a_merge_told_before_any_other_contact_counts_all_the_same() -> None:
    file = File(
        a_link("merge", "merged", "NOMS A9999ZZ", "NOMS A1234BC", day=3, source="hmpps"),
        a_release("one", "NOMS A1234BC", day=1),
        a_release("other", "NOMS A9999ZZ", day=2),
    )
    assert file.person("one") == file.person("other")


def test_two_prison_numbers_with_one_police_number_are_not_joined_by_it() -> None:
    file = File(
        a_release("one", "NOMS A1234BC", "PNC 2002/0073319Z", day=1),
        a_release("other", "NOMS A9999ZZ", "PNC 2002/0073319Z", day=2),
    )
    assert file.person("one") != file.person("other")


def test_a_contact_with_only_the_contested_number_is_joined_with_neither() -> None:
    file = File(
        a_contact("arrest", "PNC 2002/0073319Z", day=1),
        a_contact("second arrest", "PNC 2002/0073319Z", day=2),
        a_release("one", "NOMS A1234BC", "PNC 2002/0073319Z", day=3),
    )
    assert file.person("arrest") == file.person("one")
    file.take(a_release("other", "NOMS A9999ZZ", "PNC 2002/0073319Z", day=4))
    assert file.person("arrest") == file.person("second arrest")
    assert len({file.person(event) for event in ("arrest", "one", "other")}) == 3


def test_a_merge_heals_what_was_contested() -> None:
    file = File(
        a_contact("arrest", "PNC 2002/0073319Z", day=1),
        a_release("one", "NOMS A1234BC", "PNC 2002/0073319Z", day=3),
        a_release("other", "NOMS A9999ZZ", "PNC 2002/0073319Z", day=4),
        a_link("merge", "merged", "NOMS A1234BC", "NOMS A9999ZZ", day=5, source="hmpps"),
    )
    assert len(file.together()) == 1


def test_a_prison_number_with_two_probation_numbers_is_joined_with_neither_of_them() -> None:
    file = File(
        a_contact("first licence", "CRN X111111"),
        a_contact("second licence", "CRN X222222"),
        a_release("release", "NOMS A1234BC", "CRN X111111", day=2),
    )
    assert file.person("release") == file.person("first licence")
    file.take(a_release("second release", "NOMS A1234BC", "CRN X222222", day=3))
    assert file.person("release") == file.person("second release")
    assert len(file.together()) == 3


def test_someone_may_have_two_police_numbers() -> None:
    file = File(
        a_contact("arrest", "PNC 2002/0073319Z"),
        a_contact("alias", "PNC 1979/0163001B", day=2),
        a_release("one", "NOMS A1234BC", "PNC 2002/0073319Z", day=3),
        a_release("two", "NOMS A1234BC", "PNC 1979/0163001B", day=4),
    )
    assert len(file.together()) == 1


def test_two_defendants_of_one_hearing_are_two_people_though_they_share_its_reference() -> None:
    def in_court(event: str) -> Contact:
        return a_contact(event, source="courts", type="court.hearing-resulted", reference="URN1", at=on_day(3))

    file = File(in_court("first defendant"), in_court("second defendant"))
    assert file.person("first defendant") != file.person("second defendant")


def test_a_reference_that_two_people_have_joins_neither_with_a_third() -> None:
    file = File(
        a_contact("one", "NOMS A1234BC", reference="UNKNOWN"),
        a_contact("two", "NOMS A9999ZZ", reference="UNKNOWN", day=2),
        a_contact("third", reference="UNKNOWN", day=3),
        a_contact("fourth", reference="UNKNOWN", day=4),
    )
    assert len(file.together()) == 4


def test_a_bad_reference_does_not_undo_a_good_one() -> None:
    file = File(
        a_contact("one", "NOMS A1234BC", reference="UNKNOWN"),
        a_contact("two", "NOMS A9999ZZ", reference="UNKNOWN", day=2),
        a_contact("one at the desk", "NOMS A1234BC", reference="CR/1", day=3),
        a_contact("one again", reference="CR/1", day=4),
    )
    assert file.person("one") == file.person("one again")


def test_a_repeat_is_ignored() -> None:
    contact = a_contact("arrest", "PNC 2002/0073319Z")
    assert File(contact).join(contact) == Ignored("repeat")


def test_parting_gives_each_record_its_own_contacts_and_its_own_key_back() -> None:
    file = File(a_contact("one", "CRN X111111", day=1), a_contact("other", "CRN X222222", day=2))
    one, other = file.person("one"), file.person("other")
    file.take(a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3))
    assert file.person("one") == file.person("other") == one
    file.take(a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4))
    assert (file.person("one"), file.person("other")) == (one, other)
    assert file.was == [(other, one), (one, other)]


def test_parting_outranks_a_stronger_number_that_both_records_carry() -> None:
    file = File(
        a_contact("one", "CRN X111111", "NOMS A1234BC", day=1),
        a_contact("other", "CRN X222222", "NOMS A1234BC", day=2),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4),
    )
    assert file.person("one") != file.person("other")


def test_a_link_told_after_parting_says_whose_the_shared_number_is() -> None:
    file = File(
        a_contact("one", "CRN X111111", "NOMS A1234BC", day=1),
        a_contact("other", "CRN X222222", "NOMS A1234BC", day=2),
        a_release("release", "NOMS A1234BC", day=3),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4),
    )
    assert len(file.together()) == 3
    file.take(a_link("prison number added", "same", "CRN X111111", "NOMS A1234BC", day=5))
    assert file.person("release") == file.person("one") != file.person("other")


def test_a_merge_of_a_record_already_merged_is_parted_from_the_last_only() -> None:
    told = [
        a_contact("a", "CRN A111111"),
        a_contact("b", "CRN B111111"),
        a_contact("z", "CRN Z111111"),
        a_link("b into a", "merged", "CRN A111111", "CRN B111111", day=2),
        a_link("a into z", "merged", "CRN Z111111", "CRN A111111", day=3),
        a_link("b parted", "unmerged", "CRN Z111111", "CRN B111111", day=4),
    ]
    file = File(*told)
    assert file.person("a") == file.person("z") != file.person("b")


def test_of_merge_and_parting_the_later_event_counts_in_whatever_order_they_arrive() -> None:
    told = [
        a_contact("one", "CRN X111111", day=1),
        a_contact("other", "CRN X222222", day=2),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3),
        a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4),
    ]
    for order in permutations(told):
        file = File(*order)
        assert file.person("one") != file.person("other")


def test_a_key_cannot_be_computed_from_a_number() -> None:
    situation = File().situation(a_contact("arrest", "PNC 2002/0073319Z"))
    assert number("PNC 2002/0073319Z").value not in situation.model_dump_json()


def test_who_two_records_turn_out_to_be_brings_the_keys_of_both() -> None:
    file = File(a_contact("one", "CRN X111111", day=1), a_contact("other", "CRN X222222", day=2))
    one, other = file.person("one"), file.person("other")
    merge = file.situation(a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3))
    assert (merge.person, merge.formerly) == (one, (other,))
    assert file.situation(a_contact("visit", "CRN X222222", day=4)).formerly == (other,)
    by_number = File(a_contact("one", "CRN X111111", day=1), a_contact("other", "NOMS A1234BC", day=2))
    both = by_number.situation(a_contact("both", "CRN X111111", "NOMS A1234BC", day=3))
    assert (both.person, both.formerly) == (by_number.person("one"), (other,))


def test_older_keys_are_sorted_and_no_more_than_anybody_needs() -> None:
    numbers = [f"CRN X{index:06}" for index in range(40)]
    file = File(*(a_contact(text, text) for text in numbers))
    newest = sorted(file.person(text) for text in numbers[-32:])
    merges = [file.situation(a_link(f"merge {text}", "merged", numbers[0], text, day=2)) for text in numbers[1:]]
    assert list(merges[-1].formerly) == newest


def test_who_was_never_anybody_else_has_no_older_key() -> None:
    file = File(a_contact("one", "CRN X111111", day=1))
    assert file.situation(a_contact("again", "CRN X111111", day=2)).formerly == ()


def test_parting_takes_each_key_to_the_person_who_had_it() -> None:
    file = File(
        a_contact("one", "CRN X111111", day=1),
        a_contact("other", "CRN X222222", day=2),
        a_link("merge", "merged", "CRN X111111", "CRN X222222", day=3),
    )
    drafts = file.take(a_link("unmerge", "unmerged", "CRN X111111", "CRN X222222", day=4)).drafts
    assert [draft.situation.formerly for draft in drafts] == [()] * len(drafts)
    for number_kept in ("CRN X111111", "CRN X222222"):
        assert file.situation(a_contact(f"visit {number_kept}", number_kept, day=5)).formerly == ()


def test_a_declaration_about_others_excuses_no_contradiction_of_ours() -> None:
    file = File(
        a_contact("one", "CRN X111111", reference="CR/2", day=2),
        a_contact("other", "CRN X222222", reference="CR/2", day=1),
        a_link("elsewhere", "same", "NOMS A1234BC", "NOMS A9999ZZ"),
    )
    assert file.person("one") != file.person("other")
