"""`onward rules archive` and `onward rules impact`, as an author calls them."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.national_year import __main__ as national_year
from onward.cli.main import app
from onward.contracts import paths
from unit.routing.routing_builders import BASES, HOUSING, rule_file

RULES = paths.schemas() / "routing"


def run(*arguments: object, code: int = 0) -> str:
    """What a command prints, on either stream."""
    result = CliRunner().invoke(app, ["rules", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives") / "year"
    written = national_year.write(folder, 600, shard=250)
    assert (written.situations, len(written.shards)) == (600, 3)
    return folder


@pytest.fixture(scope="module")
def stricter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack, with more time for what had ten working days."""
    folder = tmp_path_factory.mktemp("stricter") / "routing"
    shutil.copytree(RULES, folder)
    for file in folder.glob("*.yaml"):
        file.write_text(file.read_text().replace("within_10_working_days", "within_4_weeks"))
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rules, for what is not about rules."""
    folder = tmp_path_factory.mktemp("small") / "routing"
    folder.mkdir()
    (folder / "bases.yaml").write_text(BASES)
    file = rule_file("need", HOUSING)
    (folder / file.name).write_bytes(file.content)
    return folder


def test_a_change_is_told_in_words_and_on_a_page(archive: Path, stricter: Path, tmp_path: Path) -> None:
    told = run("impact", RULES, stricter, "--archive", archive, "--workers", 1, "--html", tmp_path / "page.html")
    assert "Replayed: 600 situations in " in told
    assert "a sample of the 43,000,000 situations of 2025; at this rate they would take " in told
    assert "Referrals by category" in told
    assert "* is a number from 1 to 7" in told
    assert "<title>What a change of rules would do</title>" in (tmp_path / "page.html").read_text()


def test_a_document_has_the_figures_and_the_rate(archive: Path, stricter: Path) -> None:
    told = json.loads(run("impact", RULES, stricter, "--archive", archive, "--workers", 1, "--exact", "--json"))
    assert (told["ok"], told["situations"], told["exact"]) == (True, 600, True)
    (total,) = (table["rows"][0] for table in told["tables"] if (table["family"], table["by"]) == ("referred", "all"))
    assert total["moved"] > 0
    assert total["before"] == total["after"]
    assert told["seconds_for_the_year"] == pytest.approx(43_000_000 / told["situations_per_second"], rel=0.1)
    assert told["archive"]["manifest"]["of"]["situations"] == 43_000_000


def test_a_limit_and_other_thresholds(archive: Path, small: Path) -> None:
    options = ("--limit", 40, "--hide-up-to", 3, "--round-to", 10, "--workers", 1, "--json")
    told = json.loads(run("impact", small, small, "--archive", archive, *options))
    assert (told["situations"], told["hidden_up_to"], told["rounded_to"]) == (40, 3, 10)


def test_a_damaged_archive_ends_with_2_and_says_where(archive: Path, small: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(archive, damaged)
    shard = damaged / "situations-00002.jsonl.gz"
    shard.write_bytes(shard.read_bytes()[:-40])
    told = run("impact", small, small, "--archive", damaged, "--workers", 1, code=2)
    assert "situations-00002.jsonl.gz: SHA-256 is " in told
    told = run("impact", small, small, "--archive", damaged, "--workers", 1, "--json", code=2)
    assert json.loads(told)["ok"] is False


def test_a_line_that_is_no_situation_is_skipped_when_asked(tmp_path: Path, small: Path) -> None:
    (tmp_path / "some.jsonl").write_text('{"person": "x"}\n')
    arguments = ("impact", small, small, "--archive", tmp_path / "some.jsonl", "--workers", 1)
    assert "some.jsonl, line 1: situation_id: Field required" in run(*arguments, code=2)
    assert "holds no situation, so it says nothing about the rules; 1 line skipped" in run(
        *arguments, "--skip-bad", code=2
    )


def test_an_unpacked_bundle_is_used_with_its_own_directory(archive: Path, small: Path, tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "routing")
    shutil.copytree(RULES.parent / "directory", tmp_path / "directory")
    for file in (tmp_path / "directory").glob("*.yaml"):
        file.write_text(file.read_text().replace("community_mental_health", "learning_disability"))
    told = json.loads(run("impact", RULES, tmp_path, "--archive", archive, "--workers", 1, "--exact", "--json"))
    assert told["before"]["version"] == told["after"]["version"]
    assert told["before"]["directory"] != told["after"]["directory"]
    (unmet,) = (table["rows"][0] for table in told["tables"] if (table["family"], table["by"]) == ("unmet", "all"))
    assert unmet["gained"] > 0
    (tmp_path / "more").mkdir()
    (tmp_path / "routing").rename(tmp_path / "rules")
    told_off = run("impact", small, tmp_path, "--archive", archive, code=2)
    assert "holds a directory, but not one folder of rules beside it" in told_off


def test_rules_that_do_not_load_end_with_2(archive: Path, small: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "need.yaml").write_text("schema: routing/v1\n")
    assert "error[R003]" in run("impact", small, tmp_path / "rules", "--archive", archive, code=2)


def test_an_archive_comes_from_a_broker_and_goes_where_nothing_is(archive: Path, tmp_path: Path) -> None:
    assert "name the broker: --from-kafka HOST:PORT" in run("archive", tmp_path / "a", code=2)
    assert "holds something already" in run("archive", archive, "--from-kafka", "127.0.0.1:1", code=2)


def test_an_archive_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nobody = ("--from-kafka", "127.0.0.1:1")
    assert "file: is a file; name a new folder" in run("archive", tmp_path / "file", *nobody, code=2)
    told = run("archive", tmp_path / "file" / "inside", *nobody, code=1)
    assert "the archive was not written" in told


def made_up(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = national_year.main(list(map(str, arguments)))
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_made_up_situations_are_written_as_an_archive_or_it_is_said_why_not(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made_up(capsys, tmp_path / "new", 8) == (0, f"{tmp_path / 'new'}: 8 situations in 1 file\n")
    (tmp_path / "year.yaml").write_text("schema: onward-year/v1\n")
    (tmp_path / "file").write_text("")
    for code, said, *arguments in (
        (2, "holds something already", archive, 5),
        (2, "the year has 43000000 situations", tmp_path / "a", 43_000_001),
        (2, "year.yaml:1:1: ", tmp_path / "a", 5, "--year", tmp_path / "year.yaml"),
        (2, "file: is a file; name a new folder", tmp_path / "file", 1),
        (1, "the archive was not written", tmp_path / "file" / "inside", 1),
    ):
        ended, told = made_up(capsys, *arguments)
        assert (ended, said in told) == (code, True), told


@pytest.mark.parametrize("name", ["missing/page.html", "."])
def test_a_page_that_cannot_be_written_is_said_before_anything_is_replayed(
    small: Path, tmp_path: Path, name: str
) -> None:
    told = run("impact", small, small, "--archive", tmp_path / "none", "--html", tmp_path / name, code=1)
    assert "cannot be written; nothing was replayed" in told


def test_an_archive_says_nothing_about_rules_if_it_is_empty_and_too_much_about_people_if_it_is_small(
    archive: Path, small: Path, tmp_path: Path
) -> None:
    lines = [
        line for shard in sorted(archive.glob("*.gz")) for line in gzip.decompress(shard.read_bytes()).splitlines()
    ]
    export = tmp_path / "export.jsonl"

    def impact(number: int, *options: str, code: int = 0) -> str:
        export.write_bytes(b"".join(line + b"\n" for line in lines[:number]))
        return run("impact", small, small, "--archive", export, "--workers", 1, *options, code=code)

    for options in ((), ("--exact",)):
        assert "holds no situation, so it says nothing about the rules" in impact(0, *options, code=2)
    for replayed in (impact(7, code=2), impact(9, "--limit", "7", code=2)):
        assert "export.jsonl: 7 situations, too few to hide anybody among" in replayed
    assert "Nothing changes." in impact(7, "--exact")
    assert "Nothing changes." in impact(8)
    with export.open("a") as file:
        file.write("{}\n")
    skipping = ("--archive", export, "--workers", 1, "--skip-bad")
    assert "Skipped: 1 line, no situation to be read there" in run("impact", small, small, *skipping)
    assert "Nothing changes." in impact(7, "--hide-up-to", "6")


def test_a_rule_that_starts_later_is_said_to_be_in_force_for_nobody_of_the_archive(
    archive: Path, small: Path, tmp_path: Path
) -> None:
    later = shutil.copytree(small, tmp_path / "routing")
    file = next(later.glob("*need*"))
    file.write_text(file.read_text().rstrip() + "\n    effective: {from: 2027-04-01}\n")
    told = run("impact", small, later, "--archive", archive, "--workers", 1)
    assert "Nothing is said of a rule" not in run("impact", small, small, "--archive", archive, "--workers", 1)
    assert "no situation lies in the period" not in told, "the rule as it was is in force"
    text = file.read_text()
    file.write_text(text.replace("- id: housing", "- id: later"))
    told = run("impact", small, later, "--archive", archive, "--workers", 1)
    assert "no situation lies in the period of `later` (from 2027-04-01): they are of 2025-" in told
    document = json.loads(run("impact", small, later, "--archive", archive, "--workers", 1, "--json"))
    assert len(document["not_in_force"]) == 1


def test_impact_says_which_directory_each_side_was_used_with(archive: Path, tmp_path: Path) -> None:
    for name in ("routing", "directory"):
        shutil.copytree(paths.schemas() / name, tmp_path / "live" / name)
    told = run("impact", tmp_path / "live", RULES, "--archive", archive, "--workers", 1)
    assert f"directory {tmp_path / 'live' / 'directory'} (its own)" in told
    assert f"directory {paths.schemas() / 'directory'} (its own)" in told
    alone = shutil.copytree(RULES, tmp_path / "alone")
    assert "the directory was NOT compared" in run("impact", alone, RULES, "--archive", archive, "--workers", 1)
