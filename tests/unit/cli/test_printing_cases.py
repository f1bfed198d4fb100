"""What `onward cases` and `onward case open` print is what was said, and never steers the terminal of who reads it."""

from dataclasses import replace

from onward.cli.render import cases as written
from onward.contracts.contact import Identity
from onward.contracts.decision import Notice
from onward.tracking.domain.cases import DutyCase
from onward.tracking.duty_cases import OpenedCase
from unit.tracking.ledger_builders import Desk, a_decision

STEERS = "calm\x1b[2J\u202eevil\nREACH SAFELY: 0100"


def a_case() -> DutyCase:
    desk = Desk()
    desk.decide(a_decision(notices=[Notice(kind="call", to="custody-officer", rule="r", why=STEERS)], sealed="x"))
    [case] = desk.book.cases.values()
    return case


def test_a_list_of_cases_shows_no_control_or_direction_character_and_no_line_of_a_stranger() -> None:
    printed = written.text([a_case(), replace(a_case(), area=STEERS)])
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "\\x1b" in printed
    assert not any(line.strip().startswith("REACH SAFELY") for line in printed.splitlines())


def test_the_card_of_a_case_shows_none_either() -> None:
    opened = OpenedCase(a_case(), Identity(name=STEERS), {"custody": STEERS})
    printed = written.card(opened)
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert not any(line.strip().startswith("REACH SAFELY") for line in printed.splitlines())
