"""`onward rules history`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.failing import failed, misused
from onward.cli.rules.options import AsJson
from onward.cli.rules.signing_keys import read_trusted
from onward.cli.rules.telling import as_json, coloured

if TYPE_CHECKING:
    from onward.cli.rules.past import Past
    from onward.cli.rules.remaking import Remade
    from onward.routing.domain.signing import TrustedKeys

Remake = Annotated[str, typer.Option("--remake", metavar="DECISION_ID", help="Make this decision again, and compare.")]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", help="Exported records instead of a broker: JSON lines, also gzipped. May be repeated."),
]
Broker = Annotated[str, typer.Option("--bootstrap", envvar="ONWARD_KAFKA_BOOTSTRAP", help="A Kafka broker.")]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="ONWARD_RULE_KEYS", help="The trusted public keys, to see who approved what."),
]


def history(
    *, remake: Remake = "", file: Files = None, bootstrap: Broker = "", keys: Keys = None, json: AsJson = False
) -> None:
    """
    Which bundle decided what, and when; who proposed and who approved it.

    With --remake, one decision is made again from its situation and the bundle it names, and compared byte for byte
    with what was published: exit code 1 if it differs. Its situation and its bundle must still be kept.
    """
    if bool(bootstrap) == bool(file):
        misused("name either a broker with --bootstrap, or exported records with --file")
    from onward.cli.rules.past import Exported, OnKafka

    trusted: TrustedKeys = read_trusted(keys) if keys else {}
    past: Past = Exported(file, trusted) if file else OnKafka(bootstrap, trusted)
    if remake:
        _remake(past, remake.lower(), bootstrap, json=json)
    else:
        _tell(past, bootstrap, json=json)


def _tell(past: "Past", bootstrap: str, *, json: bool) -> None:
    from onward.cli.rules.on_kafka import done
    from onward.cli.rules.told_history import tell

    told = done(bootstrap, tell(past))
    if json:
        as_json({"ok": True, **told.document()})
    else:
        typer.echo(told.words())


def _remake(past: "Past", decision_id: str, bootstrap: str, *, json: bool) -> None:
    from onward.cli.rules.on_kafka import done
    from onward.cli.rules.remaking import CannotRemakeError, remake

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
