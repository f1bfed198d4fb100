"""Which interpreter is needed, as people write it: the language among other words, or that none is needed."""

import json

import pytest

from onward.contracts.contact import Contact
from onward.intake.partners import read
from unit.intake.test_placeholders import RECEIVED, screened


def language(written: object) -> object:
    body = screened("LD-1", "A1234BC", person={"nomsNumber": "A1234BC", "interpreter": written})
    told = read("liaison", json.dumps(body).encode(), [], received_at=RECEIVED)
    assert isinstance(told, tuple)
    (contact,) = told
    assert isinstance(contact, Contact)
    return contact.facts.get("person.interpreter")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Albanian (Kosovo)", "sq"),
        ("Arabic - Sudanese", "ar"),
        ("Pashto, Afghan", "ps"),
        ("Romanian/Moldovan", "ro"),
        ("Language Line: Polish", "pl"),
        ("speaks Roma", "rom"),
        ("Iraqi", "und"),
        ("yes please", "und"),
        ("Yes - Polish", "pl"),
        ("Chinese (Mandarin)", "cmn"),
        ("Albanian (Shqip)", "sq"),
        ("Farsi/Persian", "fa"),
        ("Polish, Russian", "pl"),
        ("Twi and some French", "tw"),
        ("Klingon or Somali", "so"),
        ("No (Polish at home)", None),
        ("Klingon", None),
    ],
)
def test_a_language_is_read_among_what_is_written_around_it(written: str, code: str | None) -> None:
    assert language(written) == code


@pytest.mark.parametrize(
    "written",
    ["fluent", "English (fluent)", "Good English", "no need", "Not required", "NR", "British", "English (UK)"],
)
def test_who_speaks_english_needs_nobody(written: str) -> None:
    assert language(written) is None
