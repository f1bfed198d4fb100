"""Every delivery is either sent, or refused with its reason; never both, never neither."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, get_args

import pytest

from onward.chassis.record import Received
from onward.chassis.releases.directories import Directories
from onward.chassis.security import sealing
from onward.contracts.contact import Identity
from onward.contracts.outcome import Outgoing, Published
from onward.contracts.referral import Delivery, ProviderReferral, Receipt
from onward.directory.model import Directory, Profile, Provider
from onward.dispatch import channels
from onward.dispatch.handlers import handle_delivery
from unit.dispatch.dispatch_builders import (
    CONSENT,
    EVERYTHING_ABOUT_THEM,
    HOUSING,
    MONDAY_9AM,
    PERSON,
    a_delivery,
    a_directory,
)

KEY = b"k" * 32
KEYS = {PERSON: KEY}
SEALED = sealing.seal(KEY, PERSON, EVERYTHING_ABOUT_THEM)


def take(
    delivery: Delivery, keys: Mapping[str, bytes] = KEYS, *, directory: Directory | None = None, id_key: str = "id_key"
) -> Published:
    record = Received(delivery, "deliveries", delivery.person, MONDAY_9AM, offset=0, partition=0)
    known = Directories(directory or a_directory(HOUSING), {})
    return handle_delivery(record, keys, directories=known, channels=channels.load(), id_key=id_key.encode())


def the_refusal(outcome: Published) -> str:
    (message,) = outcome.messages
    assert isinstance(message.body, Receipt)
    assert (message.topic, message.key, message.body.outcome, message.body.disclosed) == (
        "receipts",
        PERSON,
        "refused",
        (),
    )
    assert outcome.result == f"refused_{message.body.reason}"
    return message.body.reason


def the_referral(outcome: Published) -> Outgoing[ProviderReferral]:
    referral, _ = outcome.messages
    assert isinstance(referral.body, ProviderReferral)
    return Outgoing(referral.topic, referral.key, referral.body, referral.event_type)


def test_a_delivery_becomes_a_referral_on_the_providers_topic_and_a_receipt() -> None:
    outcome = take(a_delivery(sealed=SEALED))
    referral, receipt = outcome.messages
    assert (referral.topic, referral.event_type) == ("referrals.test-housing", "onward.referral.v1")
    assert (receipt.topic, receipt.key) == ("receipts", PERSON)
    assert isinstance(receipt.body, Receipt)
    assert (receipt.body.outcome, receipt.body.disclosed) == ("sent", ("name", "phone", "accommodation.status"))
    assert outcome.result == "sent"


def test_the_record_key_is_the_providers_own_pseudonym() -> None:
    referral = the_referral(take(a_delivery(sealed=SEALED)))
    assert referral.key == referral.body.person != PERSON


def test_two_providers_cannot_join_their_lists() -> None:
    first = the_referral(take(a_delivery(sealed=SEALED)))
    elsewhere = a_directory(HOUSING, id="other-housing")
    second = the_referral(take(a_delivery(sealed=SEALED, provider="other-housing"), directory=elsewhere))
    assert first.key != second.key


def test_one_provider_sees_the_same_person_again_as_the_same() -> None:
    assert the_referral(take(a_delivery(sealed=SEALED))).key == the_referral(take(a_delivery(sealed=SEALED))).key


def test_a_pseudonym_cannot_be_computed_without_the_pepper() -> None:
    assert (
        the_referral(take(a_delivery(sealed=SEALED))).key
        != the_referral(take(a_delivery(sealed=SEALED), id_key="other")).key
    )


def test_delivering_again_gives_the_same_messages() -> None:
    assert take(a_delivery(sealed=SEALED)) == take(a_delivery(sealed=SEALED))


def test_no_identity_reaches_the_receipt() -> None:
    receipt = take(a_delivery(sealed=SEALED)).messages[1].body.model_dump_json()
    assert "Test Person-0001" not in receipt
    assert "01632" not in receipt


def test_a_person_of_whom_no_identity_is_known_can_still_be_helped() -> None:
    referral = the_referral(take(a_delivery(sealed=""), {}))
    assert referral.body.disclosed == {"accommodation.status": "homeless"}


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("provider_unknown", {"provider": "no-such-provider"}),
        ("identity_unreadable", {"sealed": "v1.AAAA"}),
        ("identity_unreadable", {"sealed": sealing.seal(b"x" * 32, PERSON, Identity(name="Test Person-0002"))}),
        ("identity_unreadable", {"sealed": sealing.seal(KEY, "another", Identity(name="Test Person-0002"))}),
        ("no_article_10_authority", {"legal_basis": CONSENT.model_copy(update={"article_10": None})}),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(reason: str, change: dict[str, Any]) -> None:
    with_release = {"sealed": SEALED, "facts": {"release.planned_on": "2026-03-06"}}
    assert the_refusal(take(a_delivery(**(with_release | change)))) == reason


def test_nothing_is_sent_about_a_person_whose_key_was_destroyed() -> None:
    assert the_refusal(take(a_delivery(sealed=SEALED), {})) == "key_destroyed"


def test_a_provider_without_a_profile_is_refused() -> None:
    assert the_refusal(take(a_delivery(sealed=SEALED), directory=a_directory())) == "profile_unknown"
    other = Profile(name="other", why="test", fields=("name",))
    assert the_refusal(take(a_delivery(sealed=SEALED), directory=a_directory(other))) == "profile_unknown"


def test_a_provider_on_a_channel_that_does_not_exist_is_refused() -> None:
    record = Received(a_delivery(sealed=SEALED), "deliveries", PERSON, MONDAY_9AM, offset=0, partition=0)
    outcome = handle_delivery(
        record, KEYS, directories=Directories(a_directory(HOUSING), {}), channels={}, id_key=b"id_key"
    )
    assert the_refusal(outcome) == "channel_unknown"


def test_a_file_that_is_no_channel_is_named_with_what_it_lacks() -> None:
    with pytest.raises(channels.ChannelFileError, match="pigeon: has no function `send`"):
        channels.channel_of(ModuleType("pigeon"))


def test_the_directory_may_name_exactly_the_channels_that_exist() -> None:
    assert set(get_args(Provider.model_fields["channel"].annotation)) == set(channels.load())
