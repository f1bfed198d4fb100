"""Each change tells each audience what the table of its service says: the types hold it, and the page for people."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

from contract.type_checks import copied, unanswered
from onward.contracts.codes import DischargeReason
from onward.contracts.decision import MetCondition, Notice, Unmet, Waiting
from onward.contracts.referral import Delivery, Withdrawal
from onward.contracts.situation import Parting, PastStatement
from onward.tracking.domain.changes import Change
from onward.tracking.domain.notifications import Notifications, notifications_for
from unit.tracking.ledger_builders import MONDAY_9AM, Desk, Step, a_contact, a_decision, a_proposal, a_suppression

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "onward/tracking/domain"
NOTHING = "\N{EN DASH}"
CHANGES, LEDGER, TABLE = (f"{DOMAIN}/{file}.py" for file in ("changes", "ledger", "notifications"))
PLANTED = '''

@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOverdue(ReferralChange):
    """The provider has not answered in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOpened:
    """Referrals of one person belong together."""


Change: TypeAlias = (
    AnswerOverdue
    | PlanOpened
    | ReferralOpened'''

CONSENT_WITHDRAWN = '''

@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A person takes back their consent."""

    contact: RememberedContact


Change: TypeAlias = ConsentWithdrawn | PersonCreated'''


def test_a_new_change_passes_no_type_check_until_the_ledger_and_every_audience_have_an_answer(tmp_path: Path) -> None:
    package = copied(tmp_path)
    files = (LEDGER, TABLE)
    assert unanswered(tmp_path, files) == {}

    changes = package.parent / CHANGES
    planted = changes.read_text().replace("\n\nChange: TypeAlias = (\n    ReferralOpened", PLANTED)
    assert planted != changes.read_text()
    changes.write_text(planted)
    found = unanswered(tmp_path, files)
    assert sorted(found) == sorted(files)
    assert all("assert_never" in problem and "PlanOpened" in problem for problem in found.values())
    assert "AnswerOverdue" in found[TABLE]
    assert "AnswerOverdue" not in found[LEDGER], "the ledger keeps whatever referral a change carries"

    table = package.parent / TABLE
    imported = table.read_text().replace(
        "    AnswerContradicted,\n", "    AnswerContradicted,\n    AnswerOverdue,\n    PlanOpened,\n", 1
    )
    for answers, problem in (('"changed", None, (), None', "insight"), ('"changed", None, (), None, None', None)):
        row = f"case AnswerOverdue() | PlanOpened():\n            return Notifications({answers})\n        case _:\n"
        table.write_text(imported.replace("case _:\n", row, 1))
        ledger, said = map(unanswered(tmp_path, files).get, (LEDGER, TABLE))
        assert "PlanOpened" in str(ledger)
        assert said is None if problem is None else f'Missing positional argument "{problem}"' in str(said)


def test_a_new_change_of_what_is_known_passes_no_type_check_until_store_situations_and_count_have_an_answer(
    tmp_path: Path,
) -> None:
    package = copied(tmp_path)
    files = tuple(f"onward/people/{file}.py" for file in ("domain/changes", "domain/situations", "unit_of_work"))
    changes = package / "people" / "domain" / "changes.py"
    planted = changes.read_text().replace("\n\nChange: TypeAlias = PersonCreated", CONSENT_WITHDRAWN)
    assert planted != changes.read_text()
    changes.write_text(planted)
    found = unanswered(tmp_path, files)
    assert sorted(found) == sorted(files)
    assert all("assert_never" in problem and "ConsentWithdrawn" in problem for problem in found.values())


def test_the_page_for_people_says_of_every_change_who_is_told() -> None:
    page = (ROOT / "docs" / "referral-lifecycle.md").read_text()
    written = dict(re.findall(r"^\| `([A-Z]\w+)` \| (.*) \|$", page, re.MULTILINE))
    shown: dict[str, set[tuple[str, ...]]] = {}
    for change in all_that_can_happen():
        shown.setdefault(type(change).__name__, set()).add(audiences(notifications_for(change)))
    assert set(shown) == {kind.__name__ for kind in get_args(Change)}
    assert {name: tuple(row.split(" | ")) for name, row in written.items()} == {
        name: tuple(" or ".join(sorted(cells, reverse=True)) for cells in map(set, zip(*rows, strict=True)))
        for name, rows in shown.items()
    }


def test_nothing_but_the_table_and_its_calls_makes_a_message() -> None:
    files = (ROOT / "services" / "onward" / "tracking").rglob("*.py")
    making = [file.name for file in files if re.search(r"topics\.\w+\.message\(|\bEscalation\(", file.read_text())]
    assert sorted(making) == ["calls.py", "notifications.py"]


def audiences(told: Notifications) -> tuple[str, ...]:
    """Who is told what, as the page writes it."""
    partners = dict.fromkeys(message.topic.partition(".")[0] for message in told.partners)
    return (
        _to_provider(told.provider),
        {"status": "status", "questions": "the question"}[next(iter(partners))] if partners else NOTHING,
        f"`{told.on_duty.kind}`" if told.on_duty else NOTHING,
        "the step" if told.insight else NOTHING,
    )


def _to_provider(told: Delivery | Withdrawal | None) -> str:
    if told is None:
        return NOTHING
    return "the referral" if isinstance(told, Delivery) else "the withdrawal"


def all_that_can_happen() -> Iterator[Change]:
    """Changes of each type, brought about by records."""
    for happens in (
        what_providers_say,
        what_providers_say_too_late,
        what_receipts_say,
        what_people_say,
        what_is_known_while_it_waits,
        who_is_parted_and_what_is_planned,
        what_decisions_say,
    ):
        for step in happens(Desk()):
            assert isinstance(step, Step), step
            yield from step.changes


def what_providers_say(desk: Desk) -> Iterable[Any]:
    replies = {
        "1a" * 16: ("RECEIVED", "INFO_REQUESTED", "INFO_REQUESTED", "ACCEPTED", "IN_SERVICE", "IN_SERVICE"),
        "2b" * 16: ("REJECTED", "ACCEPTED"),
        "4d" * 16: ("DID_NOT_ATTEND", "UNREACHABLE"),
        "5e" * 16: ("ENTERED_IN_ERROR",),
        "6f" * 16: ("COMPLETED",),
        "7a" * 16: ("DROPPED_OUT",),
        "8b" * 16: ("DIED",),
    }
    for person, answers in replies.items():
        proposal = a_proposal(contact=person)
        yield desk.decide(a_decision(proposal, contact=person, person=person))
        for number, answer in enumerate(answers):
            desk.later(hours=1)
            discharge = answer in get_args(DischargeReason)
            status, reason = ("DISCHARGED", answer) if discharge else (answer, "NO_CAPACITY")
            yield desk.reply(proposal.referral_id, status, reply_id=f"{person} {number}", reason=reason)


def what_providers_say_too_late(desk: Desk) -> Iterable[Any]:
    proposal = a_proposal(contact="too late")
    yield desk.decide(a_decision(proposal, contact="too late", person="9c" * 16))
    yield desk.reply(proposal.referral_id, "COMPLETED", reply_id="one")
    yield desk.reply(proposal.referral_id, "DISCHARGED", reply_id="two", reason="DIED")


def what_receipts_say(desk: Desk) -> Iterable[Any]:
    failed, late, gone = (a_proposal(contact=contact) for contact in ("failed", "late", "gone"))
    for proposal, person in ((failed, "1a" * 16), (late, "2b" * 16), (gone, "3c" * 16)):
        yield desk.decide(a_decision(proposal, contact=f"for {person}", person=person))
    yield desk.receipt(failed.referral_id, "refused")
    yield desk.receipt(failed.referral_id, "sent")
    yield desk.reply(late.referral_id, "ACCEPTED")
    yield desk.receipt(late.referral_id, "sent")
    died = [a_suppression("deceased")]
    yield desk.decide(a_decision(contact="died", suppressed=died, person="3c" * 16))
    yield desk.receipt(gone.referral_id, "sent")
    yield desk.decide(a_decision(contact="died too", suppressed=died, person="1a" * 16))
    yield desk.receipt(gone.referral_id, of="withdrawal")
    yield desk.reply(gone.referral_id, "WITHDRAWAL_ACKNOWLEDGED")
    yield desk.receipt(failed.referral_id, "refused", of="withdrawal", reason="provider_unknown")


def what_people_say(desk: Desk) -> Iterable[Any]:
    for approved in (True, False):
        proposal = a_proposal(contact=f"approved {approved}", approval="approving-practitioner")
        person = "1a" * 16 if approved else "2b" * 16
        yield desk.decide(a_decision(proposal, contact="waits", person=person))
        yield desk.approve(proposal.referral_id, approved=approved)


def what_is_known_while_it_waits(desk: Desk) -> Iterable[Any]:
    met = MetCondition(field="accommodation.status", expected="", actual="homeless", where="rules.yaml:1:1")
    proposal = a_proposal(approval="approving-practitioner", conditions=(met,))
    yield desk.decide(a_decision(proposal, facts={"accommodation.status": "homeless"}))
    yield desk.decide(a_decision(contact="an address", sealed="v1.x", facts={"accommodation.status": "homeless"}))
    yield desk.decide(a_decision(contact="a home", facts={"accommodation.status": "settled"}))
    desk.later(weeks=8)
    yield desk.approve(proposal.referral_id)


def who_is_parted_and_what_is_planned(desk: Desk) -> Iterable[Any]:
    housing = a_proposal("housing")
    yield desk.decide(a_decision(housing))
    debt = a_proposal("debt", contact="two", category="FINANCE_DEBT", service="debt_advice", linked=("housing",))
    yield desk.decide(a_decision(a_proposal("housing", contact="two"), debt, contact="two"))
    parting = Parting(at=MONDAY_9AM, contacts=(a_contact("other"),), own={a_contact("arrest"): ()})
    yield desk.decide(a_decision(person="1d" * 16, parted=parting))


def what_decisions_say(desk: Desk) -> Iterable[Any]:
    yield desk.decide(a_decision(a_proposal()))
    again = a_decision(a_proposal(contact="again"), contact="again", source="probation")
    yield desk.decide(again)
    yield desk.decide(a_decision(contact="asks", missing=["person.date_of_birth", "person.sex"]))
    yield desk.decide(a_decision(contact="answers", facts={"person.age": 34}))
    notice = Notice(kind="the kind a rule names", to="a-role", rule="r", why="w")
    unmet = Unmet(rule="r", category="ACCOMMODATION", destinations=())
    waiting = Waiting(rule="r", category=None, prerequisites=("p",), why="w")
    yield desk.decide(a_decision(contact="tells", notices=[notice], unmet=[unmet], waiting=[waiting]))
    desk.later(weeks=30)
    late = a_proposal(contact="half a year later")
    yield desk.decide(a_decision(late, contact="half a year later", at=desk.now))
    disputed = PastStatement(value=3, on=date(2026, 3, 2), by="custody")
    yield desk.decide(a_decision(contact="differs", disputed={"needs.substance_drugs": disputed}))
