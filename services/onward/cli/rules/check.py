"""`onward rules check`."""

import typer

from onward.cli.directory import the_directory
from onward.cli.rules.loading import load, refuse
from onward.cli.rules.options import AsJson, Folder
from onward.cli.rules.telling import as_json


def check(folder: Folder = None, json: AsJson = False) -> None:
    """Load every rule file, hold it against the directory and the partners; say all that is wrong, and where."""
    from onward.contracts import topics
    from onward.routing.domain.surroundings import problems

    found = load(folder, json=json)
    wrong = sorted(set(problems(found, the_directory(), topics.sources())))
    if wrong:
        refuse(wrong, json=json)
    if json:
        as_json({"ok": True, "problems": [], "rules": len(found.rules), "version": found.version.sha256})
    else:
        typer.echo(f"{len(found.rules)} rules, version {found.version.version}: nothing wrong")
