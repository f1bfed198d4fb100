"""The guide for rule authors as something that can be done: its files, its commands and what it says they print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "rule-authors.md"
FENCE = "```"
ANYTHING = "…"
_FILE = re.compile(r"`([^`]+\.yaml)`:$")
_COUNTED = (
    r"(?<![\w.-])[\d,]+(?= (?:rules|files|tests|providers|warnings|errors|gaps|situations|of severity|more|beside|\d))"
)
_NORMAL = (
    (re.compile(r"\b[0-9a-f]{12}\b"), r"[0-9a-f]{12}"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    (re.compile(_COUNTED), r"[\d,]+"),
)
"""What differs from run to run (hashes, times), or grows with the pack and the directory (how many there are)."""
_FIGURE = re.compile(r"(?<= )(?:[\d,]+|\*)(?= |$)")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the guide does."""

    line: int
    """Where in the guide."""
    command: str = ""
    """Empty for a file that is written."""
    text: str = ""
    """What a command prints, or what is written."""
    path: str = ""
    appends: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row of the tables of mistakes."""

    line: int
    place: str
    """What of the worked rule is replaced, as code; or, in words, where something is added."""
    written: str
    """What is written there, as code; or the word `nothing`."""
    code: str
    message: str


def steps(guide: str) -> Iterator[Step]:
    """The files and commands of the guide, in order."""
    before = ""
    lines = iter(enumerate(guide.splitlines(), start=1))
    for number, line in lines:
        if line.startswith(FENCE):
            block = list(_until_closed(lines))
            if line == f"{FENCE}console":
                yield from _commands(number, block)
            elif found := _FILE.search(before):
                yield Step(number, text="\n".join(block) + "\n", path=found[1], appends=before.startswith("Add"))
        elif line:
            before = line


def _until_closed(lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    for _, line in lines:
        if line == FENCE:
            return
        yield line


def _commands(number: int, block: list[str]) -> Iterator[Step]:
    starts = [index for index, line in enumerate(block) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield Step(number + start + 1, command=block[start][2:], text="\n".join(block[start + 1 : end]).rstrip())


def mistakes(guide: str) -> Iterator[Mistake]:
    """The rows of the tables of mistakes, in order."""
    for number, line in enumerate(guide.splitlines(), start=1):
        cells = line.removeprefix("| ").removesuffix(" |").split(" | ") if line.startswith("| ") else []
        told = re.fullmatch(r"\[([A-Z]\d{3})\]\((\S+)\) (.+)", cells[-1]) if len(cells) == 3 else None
        if told:
            assert told[2].endswith(f"/{told[1]}.md"), f"line {number} links another page"
            yield Mistake(number, cells[0], cells[1], told[1], told[3])


def made(mistake: Mistake, right: str) -> str:
    """The text of the worked rule with the mistake in it."""
    written = "" if mistake.written == "nothing" else _code(mistake.written)
    match mistake.place:
        case "in the rule":
            wrong = re.sub(r"(?m)^( +)legal_basis: .*$", lambda at: f"{at[0]}\n{at[1]}{written}", right, count=1)
        case "in `when`":
            wrong = re.sub(r"(?m)^( +)when:$", lambda at: f"{at[0]}\n{at[1]}  {written}", right, count=1)
        case "at the top":
            wrong = right.replace("\nowner:", f"\n{written}\nowner:", 1)
        case "at the end of `refer`":
            wrong = re.sub(r"(?m)^( +refer: \{.*)\}$", lambda at: f"{at[1]}{written}}}", right, count=1)
        case "at the end of the file":
            wrong = f"{right}{written}\n"
        case place if written:
            wrong = re.sub(_found(place), lambda _: written, right)
        case place:
            wrong = re.sub(rf"(?m)^ *{_found(place)}\n", "", right, count=1)
    assert wrong != right, f"line {mistake.line} of the guide changes nothing: {mistake.place}"
    return wrong


def _code(cell: str) -> str:
    assert cell.startswith("`"), cell
    assert cell.endswith("`"), cell
    return cell[1:-1].replace("→", "\t")


def _found(place: str) -> str:
    return re.escape(_code(place)).replace(ANYTHING, ".*")


def printed_as(expected: str, printed: str, *, figures: bool = False) -> bool:
    """
    Whether a command printed what the guide says: `…` stands for anything, hashes, times and counts for others.

    Args:
        expected: As in the guide.
        printed: As it was.
        figures: Every figure of the tables may be another.
    """
    text = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    pattern = "\n".join(_pattern(line, figures=figures) for line in expected.strip("\n").splitlines())
    return (
        re.fullmatch(pattern.replace(f"{ANYTHING}\n", r"(?:.*\n)*?").replace(ANYTHING, r"[\s\S]*?"), text) is not None
    )


def _pattern(line: str, *, figures: bool) -> str:
    if line.strip() == ANYTHING:
        return ANYTHING
    normal = (*_NORMAL, (_FIGURE, r"[\d,*]+")) if figures else _NORMAL
    marks: list[str] = []

    def mark(pattern: str) -> str:
        marks.append(pattern)
        return f"\0{len(marks) - 1}\0"

    for shape, pattern in normal:
        pieces = shape.split(line)
        line = pieces[0] + "".join(mark(pattern) + piece for piece in pieces[1:])
    line = re.escape(line).replace(re.escape(ANYTHING), r".*?")
    if figures:
        line = re.sub(r"(?:\\ )+", r" +", line)
    return re.sub("\0(\\d+)\0", lambda found: marks[int(found[1])], line)
