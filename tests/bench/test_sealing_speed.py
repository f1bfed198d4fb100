"""What sealing costs: once for each message that leaves, each identity, each reference and each record that parks."""

import time
import timeit
from collections.abc import Callable
from datetime import date

import pytest
from aiokafka.structs import ConsumerRecord

from bench import measuring
from installation_keys import ID_KEY, MASTER, MENDING, PARKING
from onward.chassis.processing.parking import Parking, unseal
from onward.chassis.record import EncodedRecord
from onward.chassis.security import contact_ids, sealing
from onward.chassis.security.cause import Cause, Sealer
from onward.chassis.security.sealing import ReferenceEnvelopes
from onward.contracts.contact import Identity
from onward.contracts.ids import derived_id
from onward.contracts.outcome import Parked

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

REPEATS = 15
KEY, PERSON, PEPPER = bytes(range(32)), "0f" * 16, b"p" * 32
IDENTITY = Identity(
    name="Test Person-0001",
    date_of_birth=date(1990, 2, 28),
    phone="01632 960001",
    address="1 Test Street, Testtown",
)
CAUSE = Cause("situations", 2, 41, 1_760_000_000_123, 0)
WHY = Parked("not_json", "/")


def _record(size: int) -> ConsumerRecord[bytes | None, bytes | None]:
    value = b"x" * size
    return ConsumerRecord("contacts", 0, 1, CAUSE.appended_ms, 1, b"key", value, None, 3, size, (("ce_id", b"1"),))


def _unsealed(parked: EncodedRecord) -> Callable[[], object]:
    headers = dict(parked.headers)
    return lambda: unseal([MENDING], parked.topic, parked.value, headers)


def _cases() -> dict[str, tuple[Callable[[], object], int]]:
    """By name: what is timed, and how often in one repeat."""
    envelope, text = sealing.seal(KEY, PERSON, IDENTITY), ReferenceEnvelopes(KEY, PERSON).seal("custody", "A0001AA")
    wrapped = MASTER.wrapped(PERSON, sealing.new_key())
    sealer, parking = Sealer(KEY), Parking("people", ID_KEY, PARKING[0])
    message_id = sealer.seal(CAUSE)
    small, large = _record(2_000), _record(1_000_000)
    contact = contact_ids.kept(PEPPER, derived_id("contact", "custody", "1", ""))
    return {
        "seal an identity": (lambda: sealing.seal(KEY, PERSON, IDENTITY), 2_000),
        "open an identity": (lambda: sealing.open_sealed(KEY, PERSON, envelope), 2_000),
        "seal a reference": (lambda: ReferenceEnvelopes(KEY, PERSON).seal("custody", "A0001AA"), 2_000),
        "open a reference": (lambda: ReferenceEnvelopes(KEY, PERSON).open("custody", text), 2_000),
        "wrap a person's key": (lambda: MASTER.wrapped(PERSON, KEY), 2_000),
        "unwrap a person's key": (lambda: MASTER.unwrapped(PERSON, wrapped), 2_000),
        "make a message's id": (lambda: sealer.seal(CAUSE), 5_000),
        "open a message's id": (lambda: sealer.open(message_id), 5_000),
        "the id a partner is asked under": (lambda: contact_ids.asked(PEPPER, "custody", contact), 500),
        "park 2 kB": (lambda: parking.park(small, WHY), 2_000),
        "unseal 2 kB": (_unsealed(parking.park(small, WHY)), 2_000),
        "park 1 MB": (lambda: parking.park(large, WHY), 20),
        "unseal 1 MB": (_unsealed(parking.park(large, WHY)), 20),
    }


def test_what_sealing_costs() -> None:
    rows: list[tuple[str, str]] = []
    for name, (work, times) in _cases().items():
        took = min(timeit.repeat(work, number=times, repeat=REPEATS, timer=time.process_time)) / times
        rows.append((name, f"{took * measuring.MICRO:.1f}"))
    measuring.table("Sealing, of CPU time", rows, ("", "µs"))
