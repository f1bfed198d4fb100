"""The examples of the pages in docs/rule-errors, put into files that can be loaded."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from onward.contracts import contact_types, paths, topics
from onward.diagnostics.yaml_tree import MAX_BYTES, Diagnostic
from onward.directory import completeness as directory_completeness
from onward.directory import files as directory_files
from onward.routing.bundle_files import read_files
from onward.routing.domain import completeness
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load
from onward.routing.domain.surroundings import problems
from onward.workbench.analysis.analysing import analyse

FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = "routing/example.yaml"
TOP = "schema: routing/v1\ntheme: need\nowner: policy\nrules:\n"
OF_A_FILE = ("theme", "hit_policy", "area", "bases", "cover", "prerequisites")
USUAL = {
    "when": "when: {event.source: custody}",
    "notify": "notify: {kind: call-back, to: duty-practitioner}",
}
COMPANIONS = {
    "suppress": """\
  - id: example-stop
    why: A national rule
    when: {person.age: known}
    suppress: {reason: x, what: release}
""",
    "need": """\
  - id: example-help
    why: A national rule
    when: {person.age: known}
    notify: {kind: x, to: crisis-line}
  - id: example-national
    why: A national rule
    when: {person.age: ">= 25", consent.finance_debt: true}
    refer: {category: FINANCE_DEBT, service: debt_advice, urgency: within_4_weeks}
    legal_basis: consent-referral
""",
}
"""National rules by theme, for examples that speak of others."""
PROFILES = "schema: directory/v1\nprofiles:\n  open:\n"
"""As the first lines of profiles.yaml."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a page, as a whole file."""

    content: bytes
    marked: tuple[int, ...]
    """The lines that name the code."""


def examples(page: str, code: str) -> list[Example]:
    """The wrong example of a page and the right one."""
    made = [_file(text, directory=code < "D1" and code.startswith("D0")) for text in FENCE.findall(page)]
    return [Example(text.encode(), _marked(text, code)) for text in made]


def _marked(text: str, code: str) -> tuple[int, ...]:
    return tuple(number for number, line in enumerate(text.splitlines(), start=1) if line.endswith(f"# {code}"))


def _file(text: str, *, directory: bool) -> str:
    if text.startswith("schema:"):
        return text
    first = text.partition(":")[0]
    if first in OF_A_FILE:
        return TOP.removesuffix("rules:\n").replace("theme: need\n", "" if first == "theme" else "theme: need\n") + text
    if text.startswith("- "):
        top = "schema: directory/v1\narea: example\nproviders:\n" if directory else TOP
        return top + _indented(text, 2)
    if directory:
        return PROFILES + _indented(text, 4)
    has = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    acts = has & {"refer", "notify", "suppress"}
    usual = [line for key, line in USUAL.items() if key not in has and not (key == "notify" and acts)]
    rule = "id: example\nwhy: An example\n" + text + "".join(f"{line}\n" for line in usual)
    return f"{TOP}  - {_indented(rule, 4)[4:]}"


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


@cache
def companions() -> tuple[SourceFile, ...]:
    """The bases and sets of the project, and some national rules."""
    files = read_files(paths.schemas() / "routing")
    shared = [file for file in files if b"\nrules:" not in file.content and b"\nnarrows:" not in file.content]
    texts = {theme: TOP.replace("need", theme) + rules for theme, rules in COMPANIONS.items()}
    return (*shared, *(SourceFile(f"routing/national-{theme}.yaml", text.encode()) for theme, text in texts.items()))


def loaded(content: bytes) -> RuleSet:
    """The rule set of an example and its companions."""
    return load([*companions(), SourceFile(FILE, content)])


def found_in_rules(content: bytes, *, complete: bool = False) -> list[Diagnostic]:
    """What `onward rules check` says of an example; of what a rule must also have, only where it is *complete*."""
    try:
        rules = loaded(content)
    except BundleError as error:
        return list(error.diagnostics)
    found = problems(rules, directory_files.load(), topics.sources(), contact_types.known())
    if complete:
        found += completeness.problems(rules, directory_files.load())
    return [problem for problem in found if problem.file == FILE]


def found_by_analysis(content: bytes, code: str) -> list[int]:
    """The lines of an example at which `onward rules analyse` finds *code*."""
    found = analyse(loaded(content), directory_files.load())
    return [each.place.line for each in found if each.code == code and each.place.file == FILE]


def found_in_directory(content: bytes, *, complete: bool = False) -> list[Diagnostic]:
    """What the directory's reader says of an example: of profiles, or of the providers of an area; see above."""
    given = "profiles.yaml" if content.startswith(PROFILES.encode()) else "example.yaml"
    profiles = f"{PROFILES}    why: Reaches the person\n    fields: [name]\n".encode()
    files = {"profiles.yaml": profiles} | {given: content}
    try:
        directory_files.parse(files)
    except directory_files.DirectoryError as error:
        return list(error.problems)
    # Most examples show too little to say what their profile never shows.
    return directory_completeness.problems(files) if complete else []


def found_in_folder(name: str) -> list[Diagnostic]:
    """What is said of a folder with one file of this name."""
    with TemporaryDirectory() as folder:
        Path(folder, name).write_text(TOP)
        try:
            read_files(Path(folder))
        except BundleError as error:
            return list(error.diagnostics)
    return []


def without_example(code: str) -> list[Diagnostic]:
    """What is said of a file that no page could show."""
    match code:
        case "Y001":
            return found_in_rules(b"#" * (MAX_BYTES + 1))
        case "Y002":
            return found_in_rules(b"why: caf\xe9\n")
        case "Y005":
            return found_in_rules(b"# nothing but this\n")
        case "R021":
            return found_in_rules(
                f"{TOP}  - {{id: a, why: {'w' * 1001}, when: {{person.age: 5}}, {USUAL['notify'][:-1]}}}}}\n".encode()
            )
        case "Y013":
            return found_in_folder("need.yml")
        case "Y014":
            return found_in_rules("why: caf\u00e9 \u202e\n".encode())
        case _:
            assert code == "D001", f"{code} needs an example on its page"
            try:
                directory_files.parse({})
            except directory_files.DirectoryError as error:
                return list(error.problems)
            return []


def pages() -> dict[str, Path]:
    """Every page by its code."""
    folder = Path(__file__).resolve().parents[2] / "docs" / "rule-errors"
    return {path.stem: path for path in sorted(folder.glob("[A-Z][0-9][0-9][0-9].md"))}
