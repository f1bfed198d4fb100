"""`onward rules propose`."""

from pathlib import Path
from typing import Annotated

import typer

from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson, DirectoryFolder, Folder, Why
from onward.cli.rules.releases.between import between
from onward.cli.rules.releases.gate import hold, studied, tested
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, signer
from onward.cli.topics import Bootstrap

FIRST = """\
Nothing was published before, so this cannot be rolled back: there are no rules to go back to.
Let the first release be the rules that you have, and the change the second."""


def propose(
    folder: Folder = None,
    *,
    why: Why,
    key: MyKey,
    keys: Trusted,
    bootstrap: Bootstrap,
    out: Annotated[Path, typer.Option(help="The file for the approver.", dir_okay=False)] = Path("proposal.json"),
    directory: DirectoryFolder = None,
    json: AsJson = False,
) -> None:
    """
    Propose a bundle: everything is checked, signed by you, and written to a file for the approver.

    Nothing is sent. Somebody else approves the file with `onward rules approve`; `onward rules publish` then sends it.
    """
    from onward.cli import whole_topic
    from onward.cli.rules.releases import reach
    from onward.cli.rules.releases.proposals import Proposal, opened, packed, write_proposal
    from onward.cli.rules.releases.releasing import next_statement, signed_by
    from onward.cli.rules.releases.rulesets_topic import done

    me = signer(key, keys, role="author")
    rules, listed = packed(folder, directory, json=json)
    pair = (rules.sha256, listed.sha256)
    statement, before = done(bootstrap, next_statement(bootstrap, me.trusted, "publish", pair, why))
    proposal = Proposal(release=signed_by(statement, me), rules=rules, directory=listed)
    loaded = opened(proposal)
    existing = done(bootstrap, whole_topic.counts(bootstrap))
    remedy = "onward topics" + (f" --directory {directory}" if directory else "")
    hold(
        tested(*loaded, listed)
        + reach.unreachable(loaded[1], listed, existing, remedy=remedy)
        + studied(loaded[0], rules, loaded[1], command="propose"),
        what="this bundle cannot be proposed",
        json=json,
    )
    write_proposal(out, proposal)
    if json:
        was = None if before is None else {"rules": before[0], "directory": before[1]}
        told = {"number": statement.number, "rules": pair[0], "directory": pair[1], "before": was}
        as_json({"ok": True, "file": str(out), **told})
    else:
        typer.echo(
            f"Number {statement.number}, {len(loaded[0].rules)} rules, version {pair[0][:12]}: written to {out}."
        )
        typer.echo(between(before, pair))
        if statement.number == 1:
            typer.echo(FIRST, err=True)
        typer.echo(f"Next, somebody else: onward rules approve {out} --key THEIR-KEY --unpack seen", err=True)
