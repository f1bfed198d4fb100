"""`onward rules check`."""

import typer

from onward.cli.render.output import as_json, number_of
from onward.cli.rules.loading import load, refuse, shown, the_directory
from onward.cli.rules.options import AsJson, Folder


def check(folder: Folder = None, json: AsJson = False) -> None:
    """
    Load every rule file, hold it against the directory and the partners; say all that is wrong, and where.

    A rule also needs a reason in words, tests of both outcomes, and areas that there are: without them it loads, but
    ends with exit code 1.
    """
    from onward.contracts import contact_types, topics
    from onward.routing.domain import completeness, surroundings

    found = load(folder, json=json)
    directory = the_directory()
    wrong = surroundings.problems(found, directory, topics.sources(), contact_types.known())
    lacking = completeness.problems(found, directory)
    if wrong or lacking:
        refuse(sorted({*wrong, *lacking}), json=json, loads=not wrong)
    if json:
        as_json({"ok": True, "problems": [], "rules": len(found.rules), "version": found.version.sha256})
    else:
        typer.echo(
            f"{number_of(len(found.rules), 'rule')} in {shown(folder)}, version {found.version.version}: nothing wrong"
        )
