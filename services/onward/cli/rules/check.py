"""`onward rules check`."""

import typer

from onward.cli.render.output import as_json, number_of
from onward.cli.rules.loading import both, refuse, shown
from onward.cli.rules.options import AsJson, Folder


def check(folder: Folder = None, json: AsJson = False) -> None:
    """
    Load every rule file and the directory, hold them against each other and the partners; say all that is wrong.

    A rule also needs a reason in words, tests of both outcomes, and areas that there are, a provider areas that there
    are, a profile what it never shows: without them all loads, but ends with exit code 1.
    """
    from onward.contracts import contact_types, topics
    from onward.directory import completeness as directory_completeness
    from onward.directory import files as directory_files
    from onward.routing.domain import completeness, surroundings

    found, directory = both(folder, json=json)
    wrong = surroundings.problems(found, directory, topics.sources(), contact_types.known())
    lacking = [
        *completeness.problems(found, directory),
        *directory_completeness.problems(directory_files.read_files()),
    ]
    if wrong or lacking:
        refuse(sorted({*wrong, *lacking}), json=json, loads=not wrong)
    if json:
        as_json({"ok": True, "problems": [], "rules": len(found.rules), "version": found.version.sha256})
    else:
        typer.echo(
            f"{number_of(len(found.rules), 'rule')} in {shown(folder)}, version {found.version.version}: nothing wrong"
        )
