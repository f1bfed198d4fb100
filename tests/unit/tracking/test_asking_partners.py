from datetime import UTC, datetime, timedelta

import pytest

from onward.contracts.fact_kinds import in_words
from onward.contracts.facts import FACTS
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_decision, a_suppression

EVERYBODY = {"custody": "C/1", "liaison": "L/1", "probation": "X000001"}


def asked(desk: Desk) -> dict[str, list[str]]:
    """What each partner was asked, by topic."""
    questions = [message for message in desk.said if message.topic.startswith("questions.")]
    found: dict[str, list[str]] = {}
    for message in questions:
        found.setdefault(message.topic, [])
        found[message.topic] += [fact["path"] for fact in message.body.model_dump()["facts"]]
    return found


def test_a_missing_fact_is_asked_of_the_partner_that_reported_the_contact() -> None:
    desk = Desk()
    step = desk.decide(a_decision(missing=["accommodation.status"], references=EVERYBODY))
    assert step.result == "asked"
    [question] = desk.questions()
    assert (question.reference, question.facts[0].path) == ("C/1", "accommodation.status")
    assert question.facts[0].allowed == "one of: settled, at_risk, homeless"
    assert [message.key for message in desk.said] == ["C/1"]


def test_a_fact_the_reporter_cannot_see_is_asked_of_another_that_knows_the_person() -> None:
    desk = Desk()
    desk.decide(
        a_decision(
            missing=["accommodation.status", "consent.accommodation", "release.planned_on", "needs.finance_debt"],
            references=EVERYBODY,
        )
    )
    assert asked(desk) == {
        "questions.custody": ["accommodation.status"],
        "questions.liaison": ["consent.accommodation", "needs.finance_debt"],
        "questions.probation": ["release.planned_on"],
    }


def test_a_partner_that_does_not_know_the_person_is_never_asked() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["needs.finance_debt"], references={"custody": "C/1"}))
    assert desk.questions() == []
    assert [escalation.kind for escalation in desk.escalations()] == ["nobody-can-answer"]


def test_what_nobody_can_say_goes_to_a_person_on_duty_once() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.sex", "accommodation.status"]))
    desk.decide(a_decision(missing=["person.sex", "accommodation.status"], revision=2))
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to) == ("nobody-can-answer", "duty-practitioner")
    assert "person.sex" in escalation.why
    assert "accommodation" not in escalation.why


def test_a_fact_of_the_event_is_asked_of_nobody_but_its_reporter() -> None:
    desk = Desk()
    desk.decide(
        a_decision(missing=["event.setting"], source="liaison", references={"liaison": "L/1", "custody": "C/1"})
    )
    assert desk.questions() == []
    desk.decide(a_decision(contact="arrest-2", missing=["event.setting"], references=EVERYBODY))
    assert asked(desk) == {"questions.custody": ["event.setting"]}


def test_a_date_of_birth_is_asked_with_what_it_is_for() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.date_of_birth"]))
    [fact] = desk.questions()[0].facts
    assert fact.why == FACTS["person.age"].why
    assert fact.allowed == "a day such as 2026-01-31"


@pytest.mark.parametrize("path", FACTS)
def test_every_fact_can_be_asked_for_in_words(path: str) -> None:
    assert in_words(FACTS[path].kind)


def test_a_partner_has_two_working_days_to_answer() -> None:
    desk = Desk()
    thursday = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
    desk.decide(a_decision(missing=["accommodation.status"], at=thursday))
    # Over Easter: Tuesday and Wednesday are the two working days.
    assert desk.questions()[0].answer_by == datetime(2026, 4, 8, 8, 0, tzinfo=UTC)


def test_an_answer_is_needed_before_the_person_is_gone() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"], facts={"event.nearest_deadline_hours": 6}))
    desk.decide(
        a_decision(
            contact="second", missing=["consent.accommodation"], facts={"event.nearest_deadline_hours": 0},
            references=EVERYBODY,
        )
    )  # fmt: skip
    assert [question.answer_by - MONDAY_9AM for question in desk.questions()] == [
        timedelta(hours=6),
        timedelta(hours=1),
    ]


def test_the_same_question_is_not_asked_again() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    assert desk.decide(a_decision(missing=["accommodation.status"], revision=2)).result == "repeat"
    assert len(desk.questions()) == 1


def test_when_more_is_missing_only_the_new_facts_are_asked() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    desk.decide(a_decision(missing=["accommodation.status", "person.date_of_birth"], revision=2))
    assert [[fact.path for fact in question.facts] for question in desk.questions()] == [
        ["accommodation.status"],
        ["person.date_of_birth"],
    ]
    assert len({question.question_id for question in desk.questions()}) == 2


def test_a_fact_that_is_being_asked_is_not_asked_again_for_another_contact_until_its_time_is_up() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    desk.decide(a_decision(contact="second", missing=["accommodation.status"]))
    assert len(desk.questions()) == 1
    desk.later(days=3)
    desk.decide(a_decision(contact="third", missing=["accommodation.status"], at=desk.now))
    assert len(desk.questions()) == 2


def test_an_answer_closes_the_question() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    step = desk.decide(
        a_decision(contact="answer", in_reply_to="arrest", facts={"accommodation.status": "homeless"}, at=desk.now)
    )
    assert (step.result, [question.outstanding for question in step.questions]) == ("changed", [()])


def test_half_an_answer_leaves_the_other_half_open_and_unasked() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status", "person.date_of_birth"]))
    step = desk.decide(
        a_decision(
            contact="answer",
            in_reply_to="arrest",
            missing=["person.date_of_birth"],
            facts={"accommodation.status": "homeless"},
        )
    )
    assert [question.outstanding for question in step.questions] == [("person.date_of_birth",)]
    assert len(desk.questions()) == 1


def test_an_age_answers_the_question_for_a_date_of_birth() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.date_of_birth"]))
    step = desk.decide(a_decision(contact="second", facts={"person.age": 34}))
    assert [question.outstanding for question in step.questions] == [()]


def test_a_question_whose_answer_no_longer_matters_is_closed() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    step = desk.decide(a_decision(revision=2))
    assert [question.outstanding for question in step.questions] == [()]


def test_a_contact_that_does_not_need_a_fact_leaves_another_contact_s_question_open() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    assert desk.decide(a_decision(contact="second")).changes_nothing


def test_a_fact_of_one_event_does_not_answer_for_another() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["event.setting"]))
    step = desk.decide(a_decision(contact="second", facts={"event.setting": "street"}))
    assert step.changes_nothing
    step = desk.decide(a_decision(contact="answer", in_reply_to="arrest", facts={"event.setting": "street"}))
    assert [question.outstanding for question in step.questions] == [()]


def test_nobody_is_asked_any_more_about_somebody_who_has_died() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    step = desk.decide(a_decision(contact="death", suppressed=[a_suppression("deceased")]))
    assert [question.outstanding for question in step.questions] == [()]
