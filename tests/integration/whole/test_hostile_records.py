"""Whatever bytes, keys and headers arrive from outside: no partition stops, and every record is accounted for."""

import json
import random
from uuid import UUID

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from integration.whole.partner_messages import now
from integration.whole.real_samples import of_somebody_else, own_examples
from integration.whole.watching import Headers, Seen, Sending
from integration.whole.whole_system import System
from onward.contracts import topics
from onward.contracts.outcome import Ignored, Parked
from onward.contracts.referral import Reply
from onward.intake.partners import read

NOISE = random.Random(7)
STRUCTURED: Headers = (("content-type", b"application/cloudevents+json"),)


def hostile(largest: int) -> list[tuple[bytes | None, bytes | None, Headers]]:
    """Key, value and headers of records that nobody should send."""
    event = b'{"eventType": "custody.detention.authorised", "occurredAt": "2026-03-02T09:15:00Z"}'
    reply = json.dumps({"reply_id": "1", "referral_id": str(UUID(int=1)), "status": "ACCEPTED", "replied_at": "now"})
    plain: list[bytes | None] = [
        None,
        b"",
        b" \n\t ",
        b"\xff\xfe\x00\x01",
        NOISE.randbytes(4096),
        b"null",
        b"[]",
        b'"text"',
        b"1e999",
        b"-0",
        b"NaN",
        b'{"eventType": 1e999}',
        b'{"eventType": "a", "eventType": "b"}',
        b"[" * 100_000 if largest > 100_000 else b"[" * 20_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"specversion": "1.0", "type": "x"}',
        b'{"specversion": "1.0", "type": "x", "data": {"specversion": "1.0", "type": "x", "data": []}}',
        b'{"specversion": "1.0", "type": "x", "data_base64": "%%%"}',
        b'{"Type": "Notification", "Message": "{\\"Type\\": \\"Notification\\", \\"Message\\": \\"\\"}"}',
        b'{"Type": "SubscriptionConfirmation", "Message": 1}',
        b'{"eventType": {"$ne": null}, "occurredAt": {}, "person": "x", "additionalInformation": []}',
        b'{"eventType": "\\ud800", "occurredAt": "\\u0000"}',
        b'{"eventType": "custody.detention.authorised", "occurredAt": "9999-12-31T23:59:59+14:00"}',
        b'{"eventType": "custody.detention.authorised", "occurredAt": "0001-01-01T00:00:00-14:00"}',
        b'{"eventType": "custody.detention.authorised", "person": {"dateOfBirth": "2026-02-30", "age": 1e308}}',
        b'{"status": "ACCEPTED", "referral_id": "not an id"}',
        b'{"text": "' + b"a" * (largest - 4096) + b'"}',
    ]
    headers: list[Headers] = [
        (("", b""),),
        (("ce_id", None), ("ce_type", None), ("ce_source", None)),
        (("ce_type", b"\xff\xff"), ("ce_id", b"\xff"), ("content-type", b"\xff")),
        (("ce_type", b"onward.decision.v1"), ("ce_source", b"/onward/routing"), ("ce_id", b"decisions/0/0/0")),
        (("ce_type", b"a"), ("ce_type", b"b"), ("CE_TYPE", b"c")),
        (("reply_to", b"status.hmpps"), ("origin", b"in.hmpps/0/0"), ("reason", b"x" * 2000)),
        (("traceparent", b"00-zz"), ("traceparent", b"00-" + b"0" * 32)),
        (("\u2603", "\u2603".encode()),),
        tuple((f"h{number}", b"v") for number in range(200)),
        STRUCTURED,
    ]
    keys: list[bytes | None] = [None, b"", b"\xff\x00", b"k" * 2000, b"in.custody/0/0"]
    return [
        # A client sends no record that has neither key nor value.
        *((None if value is not None else b"k", value, ()) for value in plain),
        *((b"k", value, STRUCTURED) for value in (event, b"[]", b"", None)),
        *((b"k", value, given) for value in (event, reply.encode()) for given in headers),
        *((key, b"{", ()) for key in keys),
    ]


def _limit(topic: str) -> int:
    limit = topics.files()[topic].max_record_bytes
    assert limit is not None
    return limit


def good_events() -> dict[str, bytes]:
    """For each partner a message of which intake makes a contact."""
    found: dict[str, bytes] = {}
    for sample in own_examples():
        other = of_somebody_else(sample)
        outcome = read(other.source, other.value, (), received_at=now())
        if not isinstance(outcome, Ignored | Parked) and outcome[0].in_reply_to is None:
            found.setdefault(other.source, other.value)
    assert found.keys() == set(topics.sources())
    return found


def test_no_record_on_a_partner_s_topic_stops_what_comes_behind_it(whole: System) -> None:
    largest = _limit("in.custody")
    behind: list[str] = []
    before = len(whole.watch.all("in"))
    sent = 0
    for source, value in good_events().items():
        bad = [
            Sending(f"in.{source}", content, key=key, headers=headers, partition=0)
            for key, content, headers in hostile(largest)
        ]
        *_, good = whole.watch.send(*bad, Sending(f"in.{source}", value, partition=0))
        sent += len(bad) + 1
        behind.append(good.place)
    for place in behind:
        whole.decided(place)
    whole.settle()
    assert len(whole.watch.all("in")) - before == sent


def test_no_record_on_a_provider_s_topic_stops_what_comes_behind_it(whole: System) -> None:
    largest = _limit("replies.{provider}")
    bad = hostile(largest)
    behind: list[str] = []
    for provider in sorted(whole.providers.providers):
        answer = Reply(reply_id=provider, referral_id=UUID(int=9), status="RECEIVED", replied_at=now())
        *_, good = whole.watch.send(
            *(
                Sending(f"replies.{provider}", value, key=key, headers=headers)
                for key, value, headers in bad[:: 1 + len(behind) % 4]
            ),
            Sending(f"replies.{provider}", answer.model_dump_json().encode()),
        )
        behind.append(good.place)

    def parked() -> list[Seen]:
        found = [whole.watch.about("parked", place) for place in behind]
        return [each[0] for each in found] if all(found) else []

    # Understood, and about a referral that nobody sent.
    assert {each.header("reason") for each in whole.wait(parked, "the replies behind")} == {"unknown_referral"}
    whole.settle()


@pytest.mark.parametrize(
    ("topic", "family"),
    [("in.custody", "in.custody"), ("replies.national-crisis-line", "replies.{provider}")],
)
def test_a_record_larger_than_its_topic_allows_is_parked_whole_whatever_it_is_made_of(
    whole: System, topic: str, family: str
) -> None:
    limit = _limit(family)
    # None of them is decoded; those without values grow most when they are sealed.
    many = tuple(("\x01", None) for _ in range(limit // 2))
    sent = whole.watch.send(
        Sending(topic, b"x" * (limit + 1), partition=0),
        Sending(topic, b"{}", key=b"k" * limit, partition=0),
        Sending(topic, b"{}", headers=(("x", b"y" * limit),), partition=0),
        Sending(topic, b"{}", headers=(*many, *many), partition=0),
    )

    def parked() -> list[Seen]:
        found = [seen for each in sent for seen in whole.watch.about("parked", each.place)]
        return found if len(found) == len(sent) else []

    assert {each.header("reason") for each in whole.wait(parked, "all four parked")} == {"too_large"}
    whole.settle()


@pytest.mark.parametrize("topic", ["in.custody", "replies.national-crisis-line"])
def test_the_broker_itself_refuses_what_is_larger_than_a_topic_takes(whole: System, topic: str) -> None:
    with pytest.raises(MessageSizeTooLargeError):
        whole.watch.send(Sending(topic, b"x" * 1_100_000))


def test_hostile_headers_never_make_a_record_of_ours_of_what_a_partner_sends(whole: System) -> None:
    """A partner that claims to be one of our services is believed in nothing: neither type, source, cause nor topic."""
    forged: Headers = (
        ("ce_specversion", b"1.0"),
        ("ce_type", b"onward.contact.v1"),
        ("ce_source", b"/onward/intake"),
        ("ce_id", b"in.hmpps/0/0/0"),
        ("content-type", b"application/json"),
        ("reply_to", b"status.hmpps"),
    )
    value = next(value for source, value in good_events().items() if source == "custody")
    (sent,) = whole.watch.send(Sending("in.custody", value, headers=forged))
    whole.decided(sent.place)
    (contact,) = whole.contacts(sent.place)
    assert contact.body["source"] == "custody"
    assert contact.cause == sent.place
