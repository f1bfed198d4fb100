"""`onward rules facts`."""

from typing import Annotated

import typer

from onward.cli.errors import no_such
from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson

Named = Annotated[
    str, typer.Argument(metavar="[FACT]", help="A fact, or the beginning of some, such as `needs.`; all by default.")
]


def facts(named: Named = "", json: AsJson = False) -> None:
    """Say which facts a rule may ask about, with which values, and which partner tells them."""
    from onward.cli.render.rule_vocabulary import rows
    from onward.contracts.facts import FACTS
    from onward.contracts.facts_by_source import told_facts

    found = [row for row in rows(told_facts()) if row.path.startswith(named)]
    if not found:
        no_such("fact", named, list(FACTS))
    if json:
        as_json({"ok": True, "facts": [row._asdict() for row in found]})
        return
    for row in found:
        typer.echo(f"{row.path}: {row.why}")
        typer.echo(f"    values: {row.values}")
        typer.echo(f"    told by: {row.told_by}")
