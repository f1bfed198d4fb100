"""`onward rules history`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, misused
from onward.cli.render.output import as_json, coloured
from onward.cli.rules.options import AsJson
from onward.cli.rules.releases.signing_keys import read_trusted
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.rules.releases.decision_history import DecisionPast
    from onward.cli.rules.releases.remaking import Remade
    from onward.contracts.ruleset import Content
    from onward.releases.signing import TrustedKeys

Remake = Annotated[
    str | None, typer.Option("--remake", metavar="DECISION_ID", help="Make this decision again, and compare.")
]
Unpack = Annotated[str | None, typer.Option("--unpack", metavar="SHA", help="Write the files of these rules to --out.")]
Out = Annotated[Path, typer.Option(help="A new folder for the files of --unpack.", file_okay=False)]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="Exported records instead of a broker: JSON lines, also gzipped. May be repeated.",
    ),
]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="ONWARD_RULE_KEYS", help="The trusted public keys, to see who approved what."),
]


def history(
    command: typer.Context,
    *,
    remake: Remake = None,
    unpack: Unpack = None,
    out: Out = Path("bundle"),
    file: Files = None,
    bootstrap: Bootstrap = "",
    keys: Keys = None,
    json: AsJson = False,
) -> None:
    """
    Which bundle decided what, and when; who proposed and who approved it.

    With --remake, one decision is made again from its situation and the bundle it names, and compared byte for byte
    with what was published: exit code 1 if it differs. Its situation and its bundle must still be kept.

    With --unpack, the files of a bundle that was published are written to a folder.
    """
    named = command.get_parameter_source("bootstrap")
    if file and named is not None and named.name == "ENVIRONMENT":
        bootstrap = ""  # it is set for the other commands
    if bool(bootstrap) == bool(file):
        misused("name either a broker with --bootstrap or ONWARD_KAFKA_BOOTSTRAP, or exported records with --file")
    if "" in (remake, unpack) or None not in (remake, unpack):
        # As from a variable that is not set: a history in its place would pass for a decision that was made again.
        misused("name either a decision with --remake or a hash with --unpack, or neither")
    from onward.cli.rules.releases.decision_history import Exported, OnKafka

    trusted: TrustedKeys = read_trusted(keys) if keys else {}
    past: DecisionPast = Exported(file, trusted) if file else OnKafka(bootstrap, trusted)
    if unpack:
        _unpack(past, unpack.lower(), out, bootstrap, json=json)
    elif remake:
        _remake(past, remake.lower(), bootstrap, json=json)
    else:
        _tell(past, bootstrap, json=json)


def _tell(past: "DecisionPast", bootstrap: str, *, json: bool) -> None:
    from onward.cli.rules.releases.history_text import tell
    from onward.cli.rules.releases.rulesets_topic import done

    told = done(bootstrap, tell(past))
    if json:
        as_json({"ok": True, **told.document()})
    else:
        typer.echo(told.words())


def _remake(past: "DecisionPast", decision_id: str, bootstrap: str, *, json: bool) -> None:
    from onward.cli.rules.releases.remaking import CannotRemakeError, remake
    from onward.cli.rules.releases.rulesets_topic import done

    try:
        made: Remade = done(bootstrap, remake(past, decision_id))
    except CannotRemakeError as error:
        failed(str(error))
    if json:
        as_json({"ok": made.identical, **made.document()})
    else:
        tone = "good" if made.identical else "error"
        typer.echo(coloured("identical" if made.identical else "different", tone) + f": {made.words()}")
    if not made.identical:
        raise typer.Exit(1)


def _unpack(past: "DecisionPast", sha: str, folder: Path, bootstrap: str, *, json: bool) -> None:
    from onward.cli.rules.releases.rulesets_topic import done
    from onward.cli.rules.releases.unpacking import unpack

    found = done(bootstrap, _contents(past, sha))
    files = unpack(*found, folder)
    if json:
        as_json({"ok": True, "rules": found[0].sha256, "files": [str(path) for path in files]})
    else:
        typer.echo(f"{len(files)} files of {found[0].sha256[:12]} written to {folder}.")


async def _contents(past: "DecisionPast", sha: str) -> "tuple[Content, Content]":
    released = [each for each in await past.releases() if each.pair[0].startswith(sha)]
    if not released:
        failed(f"no bundle {sha} was released by a trusted key; `onward rules history` lists them")
    rules, directory = released[-1].pair
    contents = await past.content("rules", rules), await past.content("directory", directory)
    if contents[0] is None or contents[1] is None:
        failed(f"the files of {rules[:12]} are not kept there")
    return contents[0], contents[1]
