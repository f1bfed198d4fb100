"""The books find every record that is lost or doubled."""

import json
from collections.abc import Mapping
from typing import Any

from onward.local.demo.books import Account, balance
from onward.local.demo.chronicle import Entry


def a_record(topic: str, offset: int, body: Mapping[str, Any], *, cause: str = "") -> Entry:
    return Entry(topic, 0, offset, "key", {}, json.dumps(body).encode(), cause=cause)


def one_day() -> dict[str, list[Entry]]:
    """A message that became a referral, and one that was ignored."""
    return {
        "in": [a_record("in.custody", 0, {}), a_record("in.custody", 1, {})],
        "contacts": [a_record("contacts", 0, {}, cause="in.custody/0/0")],
        "situations": [a_record("situations", 0, {"situation_id": "s1"}, cause="contacts/0/0")],
        "decisions": [a_record("decisions", 0, {"situation_id": "s1"}, cause="situations/0/0")],
        "referral-events": [
            a_record("referral-events", 0, {"referral_id": "r1", "now": "READY"}, cause="decisions/0/0")
        ],
        "deliveries": [a_record("deliveries", 0, {"referral_id": "r1"}, cause="decisions/0/0")],
        "receipts": [a_record("receipts", 0, {"referral_id": "r1", "outcome": "sent"}, cause="deliveries/0/0")],
        "referrals": [a_record("referrals.example", 0, {"referral_id": "r1"}, cause="deliveries/0/0")],
        "parked": [],
    }


COUNTED = {
    "in": {"published": 1, "ignored": 1},
    **{kind: {"published": 1} for kind in ("contacts", "situations", "decisions", "deliveries", "receipts")},
}


def wrong(records: dict[str, list[Entry]], counted: Mapping[str, Mapping[str, int]] = COUNTED) -> dict[str, Account]:
    return {account.topic: account for account in balance(records, counted) if not account.balances}


def test_a_day_on_which_nothing_went_wrong_balances() -> None:
    assert wrong(one_day()) == {}


def test_a_record_that_stands_twice_is_doubled() -> None:
    day = one_day()
    day["referrals"].append(a_record("referrals.example", 1, {"referral_id": "r1"}, cause="deliveries/0/0"))
    assert wrong(day)["referrals"].doubled == 1


def test_a_referral_that_was_receipted_and_is_not_there_is_lost() -> None:
    day = one_day()
    day["referrals"].clear()
    assert wrong(day)["referrals"].lost == 1


def test_a_situation_without_a_decision_is_lost() -> None:
    day = one_day()
    day["decisions"].clear()
    assert wrong(day, {**COUNTED, "decisions": {}})["decisions"].lost == 1


def test_a_message_that_was_neither_used_nor_parked_nor_counted_as_ignored_is_lost() -> None:
    day = one_day()
    assert wrong(day, {**COUNTED, "in": {"published": 2}})["in"].lost == 1


def test_a_record_that_its_reader_never_counted_is_lost() -> None:
    assert wrong(one_day(), {**COUNTED, "contacts": {}})["contacts"].lost == 1


def test_a_record_that_its_reader_counted_twice_is_doubled() -> None:
    assert wrong(one_day(), {**COUNTED, "contacts": {"published": 2}})["contacts"].doubled == 1


def test_partners_may_repeat_themselves() -> None:
    day = one_day()
    twice = {"ce_id": "same"}
    day["in"] = [Entry("in.custody", 0, offset, "key", twice, b"{}") for offset in (0, 1)]
    assert wrong(day) == {}
