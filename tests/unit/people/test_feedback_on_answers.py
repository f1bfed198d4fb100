"""What a partner hears of what is parked here: by its own event id and reference, or by its place."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from installation_keys import ID_KEY
from onward.chassis.security.cause import Cause, Sealer
from onward.contracts.contact import Contact
from onward.contracts.feedback import Feedback
from onward.contracts.outcome import Published
from onward.people.domain.answering import UNKNOWN_QUESTION
from onward.people.domain.remembered import remember
from onward.people.handlers import feedback_to_partner
from unit.people.people_builders import PEPPER, a_contact, an_answer

MASTER = b"m" * 32


@dataclass
class Record:
    value: bytes | None
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    topic: str = "contacts"
    partition: int = 0
    offset: int = 1
    key: bytes | None = b"key"
    timestamp: int = 1_772_000_000_000
    timestamp_type: int = 1


def told(contact: Contact, *, redriven: bool = False, outcome: Any = UNKNOWN_QUESTION) -> Feedback:
    where = Sealer(ID_KEY).seal(Cause("in.custody", 3, 41, 1_772_000_000_000, 0))
    record = Record(contact.model_dump_json().encode(), [("ce_id", where)])
    made = feedback_to_partner(record, outcome, redriven=redriven, sealer=Sealer(ID_KEY))
    assert isinstance(made, Published)
    (message,) = made.messages
    assert isinstance(message.body, Feedback)
    return message.body


@pytest.mark.parametrize("event_id", ["9f2c-1", None])
def test_a_partner_is_told_of_its_event_by_its_own_id(event_id: str | None) -> None:
    answer = an_answer("answer", "nothing", reference="CR/1").model_copy(update={"event_id": event_id})
    heard = told(answer)
    assert (heard.outcome, heard.event_id, heard.reference, heard.record) == (
        "parked",
        event_id,
        "CR/1",
        "in.custody/3/41",
    )
    mended = told(answer, redriven=True, outcome=Published((), "known_person"))
    assert (mended.outcome, mended.event_id) == ("mended", event_id)


def test_what_a_contact_is_remembered_by_does_not_hang_on_the_id_being_told() -> None:
    """What was taken before the id was kept, and comes again, is a repeat and no other event."""
    before = a_contact("one", content="as it was written")
    after = before.model_copy(update={"event_id": "9f2c-1"})
    assert len({remember(one, recorded=1, pepper=PEPPER).digests for one in (before, after)}) == 1


def test_only_what_was_parked_is_told_of() -> None:
    record = Record(a_contact("one").model_dump_json().encode())
    assert feedback_to_partner(record, Published((), "known_person"), redriven=False, sealer=Sealer(ID_KEY)) is None
