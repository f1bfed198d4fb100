"""What is one partner's own stands beside its adapter: its words for our codes, and the types of contact it makes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from onward.contracts import contact_types, topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Parked
from onward.intake.domain.answers import MAKES as MADE_BY_ANSWERS
from onward.intake.domain.catalogue import Event, catalogue, read_event
from onward.intake.domain.contact import build
from onward.intake.domain.partner import Adapter, partners_of
from onward.intake.domain.partner_message import PartnerMessage, Read
from onward.intake.domain.parts import PartnerEvent
from onward.intake.domain.reader import Reader, UndeclaredTypeError
from onward.intake.domain.vocabulary import LISTS, OwnWords, VocabularyError, own_words
from onward.intake.partners import SourceFileError, adapter_of, adapters

RECEIVED = datetime(2026, 3, 3, 8, tzinfo=UTC)
OWN = own_words(
    needs={"shelter": "ACCOMMODATION", "Health": "MENTAL_HEALTH"},
    accommodation_current={"our place": "hostel"},
    severities={"red": 4},
)


def partner(source: str, *, makes: tuple[str, ...] = ("met.person",), words: OwnWords | None = None) -> Adapter:
    """A partner that tells of people whom it met, in the shared shape."""

    def met(message: PartnerMessage, event: PartnerEvent) -> Contact | Parked:
        return build(message, event, "met.person", {})

    known = catalogue(Event("met", PartnerEvent, met), words=words)

    def read(message: PartnerMessage) -> Read:
        return read_event(message, known)

    return Adapter(source, read, known, makes)


def said(adapter: Adapter, **more: Any) -> Read:
    body = {"eventType": "met", "occurredAt": "2026-03-02T09:15:00Z", "reference": "1", **more}
    file = topics.files()["in.custody"].model_copy(update={"name": f"in.{adapter.source}", "answers": ()})
    reader = Reader(partners_of({adapter.source: adapter}, {file.name: file}))
    return reader.read(adapter.source, json.dumps(body).encode(), (), received_at=RECEIVED)


def facts(told: Read) -> Mapping[str, Any]:
    assert isinstance(told, tuple), told
    (contact,) = told
    assert isinstance(contact, Contact)
    return contact.facts


def test_a_word_that_only_one_partner_has_is_read_for_that_partner_and_for_no_other() -> None:
    need = {"needs": [{"category": "Shelter", "severity": "red"}]}
    assert facts(said(partner("hostels", words=OWN), **need))["needs.accommodation"] == 4
    told = said(partner("others"), **need)
    assert isinstance(told, tuple)
    assert next((each.reason, each.pointer) for each in told[0].left_out) == ("unknown_code", "/needs/0/category")


def test_a_word_that_one_partner_means_otherwise_keeps_its_meaning_for_every_other() -> None:
    need = {"needs": [{"category": "health", "severity": "high"}]}
    assert facts(said(partner("hostels", words=OWN), **need)).keys() >= {"needs.mental_health"}
    assert facts(said(partner("others"), **need)).keys() >= {"needs.physical_health"}


def test_a_partner_with_words_of_its_own_is_understood_in_every_other_word_too() -> None:
    told = facts(
        said(
            partner("hostels", words=OWN),
            needs=[{"category": "housing", "severity": "high"}],
            accommodation={"current": "our place", "status": "NFA"},
            consent={"given": True, "purposes": ["shelter", "debt"]},
        )
    )
    assert (told["needs.accommodation"], told["accommodation.current"]) == (3, "hostel")
    assert (told["accommodation.status"], told["consent.accommodation"]) == ("homeless", True)
    assert told["consent.finance_debt"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [({"need": {"a": "b"}}, "no list of words is called `need`"), ({"needs": {"a": "HOUSING"}}, "no code `HOUSING`")],
)
def test_words_for_a_list_or_a_code_that_there_is_not_are_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        own_words(**words)


def test_every_list_may_have_words_of_one_partner_s_own() -> None:
    for name, table in LISTS.items():
        code = next(iter(table.values()))
        assert own_words(**{name: {"Our Own": code}})[name] == {"our_own": code}


def test_a_type_of_contact_that_an_adapter_does_not_declare_is_never_let_through() -> None:
    with pytest.raises(UndeclaredTypeError, match=r"`hostels` has no `met\.person` in its MAKES"):
        said(partner("hostels", makes=("met.somebody-else",)))


def test_what_rules_may_ask_for_is_what_the_adapters_declare() -> None:
    declared = {each for adapter in adapters().values() for each in adapter.makes}
    assert set(contact_types.known()) == declared | set(MADE_BY_ANSWERS)


@pytest.mark.parametrize("makes", [(), "hostels.left", ("hostels.left", "Hostels"), ("left",), (1,), 5])
def test_a_file_that_declares_no_type_of_contact_is_no_adapter(makes: object) -> None:
    module = ModuleType("hostels")
    adapter = partner("hostels")
    module.__dict__.update(SOURCE="hostels", MAKES=makes, CATALOGUE=adapter.catalogue, read=adapter.read)
    with pytest.raises(SourceFileError, match="MAKES must be types of contact such as"):
        adapter_of(module)
