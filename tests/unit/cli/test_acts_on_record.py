"""What a person does at a command line is on the audit chain before it is shown or done."""

import re
from pathlib import Path

import pytest
import typer
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from onward.chassis.observability import audit_notes
from onward.cli import acting
from onward.cli.acting import act_of

CLI = Path(acting.__file__).parent
OPENS = re.compile(r"\b(master_key|mending_keys)\(\)")
"""How a command asks for a key that opens what is sealed."""


def test_every_command_that_opens_what_is_sealed_puts_that_on_record() -> None:
    texts = {path.name: path.read_text() for path in CLI.glob("*.py") if path.name != "given_keys.py"}
    opening = {name for name, text in texts.items() if OPENS.search(text)}
    recording = {name for name, text in texts.items() if "put_on_record(" in text}
    assert opening >= {"cases.py", "erase.py", "parked.py", "parked_redrive.py", "subject_access.py"}
    assert opening <= recording


def test_the_words_of_a_reason_are_not_on_the_chain_and_the_same_words_about_another_id_look_different() -> None:
    one, other = (act_of("reveal", "case-open", by="j.doe", id_=id_, reason="Jordan Ames rang") for id_ in ("a", "b"))
    assert "Jordan" not in one.model_dump_json()
    assert len(one.said) == 64
    assert one.said != other.said


def test_who_looked_at_the_chains_last_is_told_by_the_newest_checkpoint() -> None:
    def noted(text: str) -> OffsetAndMetadata:
        return OffsetAndMetadata(0, text)

    older, newer = '{"at":100.0,"number":1,"breaks":0}', '{"at":700.5,"number":2,"breaks":3}'
    texts = (older, newer, "not ours", "")
    found = audit_notes.read({TopicPartition("audit-acts", place): noted(text) for place, text in enumerate(texts)})
    assert found == audit_notes.AuditNote(700.5, 2, 3)
    assert audit_notes.read({}) is None


@pytest.mark.parametrize("by", ["", "\x1b[2J", "  "])
def test_nobody_without_a_name_that_can_be_recorded_acts(by: str) -> None:
    with pytest.raises(typer.Exit) as ended:
        act_of("reveal", "case-open", by=by)
    assert ended.value.exit_code == 2
