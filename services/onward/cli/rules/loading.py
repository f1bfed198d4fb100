"""Rules and the directory for a command: loaded, or every problem shown and the command ended with exit code 2."""

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from onward.cli.errors import FAILED, MISUSED, misused, no_such
from onward.cli.render.output import as_json, more_about, number_of, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onward.diagnostics.yaml_tree import Diagnostic
    from onward.directory.model import Directory
    from onward.routing.domain.language import Rule, RuleSet


def folder_of(folder: Path | None) -> Path:
    """The folder an author named, or the project's own; a whole bundle ends the command with exit code 2."""
    from onward.contracts import paths

    if folder is not None and is_bundle(folder):
        misused(
            f"{folder} holds rules and a directory of providers; name the rules in it, such as {folder / 'routing'}"
        )
    return folder or paths.schemas() / "routing"


def is_bundle(folder: Path) -> bool:
    """Whether it holds rules and a directory, each in a folder, such as `--unpack` writes."""
    return (folder / "directory").is_dir()


def shown(folder: Path | None) -> str:
    """That folder as a person would write it here, so that nobody checks one and edits another."""
    found = folder_of(folder)
    here = Path.cwd()
    return str(found.relative_to(here) if found.is_relative_to(here) else found)


def load(folder: Path | None, *, json: bool = False) -> "RuleSet":
    """The rule set of a folder; a faulty one is shown with every problem, and ends the command with exit code 2."""
    from onward.routing.bundle_files import load_bundle
    from onward.routing.domain.diagnostics import BundleError

    try:
        return load_bundle(folder_of(folder))
    except BundleError as error:
        refuse(error.diagnostics, json=json)


def named(rules: "RuleSet", name: str | None) -> "tuple[Rule, ...]":
    """The rule of this name, or every rule without one; a name that no rule has ends the command with exit code 2."""
    found = tuple(each for each in rules.rules if name in (None, each.id))
    if name is not None and not found:
        no_such("rule", name, [each.id for each in rules.rules])
    return found


def refuse(problems: "Iterable[Diagnostic]", *, json: bool, loads: bool = False) -> NoReturn:
    """Show problems that keep a bundle from being used, and end with exit code 2; with 1 for one that *loads*."""
    found = list(problems)
    if json:
        as_json({"ok": False, "problems": [each.document() for each in found]})
    else:
        for each in found:
            problem(each)
        count = number_of(len(found), "problem")
        ending = "the rules load, but must not be published" if loads else _unusable(found)
        typer.echo(f"onward: {ending}: {count}{'' if loads else '; nothing was loaded'}", err=True)
        more_about(found)
    raise typer.Exit(FAILED if loads else MISUSED)


def _unusable(problems: "Iterable[Diagnostic]") -> str:
    of_directory = {each.file.startswith("directory/") for each in problems}
    words: dict[tuple[bool, ...], str] = {
        (True,): "the provider directory",
        (False, True): "the rules and the provider directory",
    }
    return f"{words.get(tuple(sorted(of_directory)), 'the rules')} cannot be used"


def the_directory(folder: Path | None = None, *, json: bool = False) -> "Directory":
    """The directory of a folder, the project's own by default; ends the command with exit code 2 if it is none."""
    found = _directory(folder)
    if isinstance(found, list) and json:
        refuse(found, json=True)
    if isinstance(found, list):
        _not_used(found, folder)
    return found


def _not_used(found: "list[Diagnostic]", folder: Path | None) -> NoReturn:
    where = "" if folder is None else f" in {folder}"
    misused(f"the provider directory{where} cannot be used:\n" + "\n".join(map(str, found)))


def both(rules: Path | None, directory: Path | None = None, *, json: bool = False) -> "tuple[RuleSet, Directory]":
    """Rules and directory; the problems of either are shown with those of the other, and end with exit code 2."""
    from onward.routing.bundle_files import load_bundle
    from onward.routing.domain.diagnostics import BundleError

    providers = _directory(directory)
    problems = providers if isinstance(providers, list) else []
    try:
        found = load_bundle(folder_of(rules))
    except BundleError as error:
        refuse([*error.diagnostics, *problems], json=json)
    if isinstance(providers, list):
        refuse(providers, json=json)
    return found, providers


def _directory(folder: Path | None) -> "Directory | list[Diagnostic]":
    """The directory, or all that is wrong with it; one that is not there ends the command with exit code 2."""
    from onward.directory import files as directory_files
    from onward.directory.files import DirectoryError

    try:
        return directory_files.load(folder)
    except FileNotFoundError as error:
        misused(f"{error}; name a folder such as `schemas/directory`")
    except DirectoryError as error:
        return list(error.problems)


def provider_ids() -> list[str]:
    """Every provider, by id."""
    return sorted(the_directory().providers)
