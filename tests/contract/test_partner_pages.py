"""What the pages for partners say of topics, codes and schemas is what the files say."""

import re
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from onward.cli.main import app
from onward.contracts import topics
from onward.contracts.codes import DischargeReason, ProviderStatus, ReferralOutcome, RejectionReason

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "partners"
CODES = re.compile(r"`([A-Z_]+)`")
PAGE = (FOLDER / "README.md").read_text()
FILES = topics.files()


def rows(holding: str) -> list[list[str]]:
    """The cells of each row of the table whose head holds this text."""
    (table,) = [part for part in PAGE.split("\n\n") if part.startswith("|") and holding in part.splitlines()[0]]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def size(topic: topics.TopicFile) -> str:
    largest = topic.max_record_bytes or topic.max_message_bytes
    return f"{largest // 1024} KiB" if largest < 1_048_576 else f"{largest // 1_048_576} MiB"


def files_of(family: str) -> list[topics.TopicFile]:
    name = re.sub(r"<(\w+)>", r"{\1}", family)
    return [FILES[name]] if name in FILES else [FILES[f"in.{source}"] for source in topics.sources()]


def test_partitions_retention_and_sizes_are_those_of_the_topic_files() -> None:
    written = {row[0].strip("`"): row[3:] for row in rows("Record key")}
    assert written.keys() == {
        "in.<source>", "status.<source>", "questions.<source>", "feedback.<source>", "referrals.<provider>",
        "replies.<provider>",
    }  # fmt: skip
    for family, told in written.items():
        for topic in files_of(family):
            assert told == [str(topic.partitions), f"{topic.retention_days} days", size(topic)], topic.name


def test_who_writes_and_who_reads_is_as_in_the_topic_files() -> None:
    for family, who, *_ in rows("Record key"):
        for topic in files_of(family.strip("`")):
            outside = {"partner", "provider"}
            assert bool(outside & set(topic.producers)) == (who == "write"), topic.name
            assert bool(outside & set(topic.consumers)) == (who == "read"), topic.name


def test_the_options_that_a_newcomer_is_told_to_give_are_those_of_the_command() -> None:
    (given,) = re.findall(r'^make up ARGS="([^"]*)"$', PAGE, re.MULTILINE)
    known = {option for each in get_command(app).commands["up"].params for option in each.opts}  # type: ignore[attr-defined] # it is a group
    assert set(re.findall(r"--[a-z-]+", given)) <= known
    assert "$(ARGS)" in (ROOT / "Makefile").read_text()


def test_every_partner_has_a_page_and_a_row() -> None:
    pages = {row[1].strip("`"): row[2] for row in rows("You are")}
    assert pages.keys() == {f"in.{source}" for source in topics.sources()}
    for topic, page in pages.items():
        assert (FOLDER / f"{topic.removeprefix('in.')}.md").exists(), page


def test_every_reason_to_reject_is_listed() -> None:
    (row,) = [row for row in rows("Field") if row[0] == "`reason`"]
    assert set(CODES.findall(row[1])) - {"REJECTED", "DISCHARGED"} == set(get_args(RejectionReason))


def test_every_status_outcome_and_reason_of_a_discharge_is_listed() -> None:
    said = {row[0]: set(CODES.findall(row[1])) for row in rows("Field")}
    assert said["`status`"] == set(get_args(ProviderStatus)) | {"WITHDRAWAL_ACKNOWLEDGED"}
    assert said["`outcomes`"] == set(get_args(ReferralOutcome))
    (discharge,) = re.findall(r"^A discharge says why: (.*)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert set(CODES.findall(discharge)) == set(get_args(DischargeReason))


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_no_page_sends_a_partner_to_python_source_and_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    assert not re.findall(r"\S+/\w+\.py", text.replace("docs/partners/first_referral.py", ""))
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target


def test_what_a_partner_may_be_asked_is_told_as_its_topic_file_has_it() -> None:
    table = (FOLDER / "questions.md").read_text()
    listed = {row[0]: row for row in re.findall(r"^\| `([a-z-]+)` \| (.*) \| (.*) \|$", table, re.MULTILINE)}
    assert listed.keys() == {source for source in topics.sources() if FILES[f"in.{source}"].asked}
    for source in topics.sources():
        asked = FILES[f"in.{source}"].asked
        (told,) = re.findall(r"^\*\*\[What you may be asked\].*$", (FOLDER / f"{source}.md").read_text(), re.MULTILINE)
        assert re.findall(r"`([^`]+)`", told) == ([*asked.at, *asked.facts] if asked else []), source
        if asked:
            assert re.findall(r"`([^`]+)`", " ".join(listed[source][1:])) == [*asked.at, *asked.facts]
