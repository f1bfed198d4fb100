"""What a directory needs before it may be published: areas that there are, and profiles that guard what harms."""

import pytest

from onward.directory.completeness import problems
from onward.directory.files import parse, read_files

FILES = dict(read_files())


def found(file: str, written: str, instead: str) -> list[str]:
    text = FILES[file].decode()
    assert written in text
    files = FILES | {file: text.replace(written, instead, 1).encode()}
    parse(files)  # a service that runs goes on with it
    return [str(each) for each in problems(files)]


def test_the_projects_own_directory_lacks_nothing() -> None:
    assert problems(FILES) == []


def test_a_catchment_of_no_authority_is_an_error_that_names_the_one_that_was_meant() -> None:
    (told,) = found("west-midlands.yaml", "E08000029]", "E08000092]")
    assert "error[D106]: no local authority has the code `E08000092`; did you mean `E08000029` (Solihull)?" in told
    assert told.startswith("directory/west-midlands.yaml:")


def test_a_catchment_of_an_authority_that_ended_names_its_successor() -> None:
    (told,) = found("cambridgeshire.yaml", "[E07000008]", "[E07000026]")
    assert "`E07000026` (Allerdale) ended on 2023-03-31" in told
    assert "`E06000063` (Cumberland)" in told


def test_one_digit_that_is_another_is_told_with_what_other_providers_serve() -> None:
    (told,) = found("west-midlands.yaml", "E08000029]", "E08000099]")
    assert "did you mean `E08000009` (Trafford) or `E08000029` (Solihull)" in told


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (
            "    never: [offence, health, risk, safeguarding]\n\n  housing-on-release",
            "    never: []\n\n  housing-on-release",
        ),
        ("    never: [offence, health, risk, safeguarding]\n\n  housing-on-release", "\n  housing-on-release"),
        (
            "    never: [offence, health, risk, safeguarding]\n\n  housing-on-release",
            "    never: [offence, health, risk]\n\n  housing-on-release",
        ),
        ("    never: [health, risk, safeguarding]", "    never: [risk, safeguarding]"),
        ("    never: [risk]\n", ""),
    ],
)
def test_a_profile_shows_some_of_each_harmful_class_or_says_that_it_never_does(written: str, instead: str) -> None:
    (told,) = found("profiles.yaml", written, instead)
    assert "error[D014]" in told
    assert "write `never: [" in told


def test_every_class_that_is_taken_from_any_never_is_told_of() -> None:
    text = FILES["profiles.yaml"].decode()
    classes = {"offence", "health", "risk", "safeguarding"}
    for line in {each for each in text.splitlines() if "never: [" in each}:
        names = line.partition("[")[2].rstrip("]").split(", ")
        for name in classes & set(names):
            left = ", ".join(each for each in names if each != name)
            assert any("D014" in each for each in found("profiles.yaml", line + "\n", f"    never: [{left}]\n")), (
                line,
                name,
            )
