from datetime import UTC, datetime, timedelta

import pytest

from onward.contracts.asking import hangs_on
from onward.contracts.fact_kinds import in_words
from onward.contracts.facts import FACTS
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, a_contact, a_decision, a_suppression

DAY = timedelta(days=1)
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


def test_nobody_but_the_reporter_is_asked_whoever_else_knows_the_person() -> None:
    """Another partner would learn from the question what this one has said, and the person is not before it."""
    desk = Desk()
    missing = ["accommodation.status", "consent.finance_debt", "release.planned_on"]
    desk.decide(a_decision(missing=missing, references=EVERYBODY))
    assert asked(desk) == {"questions.custody": ["accommodation.status"]}


def test_a_partner_that_does_not_know_the_person_is_never_asked() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["consent.finance_debt"], references={"custody": "C/1"}))
    assert desk.questions() == []
    assert [escalation.kind for escalation in desk.escalations()] == ["nobody-can-answer"]


def test_a_partner_that_has_let_the_person_go_is_not_asked() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"], contact_type="custody.disposed"))
    assert desk.questions() == []


def test_a_partner_that_tells_of_long_ago_is_not_asked() -> None:
    desk = Desk()
    long_ago = MONDAY_9AM - timedelta(days=30)
    desk.decide(a_decision(missing=["accommodation.status"], occurred_at=long_ago))
    assert desk.questions() == []
    desk.decide(a_decision(contact="friday", missing=["accommodation.status"], occurred_at=MONDAY_9AM - DAY * 3))
    assert len(desk.questions()) == 1


def test_a_risk_that_was_told_and_could_not_be_read_is_asked_for() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["risk.self_harm"]))
    assert desk.questions() == []
    desk.decide(a_decision(contact="second", missing=["risk.self_harm"], risk_unread=True))
    assert asked(desk) == {"questions.custody": ["risk.self_harm"]}


def test_nobody_is_called_because_nobody_has_looked_for_a_need() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["needs.finance_debt", "consent.finance_debt"]))
    assert (desk.questions(), desk.escalations()) == ([], [])


def test_what_a_found_need_lacks_goes_to_a_person_on_duty_once_an_episode() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["consent.finance_debt"]))
    desk.decide(a_decision(contact="second", missing=["consent.finance_debt"]))
    assert [escalation.kind for escalation in desk.escalations()] == ["nobody-can-answer"]


def test_what_a_partner_did_not_say_in_time_goes_to_a_person_on_duty() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.date_of_birth"]))
    desk.decide(a_decision(contact="second", missing=["person.date_of_birth"]))
    assert desk.escalations() == []
    desk.later(days=3)
    desk.decide(a_decision(contact="third", missing=["person.date_of_birth"], at=desk.now))
    assert [escalation.kind for escalation in desk.escalations()] == ["nobody-can-answer"]
    assert len(desk.questions()) == 1


def test_what_nobody_can_say_goes_to_a_person_on_duty_once() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.sex", "person.date_of_birth"]))
    desk.decide(a_decision(missing=["person.sex", "person.date_of_birth"], revision=2))
    [escalation] = desk.escalations()
    assert (escalation.kind, escalation.to) == ("nobody-can-answer", "duty-practitioner")
    assert "person.sex" in escalation.why
    assert "date_of_birth" not in escalation.why


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
    assert hangs_on(path)


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
            contact="second", missing=["person.date_of_birth"], facts={"event.nearest_deadline_hours": 0},
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


def test_a_fact_is_asked_of_a_partner_once_in_an_episode_and_again_in_the_next() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    desk.later(days=3)
    desk.decide(a_decision(contact="second", missing=["accommodation.status"], at=desk.now))
    assert len(desk.questions()) == 1
    desk.decide(
        a_decision(contact="third", missing=["accommodation.status"], at=desk.now, episode=a_contact("another arrest"))
    )
    assert len(desk.questions()) == 2


def test_a_reference_that_lasts_for_years_is_no_single_episode() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["accommodation.status"]))
    desk.later(days=200)
    desk.decide(a_decision(contact="second", missing=["accommodation.status"], at=desk.now))
    assert len(desk.questions()) == 2


def test_whether_somebody_else_answered_shows_in_no_later_question() -> None:
    desks = Desk(), Desk()
    for desk in desks:
        desk.decide(a_decision(missing=["accommodation.status"], references=EVERYBODY))
    desks[0].decide(
        a_decision(
            contact="screened", source="liaison", references=EVERYBODY, facts={"accommodation.status": "settled"}
        )
    )
    for desk in desks:
        desk.decide(a_decision(contact="second", missing=["accommodation.status", "person.date_of_birth"]))
    assert [desk.questions() for desk in desks] == [desks[0].questions()] * 2


def test_every_question_says_what_hangs_on_it_in_the_same_words_for_everybody() -> None:
    desk = Desk()
    desk.decide(a_decision(missing=["person.date_of_birth", "accommodation.status"]))
    assert [fact.decides for fact in desk.questions()[0].facts] == [
        "Whether services for adults or for children are looked for",
        "Whether somewhere to live is looked for",
    ]


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
