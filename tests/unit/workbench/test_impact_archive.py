"""An archive says what it holds; a damaged one is refused, with the shard and the line."""

import gzip
import json
from pathlib import Path

import pytest

from bench.national_year.description import load_year
from bench.national_year.year import Year
from onward.contracts.situation import Situation
from onward.workbench.impact.archive import Archive, ArchiveError, ArchiveWriter, Manifest
from onward.workbench.impact.outcome_counts import OutcomeCounts
from onward.workbench.impact.replay import Bundle, replay
from unit.routing.test_decision_properties import DIRECTORY, RULES

YEAR = Year(load_year())
SITUATIONS = list(YEAR.sample(25))
BUNDLE = Bundle(RULES, DIRECTORY)
SECOND = "situations-00002.jsonl.gz"


def written(folder: Path, situations: list[Situation] = SITUATIONS) -> Manifest:
    writer = ArchiveWriter(folder, "tests", YEAR.whole(), shard_size=10)
    for situation in situations:
        writer.add(situation)
    return writer.finish()


def replayed(path: Path, *, skip_bad: bool = False, most: int | None = None) -> OutcomeCounts:
    return replay(Archive.open(path), BUNDLE, BUNDLE, chunk=4, skip_bad=skip_bad, most=most)


def refused(path: Path) -> str:
    with pytest.raises(ArchiveError) as error:
        replayed(path)
    return str(error.value)


def test_a_manifest_says_how_many_from_whom_and_when_and_of_which_year(tmp_path: Path) -> None:
    manifest = written(tmp_path / "a")
    assert [shard.situations for shard in manifest.shards] == [10, 10, 5]
    assert sum(manifest.sources.values()) == sum(manifest.months.values()) == manifest.situations == 25
    assert manifest.of is not None
    assert manifest.of.situations == sum(manifest.of.sources.values()) == 43_000_000
    assert Archive.open(tmp_path / "a").manifest == manifest


def test_equal_situations_are_equal_files(tmp_path: Path) -> None:
    assert written(tmp_path / "a") == written(tmp_path / "b")
    for name in [shard.file for shard in written(tmp_path / "c").shards]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_what_is_written_is_read_again_in_order(tmp_path: Path) -> None:
    written(tmp_path / "a")
    chunks = list(Archive.open(tmp_path / "a").chunks(4))
    assert [len(chunk.lines) for chunk in chunks] == [4, 4, 2, 4, 4, 2, 4, 1]
    assert [chunk.first_line for chunk in chunks[:4]] == [1, 5, 9, 1]
    assert [Situation.model_validate_json(line) for chunk in chunks for line in chunk.lines] == SITUATIONS


@pytest.mark.parametrize("most", [1, 4, 10, 11, 24, 25, 99])
def test_a_limit_ends_the_reading_where_it_says(tmp_path: Path, most: int) -> None:
    written(tmp_path / "a")
    assert replayed(tmp_path / "a", most=most).situations == min(most, 25)


@pytest.mark.parametrize("name", ["some.jsonl", "some.jsonl.gz"])
def test_a_single_file_is_an_archive_too(tmp_path: Path, name: str) -> None:
    text = b"".join(situation.model_dump_json().encode() + b"\n" for situation in SITUATIONS)
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    assert replayed(tmp_path / name).situations == 25


def test_a_shard_that_is_not_the_one_described_is_refused_before_it_is_counted(tmp_path: Path) -> None:
    written(tmp_path / "a")
    shard = tmp_path / "a" / SECOND
    shard.write_bytes(shard.read_bytes().replace(b"", b"x", 1))
    assert f"{SECOND}: SHA-256 is " in refused(tmp_path / "a")
    shard.unlink()
    assert f"{SECOND}: No such file" in refused(tmp_path / "a")


def test_a_file_that_is_cut_short_is_refused_with_the_last_line_that_could_be_read(tmp_path: Path) -> None:
    text = b"".join(situation.model_dump_json().encode() + b"\n" for situation in SITUATIONS)
    whole = gzip.compress(text)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) - 30])
    assert "cut.jsonl.gz: after line " in refused(tmp_path / "cut.jsonl.gz")
    (tmp_path / "none.jsonl.gz").write_bytes(b"not gzip at all")
    assert "none.jsonl.gz: after line 0: damaged" in refused(tmp_path / "none.jsonl.gz")
    (tmp_path / "half.jsonl").write_bytes(text[: len(text) - 30])
    assert "half.jsonl, line 25: the line: is no JSON, or is cut short" in refused(tmp_path / "half.jsonl")


def test_a_line_that_is_no_situation_is_named_or_counted(tmp_path: Path) -> None:
    lines = [situation.model_dump_json() for situation in SITUATIONS]
    wrong = json.loads(lines[6])
    wrong["facts"]["person.age"] = "forty, Example Street"
    (tmp_path / "a.jsonl").write_text("\n".join([*lines[:6], json.dumps(wrong), *lines[7:], "{}", ""]))
    message = refused(tmp_path / "a.jsonl")
    assert "a.jsonl, line 7: facts.person.age: " in message
    assert "Example Street" not in message
    tally = replayed(tmp_path / "a.jsonl", skip_bad=True)
    assert (tally.situations, tally.bad) == (24, 2)


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "a")
    manifest = tmp_path / "a" / "manifest.json"
    told = json.loads(manifest.read_text())
    for change, where in (
        ({"format": "onward-archive/v2"}, "format"),
        ({"shards": [{"file": "../x"}]}, "shards.0.file"),
    ):
        manifest.write_text(json.dumps(told | change))
        assert f"manifest.json: {where}: " in refused(tmp_path / "a")
    told["shards"][0]["situations"] = 9
    manifest.write_text(json.dumps(told))
    assert "10 situations, the manifest says 9" in refused(tmp_path / "a")
    manifest.unlink()
    assert "manifest.json: No such file" in refused(tmp_path / "a")
    assert "no such file or folder" in refused(tmp_path / "nowhere")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    written(tmp_path / "a")
    with pytest.raises(ArchiveError, match="holds something already"):
        written(tmp_path / "a")


def test_what_is_no_situation_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="record 1 is no situation of this version: "):
        ArchiveWriter(tmp_path / "a", "tests").add_json(b'{"person": 3}')
