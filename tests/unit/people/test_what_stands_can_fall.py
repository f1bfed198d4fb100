"""
Death, removal, being in prison, registers and bookings, as partners tell of them and take them back.

Nobody is lost for a mistaken word, and where one word contradicts another a person is told.
"""

from typing import Any

import pytest

from unit.people.partner_story import NOMS, Story

DIED, REMOVED = "DEC", "DD"
RISK_IN_A_CELL = frozenset({"crisis-self-harm-in-a-cell", "crisis-self-harm-liaison-area-unknown"})
"""What is told, and to whom, of an immediate risk in a cell of which nobody says where it is."""


# Death.


def test_whoever_is_met_after_their_death_is_told_of_at_once_and_only_once() -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    assert "met-after-death" in story.received("02-21").notices
    assert "met-after-death" not in story.leaves("CR", "03-02").notices


def test_a_risk_to_life_after_a_recorded_death_is_answered() -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    told = story.in_a_cell("03-03")
    assert {"met-after-death", *RISK_IN_A_CELL} <= told.notices
    assert not told.stopped


def test_nothing_that_was_said_of_the_dead_is_said_of_whoever_is_met_under_their_number() -> None:
    story = Story()
    story.screened("02-10", person={"nomsNumber": NOMS, "name": "Anne Test-One", "phone": "01632 960001"})
    story.leaves(DIED, "02-20")
    told = story.in_a_cell("03-03")
    assert not told.situation.consents
    assert told.fact("needs.accommodation") is None
    assert told.situation.identity_fields == ("identifiers.NOMS", "raised_by")
    assert told.notices >= RISK_IN_A_CELL


def test_whoever_is_met_again_is_helped_on_their_own_words() -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    assert {"housing-voluntary", "treatment-drugs"} <= story.screened("03-02").rules


@pytest.mark.parametrize("arrives", ["03-01", "03-05"])
def test_of_the_dead_nobody_is_referred_on_what_was_said_before_or_written_after(arrives: str) -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    assert story.screened("02-19", arrives=arrives).stopped == {"deceased"}
    ended = story.hmpps("probation-case.registration.deregistered", "03-06", registerTypeCode="MAPP")
    assert "met-after-death" not in ended.notices


def test_who_dies_after_all_is_dead() -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    story.received("02-21")
    story.leaves(DIED, "03-01")
    late = story.screened("02-28", arrives="03-02")
    assert late.stopped == {"deceased"}
    assert not late.rules


def test_in_the_instant_of_a_death_a_risk_to_life_is_answered_and_a_person_is_told() -> None:
    for first, second in (("death", "cell"), ("cell", "death")):
        story = Story()
        told = [
            story.leaves(DIED, "02-20") if each == "death" else story.in_a_cell("02-20") for each in (first, second)
        ]
        assert {rule for one in told for rule in one.notices} >= RISK_IN_A_CELL
        seen = {rule for one in (*told, *story.round_again) for rule in one.notices}
        assert seen & {"met-after-death", "died-at-the-gate-and-met-since"}


# Removal.


@pytest.mark.parametrize("code", ["ETR", "DE", "DD", "DL"])
def test_whoever_is_received_after_a_removal_is_here_and_treated_as_anybody_else(code: str) -> None:
    story = Story()
    story.screened("01-05")
    assert story.leaves(code, "01-10").stopped == {"deported"}
    assert "met-after-removal" in story.received("01-11", nomisMovementReasonCode="ETB").notices
    released = story.leaves("CR", "03-02")
    assert "met-after-removal" not in released.notices
    assert released.rules
    assert not released.stopped


def test_whoever_is_met_in_the_street_after_a_removal_is_here() -> None:
    story = Story()
    story.leaves(REMOVED, "02-20")
    told = story.met_in_the_street("03-02")
    assert told.rules == {"mental-health-community"}
    assert "met-after-removal" in told.notices


def test_whoever_is_removed_again_is_gone() -> None:
    story = Story()
    story.leaves(REMOVED, "01-10")
    story.received("01-11")
    story.leaves(REMOVED, "03-01")
    assert story.screened("02-28", arrives="03-02").stopped == {"deported"}


# Prison.


@pytest.mark.parametrize("status", ["UNDER_PRISON_CARE", "under_prison_care"])
def test_received_and_out_again_the_same_day_is_in_prison(status: str) -> None:
    story = Story()
    story.screened("02-20")
    story.leaves("CR", "03-01")
    told = story.received("03-01 16:00", currentLocation="OUTSIDE_PRISON", currentPrisonStatus=status)
    assert told.fact("event.movement") == "admitted"
    assert told.fact("custody.status") == "in_prison"
    assert told.stopped == {"back-in-prison"}


def test_of_a_release_and_a_reception_in_one_instant_the_person_is_in_prison() -> None:
    for order in ("release first", "reception first"):
        story = Story()
        steps = [lambda story=story: story.leaves("CR", "03-01"), lambda story=story: story.received("03-01")]
        for step in steps if order == "release first" else reversed(steps):
            step()
        assert story.screened("03-02").fact("custody.status") == "in_prison"


def test_a_booking_that_is_moved_to_another_number_takes_along_what_it_said() -> None:
    story = Story()
    story.received("01-05")
    moved = story.hmpps(
        "prison-offender-events.prisoner.booking.moved",
        "01-07",
        noms="A9999CA",
        movedFromNomsNumber=NOMS,
        movedToNomsNumber="A9999CA",
        bookingStartDateTime="2026-01-05T10:00:00",
    )
    assert moved.fact("custody.status") == "in_prison"
    assert "booking-taken-back" in moved.notices
    met = story.met_in_the_street("02-01")
    assert met.fact("custody.status") is None
    assert met.rules == {"mental-health-community"}
    assert met.situation.person != moved.situation.person
    assert "identity-disputed" not in met.notices


@pytest.mark.parametrize("code", [DIED, REMOVED])
def test_a_death_or_removal_under_the_wrong_number_goes_with_its_booking(code: str) -> None:
    story = Story()
    story.screened("01-02")
    story.received("01-05")
    story.leaves(code, "01-06")
    story.hmpps(
        "prison-offender-events.prisoner.booking.moved",
        "01-07",
        noms="A9999CA",
        movedFromNomsNumber=NOMS,
        movedToNomsNumber="A9999CA",
        bookingStartDateTime="2026-01-05T10:00:00",
    )
    assert [one.situation.type for one in story.round_again if one.rules] == ["liaison.screened"]
    assert not story.screened("01-08").stopped


def test_an_earlier_booking_stays_where_it_is() -> None:
    story = Story()
    story.leaves("CR", "01-02")
    story.received("01-05")
    story.hmpps(
        "prison-offender-events.prisoner.booking.moved",
        "01-07",
        noms="A9999CA",
        movedFromNomsNumber=NOMS,
        movedToNomsNumber="A9999CA",
        bookingStartDateTime="2026-01-05T10:00:00",
    )
    assert story.screened("01-08").fact("custody.status") == "released"


def test_whoever_is_met_in_the_street_is_at_liberty_whatever_an_older_event_says() -> None:
    story = Story()
    story.received("01-05")
    told = story.met_in_the_street("02-01", placeType="street")
    assert told.fact("custody.status") == "community"
    assert told.rules == {"mental-health-community"}
    assert "met-while-held" in told.notices
    assert story.screened("02-02").fact("custody.status") == "community"


def test_whoever_is_arrested_while_the_last_word_is_prison_is_in_a_cell_and_somebody_is_told_until_it_is_known() -> (
    None
):
    story = Story()
    story.received("01-05")
    told = story.in_a_cell("02-01")
    assert told.fact("custody.status") == "police_custody"
    assert told.fact("event.met_while_held") is True
    assert "met-while-held" in told.notices
    # To whoever has the case it is no news; referrals wait until a release is told.
    assert "met-while-held" in story.in_a_cell("02-01 12:00").notices


@pytest.mark.parametrize("leave", ["released", "on a day out", "to court"])
def test_an_arrest_contradicts_nothing_where_the_person_had_left_prison(leave: str) -> None:
    story = Story()
    story.received("01-05")
    if leave == "released":
        story.leaves("CR", "01-31")
    else:
        reason = "TEMPORARY_ABSENCE_RELEASE" if leave == "on a day out" else "SENT_TO_COURT"
        story.leaves("", "02-01 08:00", reason=reason, currentPrisonStatus="UNDER_PRISON_CARE")
    assert "met-while-held" not in story.in_a_cell("02-01").notices


def test_a_custody_record_that_is_closed_after_the_prison_received_them_is_no_arrest() -> None:
    story = Story()
    story.in_a_cell("02-01")
    story.received("02-02")
    body = {
        "eventType": "custody.detention.disposed",
        "custodyRecordNo": "CR-1",
        "person": {"nomsNumber": NOMS},
        "outcome": "charged_and_remanded",
    }
    assert "met-while-held" not in story.tell("custody", body, "02-02 12:00").notices


def test_a_prisoner_on_a_day_out_is_still_a_prisoner() -> None:
    story = Story()
    story.received("01-05")
    story.leaves("", "01-31", reason="TEMPORARY_ABSENCE_RELEASE", currentPrisonStatus="UNDER_PRISON_CARE")
    told = story.met_in_the_street("01-31 15:00", placeType="street")
    assert told.fact("custody.status") == "in_prison"
    assert "met-while-held" not in told.notices


@pytest.mark.parametrize(
    "leave",
    [
        lambda story: story.leaves("ZZ", "03-01"),
        lambda story: story.hmpps("restricted-patients.patient.removed", "03-01"),
        lambda story: story.hmpps("prison-offender-events.prisoner.booking.deleted", "03-01"),
    ],
)
def test_whoever_left_nobody_knows_where_to_is_nowhere_that_anybody_knows(leave: Any) -> None:
    story = Story()
    story.received("01-05")
    leave(story)
    told = story.in_a_cell("03-02", person={"nomsNumber": NOMS})
    assert story.screened("03-03").fact("custody.status") == "police_custody"
    assert told.notices >= RISK_IN_A_CELL
    assert not told.stopped


# Registers.


def registered(story: Story, kind: str, at: str, number: str = "", **more: Any) -> Any:
    named = {"registrationId": number} if number else {}
    return story.hmpps(f"probation-case.registration.{kind}", at, registerTypeCode="MAPP", **named, **more)


def on_the_register(told: Any) -> bool:
    return bool(told.fact("registrations") == [{"code": "MAPP", "active": True}])


@pytest.mark.parametrize("ended", ["1001", ""])
def test_of_two_registrations_of_one_kind_one_ends_and_the_register_stands(ended: str) -> None:
    story = Story()
    registered(story, "added", "01-01", "1001")
    registered(story, "added", "02-01", "2002")
    assert on_the_register(registered(story, "deregistered", "02-01 10:01", ended))
    assert "approved-housing-voluntary" in story.screened("03-01").rules
    assert not on_the_register(registered(story, "deregistered", "03-02", "2002" if ended else ""))


def test_the_end_of_a_registration_that_nobody_told_of_ends_no_other() -> None:
    story = Story()
    registered(story, "added", "02-01", "2002")
    assert on_the_register(registered(story, "deregistered", "02-02", "1001"))


def test_a_level_that_changes_makes_no_second_registration() -> None:
    story = Story()
    registered(story, "added", "01-01", "1001")
    registered(story, "updated", "02-01", "1001")
    assert not on_the_register(registered(story, "deregistered", "03-01", "1001"))
    story = Story()
    registered(story, "added", "01-01")
    registered(story, "updated", "02-01")
    assert not on_the_register(registered(story, "deleted", "03-01"))


@pytest.mark.parametrize("order", ["ended first", "added first"])
def test_of_an_end_and_a_beginning_in_one_instant_the_register_stands(order: str) -> None:
    story = Story()
    registered(story, "added", "01-01", "1001")
    for kind, number in sorted((("deregistered", ""), ("added", "2002")), reverse=order == "ended first"):
        registered(story, kind, "02-01", number)
    assert on_the_register(story.screened("03-01"))


# Places to go to.


def place(story: Story, what: str, at: str, booking: str, service: str = "approved-premises") -> Any:
    return story.hmpps(f"{service}.{what}", at, bookingId=booking)


@pytest.mark.parametrize("over", ["booking.cancelled", "person.arrived", "person.not-arrived"])
def test_a_booking_that_is_over_is_no_place_to_go_to(over: str) -> None:
    story = Story()
    assert place(story, "booking.made", "02-01", "b1").fact("accommodation.next_arranged") is True
    assert place(story, over, "02-02", "b1").fact("accommodation.next_arranged") is False


def test_of_two_bookings_one_is_cancelled_and_the_other_stands() -> None:
    story = Story()
    place(story, "booking.made", "02-01", "b1")
    place(story, "booking.made", "02-02", "b2")
    assert place(story, "booking.cancelled", "02-03", "b1").fact("accommodation.next_arranged") is True
    assert place(story, "person.not-arrived", "02-04", "b2").fact("accommodation.next_arranged") is False


def test_the_end_of_a_booking_that_names_none_ends_all() -> None:
    story = Story()
    place(story, "booking.made", "02-01", "b1")
    place(story, "booking.made", "02-02", "b2")
    assert place(story, "booking.cancelled", "02-03", "").fact("accommodation.next_arranged") is False


def test_what_a_practitioner_says_after_a_booking_counts() -> None:
    story = Story()
    place(story, "booking.made", "02-01", "b1")
    assert story.screened("02-02").fact("accommodation.next_arranged") is False


def test_whoever_did_not_arrive_is_referred_as_homeless() -> None:
    story = Story()
    story.screened("02-10")
    place(story, "booking.made", "02-12", "b1")
    assert "duty-to-refer-on-release" not in story.leaves("CR", "03-01").rules
    assert "duty-to-refer-on-release" in place(story, "person.not-arrived", "03-02", "b1").rules


@pytest.mark.parametrize("service", ["approved-premises", "accommodation.cas3"])
def test_whoever_has_left_lives_nobody_knows_where(service: str) -> None:
    story = Story()
    assert place(story, "person.arrived", "02-01", "b1", service).fact("accommodation.current") in ("cas1", "cas3")
    assert place(story, "person.departed", "03-01", "b1", service).fact("accommodation.current") is None


# Release dates.


def planned(story: Story, day: str, at: str) -> Any:
    body = {
        "eventType": "probation.release.planned",
        "person": {"nomsNumber": NOMS},
        "plannedOn": f"2026-{day}",
    }
    return story.tell("probation", body, at)


def test_a_release_date_reckoned_anew_after_the_release_plans_none() -> None:
    story = Story()
    planned(story, "03-20", "02-01")
    assert story.leaves("CR", "03-01").fact("release.planned_on") is None
    assert planned(story, "05-20", "03-05").fact("release.planned_on") is None
    assert story.screened("03-06").fact("release.planned_on") is None


def test_back_in_prison_only_what_was_planned_since_counts() -> None:
    story = Story()
    planned(story, "04-20", "02-01")
    story.leaves("CR", "03-01")
    assert story.received("03-10").fact("release.planned_on") is None
    assert planned(story, "06-01", "03-11").situation.facts["release.planned_on"].isoformat() == "2026-06-01"


# Records that are gone.


def deleted(story: Story, at: str, **more: Any) -> Any:
    body = {
        "eventType": "probation-case.deleted.gdpr",
        "personReference": {"identifiers": [{"type": "CRN", "value": "X123456"}]},
    }
    return story.tell("hmpps", body, at, **more)


def assessed(story: Story, at: str, **more: Any) -> Any:
    body = {
        "eventType": "probation.needs.assessed",
        "person": {"crn": "X123456", "name": "Anne Test-One"},
        "needs": [{"category": "ACCOMMODATION", "severity": 4}],
    }
    return story.tell("probation", body, at, **more)


def test_a_record_that_is_deleted_for_good_at_its_source_is_deleted_here_and_a_person_is_told() -> None:
    story = Story()
    assessed(story, "02-01")
    told = deleted(story, "03-01")
    assert "record-deleted-at-source" in told.notices
    assert told.fact("needs.accommodation") is None
    assert told.situation.identity_fields == ("identifiers.CRN",)
    kept = [one for one in story.file.said.values() if one.type == "probation.needs-assessed"]
    assert [(one.facts, one.identity.name, one.reference) for one in kept] == [({}, None, "")]


def test_what_a_deleted_record_said_is_not_kept_when_it_arrives_late_and_what_others_said_stays() -> None:
    story = Story()
    body = {"eventType": "custody.detention.authorised", "person": {"crn": "X123456"}, "needs": []}
    story.tell("custody", {**body, "domesticAbuse": {"dashScore": 7}}, "02-02")
    deleted(story, "03-01")
    assert assessed(story, "02-01", arrives="03-02").fact("needs.accommodation") is None
    after = assessed(story, "03-05")
    assert after.fact("needs.accommodation") == 4
    assert after.fact("risk.dash_score") == 7


@pytest.mark.parametrize("kind", ["prisoner-offender-search.prisoner.removed", "probation-case.engagement.deleted"])
def test_of_a_record_that_was_removed_perhaps_after_a_merge_a_person_is_told(kind: str) -> None:
    story = Story()
    story.screened("02-01")
    told = story.hmpps(kind, "03-01")
    assert "record-deleted-at-source" in told.notices
    assert told.fact("needs.accommodation") == 3


REMOVED_RECORD = "prisoner-offender-search.prisoner.removed"


def test_a_prisoner_whose_record_is_removed_is_nowhere_that_anybody_knows() -> None:
    story = Story()
    story.received("01-05")
    assert story.hmpps(REMOVED_RECORD, "03-01").fact("custody.status") is None
    assert story.met_in_the_street("03-02").fact("custody.status") is None


def test_where_somebody_is_who_is_not_in_prison_stands_when_their_prison_record_is_removed() -> None:
    story = Story()
    story.received("01-05")
    story.leaves("CR", "02-01")
    assert story.hmpps(REMOVED_RECORD, "03-01").fact("custody.status") == "released"
    story.in_a_cell("03-02")
    assert story.hmpps(REMOVED_RECORD, "03-03").fact("custody.status") == "police_custody"


@pytest.mark.parametrize("first", ["merged", "removed"])
def test_a_record_that_is_removed_because_it_was_merged_takes_nobody_out_of_prison(first: str) -> None:
    story = Story()
    story.received("01-04", noms="A9999CA")
    story.received("01-05")
    for step in ("merged", "removed") if first == "merged" else ("removed", "merged"):
        if step == "merged":
            story.hmpps("prison-offender-events.prisoner.merged", "03-01", removedNomsNumber="A9999CA")
        else:
            story.hmpps(REMOVED_RECORD, "03-01", noms="A9999CA")
    assert story.hmpps("probation-case.engagement.created", "03-02").fact("custody.status") == "in_prison"


# Two who were taken for one.


TWIN, CASE, TWINS_CASE = "A9999CA", "X111111", "X222222"


def merged_with_a_twin_who_is_gone(code: str) -> Story:
    """A man at risk in a cell, and his twin, who leaves under a movement code; their cases are merged."""
    story = Story()
    story.in_a_cell("03-01", person={"crn": CASE})
    story.hmpps("probation-case.prison-identifier.added", "02-01", noms=TWIN, crn=TWINS_CASE)
    story.leaves(code, "03-02", noms=TWIN)
    story.hmpps("probation-case.merge.completed", "03-03", noms="", targetCRN=CASE, sourceCRN=TWINS_CASE)
    return story


@pytest.mark.parametrize(
    ("code", "notice"), [(DIED, "death-taken-back"), (REMOVED, "removal-taken-back")], ids=["dead", "removed"]
)
def test_of_whoever_is_parted_from_the_dead_a_person_is_told_that_their_referrals_were_ended(
    code: str, notice: str
) -> None:
    story = merged_with_a_twin_who_is_gone(code)
    assert notice not in {one for told in story.round_again for one in told.notices}
    story.hmpps("probation-case.unmerge.completed", "03-04", noms="", unmergedCRN=TWINS_CASE, reactivatedCRN=CASE)
    (living,) = [told for told in story.round_again if told.situation.source == "custody"]
    assert notice in living.notices
    assert not living.stopped
    assert living.notices >= RISK_IN_A_CELL
    assert [told.notices & {notice} for told in story.round_again if told is not living] == [set()] * (
        len(story.round_again) - 1
    )
    assert notice not in story.in_a_cell("03-05", person={"crn": CASE}).notices


def test_of_whoever_s_death_goes_with_a_booking_that_was_somebody_else_s_a_person_is_told() -> None:
    story = Story()
    story.screened("01-02")
    story.received("01-05")
    story.leaves(DIED, "01-06")
    story.hmpps(
        "prison-offender-events.prisoner.booking.moved",
        "01-07",
        noms=TWIN,
        movedFromNomsNumber=NOMS,
        movedToNomsNumber=TWIN,
        bookingStartDateTime="2026-01-05T10:00:00",
    )
    (living,) = [told for told in story.round_again if told.situation.type == "liaison.screened"]
    assert "death-taken-back" in living.notices


def test_a_death_that_a_late_word_contradicts_is_told_as_that_and_not_as_somebody_else_s() -> None:
    story = Story()
    story.leaves(DIED, "02-20")
    registered(story, "added", "02-25", "1001")
    told = story.in_a_cell("02-22", arrives="02-26")
    assert "met-after-death" in told.notices
    assert [one.situation.type for one in story.round_again] == ["probation.registration-added"]
    assert "death-taken-back" not in story.round_again[0].notices


def test_of_two_severities_said_in_one_instant_the_higher_counts() -> None:
    for severities in ((2, 4), (4, 2)):
        story = Story()
        for number, severity in enumerate(severities):
            story.in_a_cell("03-01", custodyRecordNo=f"CR-{number}", riskAssessment={"selfHarm": severity})
        assert story.screened("03-02").fact("risk.self_harm") == 4
