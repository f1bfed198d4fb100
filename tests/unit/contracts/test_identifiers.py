"""Identifiers are read as people write them, and never believed without their check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.contracts.identifiers import CHECK_LETTERS, IdentifierType, check_letter, read_identifier


def value_of(kind: IdentifierType, raw: object) -> str | None:
    found = read_identifier(kind, raw)
    assert found is None or found.type == kind
    return found.value if found else None


PUBLIC_VALUES: list[tuple[IdentifierType, str, str]] = [
    # ministryofjustice/hmpps-person-record, PNCIdentifierTest and CROIdentifierTest
    ("PNC", "81/34U", "1981/0000034U"),
    ("PNC", "02/73319Z", "2002/0073319Z"),
    ("PNC", "00/223R", "2000/0000223R"),
    ("PNC", "79/163001B", "1979/0163001B"),
    ("PNC", "0273319Z", "2002/0073319Z"),
    ("PNC", "79163001B", "1979/0163001B"),
    ("PNC", "033Y", "2003/0000003Y"),
    ("PNC", "67/9893091D", "1967/9893091D"),
    ("PNC", "20020073319Z", "2002/0073319Z"),
    ("PNC", "19790163001B", "1979/0163001B"),
    ("PNC", "2002/0073319Z", "2002/0073319Z"),
    ("PNC", "2002/73319Z", "2002/0073319Z"),
    ("CRO", "SF05/482703J", "SF05/482703J"),
    ("CRO", "SF83/50058Z", "SF83/50058Z"),
    ("CRO", "265416/21G", "265416/21G"),
    ("CRO", "65656/91H", "065656/91H"),
    # ministryofjustice/bichard7-next-ui, isAsnFormatValid
    ("ASN", "1101ZD0100000410836V", "1101ZD0100000410836V"),
    ("ASN", "11/01ZD/01/00000410836V", "1101ZD0100000410836V"),
    ("ASN", "1101ZD0100000448754K", "1101ZD0100000448754K"),
    ("ASN", "1101ZD01410836V", "1101ZD0100000410836V"),
    # NHS Data Dictionary's example
    ("NHS", "943 476 5919", "9434765919"),
    ("NHS", "943-476-5919", "9434765919"),
    ("NOMS", " a0001aa ", "A0001AA"),
    ("CRN", "x 777984", "X777984"),
]


@pytest.mark.parametrize(("kind", "raw", "canonical"), PUBLIC_VALUES)
def test_an_identifier_is_read_in_its_canonical_form_however_it_is_written(
    kind: IdentifierType, raw: str, canonical: str
) -> None:
    assert value_of(kind, raw) == canonical
    assert value_of(kind, f" {raw.lower()} ") == canonical


REFUSED: list[tuple[IdentifierType, object]] = [
    ("PNC", "20030011985Z"),
    ("PNC", "20120052494O"),
    ("PNC", "20230583843N"),
    ("PNC", "2001/0171310S"),
    ("PNC", "TOTALLYINVALID"),
    ("PNC", "1X23/1234567A"),
    ("PNC", "1923[1234567A"),
    ("PNC", "1923/1234567AA"),
    ("PNC", "2902/0073319Z"),
    ("PNC", "2000/0000000Z"),
    ("CRO", "85227/65G"),
    ("CRO", "SF83/050058Z"),
    ("CRO", "000000/00Z"),
    ("ASN", "1101ZD0100000448754J"),
    ("ASN", "1101ZD01410811A"),
    ("NHS", "9434765918"),
    ("NHS", "0000000000"),
    ("NHS", "1111111111"),
    ("NHS", "\u0669434765919"),
    ("NOMS", "A0001A"),
    ("NOMS", "A0001AAA"),
    ("NOMS", "\u0131\u00b2001AA"),
    ("CRN", "777984X"),
    ("CRN", ""),
    ("CRN", None),
    ("CRN", True),
    ("CRN", ["X777984"]),
    ("CRN", "X777984" + " " * 100),
    ("NHS", 10**100),
]


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_what_does_not_check_is_absent(kind: IdentifierType, raw: object) -> None:
    assert value_of(kind, raw) is None


def test_a_number_written_as_a_json_number_is_read() -> None:
    assert value_of("NHS", 9434765919) == "9434765919"


def test_a_two_digit_year_means_the_same_century_whenever_it_is_read() -> None:
    assert value_of("PNC", f"49/1{check_letter(49 * 10**7 + 1)}") == f"2049/0000001{check_letter(49 * 10**7 + 1)}"
    assert value_of("PNC", f"50/1{check_letter(50 * 10**7 + 1)}") == f"1950/0000001{check_letter(50 * 10**7 + 1)}"


years = st.integers(0, 99).map(lambda year: f"{year:02}")


@st.composite
def identifiers(draw: st.DrawFn) -> tuple[IdentifierType, str]:
    """A valid identifier with a check letter, in its canonical form."""
    kind: IdentifierType = draw(st.sampled_from(("PNC", "CRO", "ASN")))
    year = draw(years)
    if kind == "PNC":
        serial = draw(st.integers(1, 9_999_999))
        century = "19" if int(year) >= 50 else "20"
        return kind, f"{century}{year}/{serial:07}{check_letter(int(year) * 10**7 + serial)}"
    if kind == "CRO":
        serial = draw(st.integers(1, 999_999))
        if draw(st.booleans()):
            return kind, f"{serial:06}/{year}{check_letter(int(f'{year}{serial:06}'))}"
        return kind, f"SF{year}/{serial}{check_letter(int(f'{year}{serial}'))}"
    serial = draw(st.integers(1, 10**11 - 1))
    return kind, f"{year}01ZD02{serial:011}{check_letter(int(f'0102{year}{serial:011}'))}"


@given(identifiers())
def test_a_canonical_identifier_is_read_as_itself(identifier: tuple[IdentifierType, str]) -> None:
    kind, text = identifier
    assert value_of(kind, text) == text


@given(identifiers(), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_any_other_check_letter_is_refused(identifier: tuple[IdentifierType, str], letter: str) -> None:
    kind, text = identifier
    changed = text[:-1] + letter
    assert value_of(kind, changed) == (text if changed == text else None)


@given(identifiers())
def test_two_spellings_of_one_pnc_are_one_key(identifier: tuple[IdentifierType, str]) -> None:
    kind, text = identifier
    if kind == "PNC":
        year, rest = text.split("/")
        assert {value_of(kind, spelling) for spelling in (text, year + rest, f"{year[2:]}/{rest.lstrip('0')}")} == {
            text
        }


@given(st.integers(0, 999_999_999))
def test_one_tenth_digit_at_most_makes_an_nhs_number(first_nine: int) -> None:
    valid = [digit for digit in range(10) if value_of("NHS", f"{first_nine:09}{digit}")]
    assert len(valid) <= 1


@given(st.sampled_from(("NOMS", "CRN", "PNC", "CRO", "NHS", "ASN")), st.text() | st.integers() | st.none())
def test_nothing_that_is_read_raises_and_what_is_read_reads_again(kind: IdentifierType, raw: object) -> None:
    found = value_of(kind, raw)
    assert found is None or value_of(kind, found) == found


def test_the_check_alphabet_leaves_out_the_letters_that_look_like_digits() -> None:
    assert len(CHECK_LETTERS) == 23
    assert not set(CHECK_LETTERS) & set("IOS")
