"""A word that one partner alone uses is a line of YAML; what was met and is in no list is counted, and names nobody."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onward.contracts import topics
from onward.contracts.contact import Contact
from onward.contracts.outcome import Ignored, Parked
from onward.intake.domain.feedback import PartnerRecord
from onward.intake.domain.partner import partners_of
from onward.intake.domain.reader import Reader
from onward.intake.domain.unknown_words import CountedWord, UnknownWord, counted_words, unknown_words
from onward.intake.domain.vocabulary import LISTS
from onward.intake.partners import SourceFileError, adapters, reader, with_words
from onward.intake.vocabulary_page import list_of
from onward.intake.words_files import PartnerWords, WordsFileError, load_words

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EVENT = {
    "eventType": "control-room.mh-incident.recorded",
    "occurredAt": "2026-03-02T09:15:00Z",
    "incidentNo": "CC-1",
    "threshold": "Grade One",
    "needs": [{"category": "gambling debts", "severity": "amber"}],
    "person": {"name": "Test Person-0001"},
}
LINES = """
# yaml-language-server: $schema=./words.schema.json
thresholds:
  grade-one: immediate_risk_to_life
needs: {Gambling debts: FINANCE_DEBT}
severities: {amber: 2}
"""


def words(folder: Path, text: str, source: str = "control-room") -> Reader:
    (folder / f"{source}.yaml").write_text(text)
    return Reader(partners_of(with_words(adapters(), load_words(folder)), topics.files()))


def made(reading: Reader, body: object = EVENT, source: str = "control-room") -> Contact:
    read = reading.read(source, json.dumps(body).encode(), [], received_at=AT)
    assert not isinstance(read, Ignored | Parked), read
    (contact,) = read
    return contact


def test_a_line_of_yaml_makes_a_word_of_one_partner_one_of_our_codes(tmp_path: Path) -> None:
    before = made(reader())
    assert "event.threshold" not in before.facts
    assert "needs.finance_debt" not in before.facts
    reading = words(tmp_path, LINES)
    after = made(reading)
    assert after.facts["event.threshold"] == "immediate_risk_to_life"
    assert after.facts["needs.finance_debt"] == 2
    assert after.left_out == ()
    other = {**EVENT, "eventType": "custody.detention.risk-assessed"}
    assert made(reading, other, "custody").left_out != (), "of one partner alone"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("needs: {lone parent: LONE_PARENTS}", "no code `LONE_PARENTS`"),
        ("severities: {amber: 7}", "no code `7`"),
        ("severities: {amber: two}", "whole number"),
        ("need: {gambling: FINANCE_DEBT}", "need"),
        ("needs: {Gambling debts: FINANCE_DEBT, gambling-debts: MENTAL_HEALTH}", "twice"),
        ("needs: [", "control-room.yaml"),
        ("needs:\n  debt: FINANCE_DEBT\n  lone parent: LONE_PARENTS", "control-room.yaml:3:16: "),
        ("needs:\n  gambling debts: FINANCE_DEBT\n  gambling-debts: MENTAL_HEALTH", "control-room.yaml:3:3: "),
        ("severities:\n  amber: 7", "control-room.yaml:2:10: "),
        ("severities:\n  amber: true", "control-room.yaml:2:10: "),
        ("severities:\n  '': 0", "control-room.yaml:2:3: "),
        ("severities:\n  высокий: 0", "A to Z"),
        ("needs:\n  not known: MENTAL_HEALTH", "says that nobody knows"),
        ("severities:\n  high: 0", "control-room.yaml:2:9: "),
        ("severities: {high: 0}", "`high` is 3 from whoever says it"),
        ("severities: {HIGH: 4}", "`high` is 3 from whoever says it"),
        ("thresholds: {immediate risk to life: below_threshold}", "from whoever says it"),
        ("needs: {mental health: FINANCE_DEBT}", "`mental_health` is `MENTAL_HEALTH` from whoever says it"),
    ],
)
def test_a_slip_in_the_lines_is_told_and_nothing_starts(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WordsFileError, match=r"words/control-room\.yaml") as error:
        words(tmp_path, text)
    assert told in str(error.value)


def test_a_word_that_everybody_reads_may_stand_there_as_what_it_is(tmp_path: Path) -> None:
    words(tmp_path, "severities: {high: 3, amber: 2}")


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "control-room.yaml").mkdir()
    with pytest.raises(WordsFileError, match=r"words/control-room\.yaml: .+ make it a file"):
        load_words(tmp_path)


def test_a_file_of_a_partner_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="no partner is called `controlroom`"):
        words(tmp_path, LINES, "controlroom")


def test_every_list_can_have_words_of_a_partner_s_own() -> None:
    assert PartnerWords.model_fields.keys() == LISTS.keys()


def met(**more: Any) -> list[tuple[str, str]]:
    record = PartnerRecord("control-room", json.dumps({**EVENT, **more}).encode(), (), "in.control-room/0/1", AT)
    return [(each.field, each.word) for each in unknown_words(record, reader())]


def test_each_word_that_is_in_no_list_is_met_with_its_field() -> None:
    assert sorted(met()) == [
        ("needs.category", "gambling_debts"),
        ("needs.severity", "amber"),
        ("threshold", "grade_one"),
    ]
    parked = {key: value for key, value in EVENT.items() if key not in {"incidentNo", "person", "needs"}}
    record = PartnerRecord("control-room", json.dumps(parked).encode(), (), "in.control-room/0/1", AT)
    assert [each.word for each in unknown_words(record, reader())] == ["grade_one"]
    assert list(unknown_words(PartnerRecord("control-room", b"{", (), "in.control-room/0/1", AT), reader())) == []


@pytest.mark.parametrize(
    "text",
    [
        "Test Person-0001", "person", "07700 900123", "A1234BC", "x" * 41, "he said that he wants to die", 7,
        ["grade one"], "1990-05-01", "test@example.org", "Żółw",
    ],
)  # fmt: skip
def test_what_could_name_somebody_or_is_no_word_of_a_list_is_not_told(text: object) -> None:
    assert all(word == "" for field, word in met(threshold=text) if field == "threshold")


@pytest.mark.parametrize("who", [{"name": "Test Person-0001"}, {"name": "Test Person-0001", "nhsNumber": "9434765919"}])
def test_one_person_without_a_reference_of_whom_is_told_three_times_is_one(who: dict[str, str]) -> None:
    event = {key: value for key, value in EVENT.items() if key != "incidentNo"} | {"person": who}
    records = [
        PartnerRecord("control-room", json.dumps({**event, "eventId": f"e-{each}"}).encode(), (), f"in.x/0/{each}", AT)
        for each in range(3)
    ]
    seen = [word for record in records for word in unknown_words(record, reader())]
    assert seen
    assert {each.word for each in counted_words(seen)} == {""}


def test_what_was_said_of_one_or_two_is_counted_and_not_shown() -> None:
    seen = [
        *(UnknownWord("needs.category", "gambling", f"case {number}") for number in range(3)),
        *(UnknownWord("needs.category", "shoplifting", "one case") for _ in range(9)),
        UnknownWord("needs.category", "", "case 1"),
        *(UnknownWord("threshold", "grade_one", f"case {number}") for number in range(4)),
    ]
    assert counted_words(seen) == [
        CountedWord("threshold", "grade_one", 4),
        CountedWord("needs.category", "gambling", 3),
        CountedWord("needs.category", "", 10),
    ]


def test_the_list_of_a_field_is_that_to_which_a_line_can_be_added() -> None:
    assert list_of("control-room", "threshold") == "thresholds"
    assert list_of("liaison", "needs.category") == "needs"
    assert list_of("liaison", "consent.purposes") == "purposes"
    assert list_of("custody", "outcome") == ""
