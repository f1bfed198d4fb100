"""`onward rules approve`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, misused
from onward.cli.render.output import as_json, visible
from onward.cli.rules.options import AsJson, ProposalFile
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, signer

if TYPE_CHECKING:
    from onward.cli.rules.releases.proposals import Proposal


Unpack = Annotated[
    Path | None,
    typer.Option(help="Sign nothing: write what is proposed to this folder, to look at it.", file_okay=False),
]
Seen = Annotated[
    Path | None,
    typer.Option(help="The folder that --unpack wrote: only what stands in it is signed.", file_okay=False),
]


def approve(
    proposal: ProposalFile,
    *,
    key: MyKey,
    keys: Trusted,
    unpack: Unpack = None,
    seen: Seen = None,
    json: AsJson = False,
) -> None:
    """
    Agree with what somebody else proposed: your signature is added to the file.

    Look at it first: with --unpack, then `onward rules diff` and `onward rules impact`. Then sign with --seen: if the
    proposal is no longer what you looked at, it is not signed. Needs no server.
    """
    from onward.chassis import clock
    from onward.cli.rules.releases.proposals import opened, read_proposal, write_proposal
    from onward.cli.rules.releases.unpacking import differs
    from onward.contracts.ruleset import Release
    from onward.releases.signing import RefusedError, sign, signers

    me = signer(key, keys, role="approver")
    read = read_proposal(proposal)
    rules, directory = opened(read)
    if unpack is not None:
        _unpacked(read, unpack, json=json)
        return
    if seen is None:
        misused("look at it first: --unpack FOLDER writes what is proposed, and --seen FOLDER signs just that")
    statement = read.release.statement
    if (other := differs(read.rules, read.directory, seen, statement)) is not None:
        failed(f"{seen} is not what {proposal} proposes: `{other}` differs; it was not approved. Look at it again")
    author = tuple(each for each in read.release.signatures if each.role == "author")
    made = Release(statement=statement, signatures=(*author, sign(statement, "approver", me.private)))
    try:
        by = signers(made, me.trusted, at=clock.now())
    except RefusedError as why:
        failed(f"{why.detail} ({why.reason}); it was not approved")
    if by.author is None:
        failed("no author has signed it; it was not approved")
    write_proposal(proposal, read.model_copy(update={"release": made}))
    if json:
        as_json({"ok": True, "number": statement.number, "author": by.author.name, "approver": me.key.name})
        return
    typer.echo(f"Number {statement.number}, {statement.action}: {visible(statement.why)}")
    typer.echo(
        f"  {len(rules.rules)} rules, version {statement.rules[:12]}; {len(directory.providers)} providers, "
        f"directory {statement.directory[:12]}"
    )
    typer.echo(f"  proposed by {by.author.name}, approved by {me.key.name}")
    typer.echo(f"Next: onward rules publish {proposal}", err=True)


def _unpacked(proposal: "Proposal", folder: Path, *, json: bool) -> None:
    from onward.cli.rules.releases.unpacking import unpack

    files = unpack(proposal.rules, proposal.directory, folder, statement=proposal.release.statement)
    if json:
        as_json({"ok": True, "files": [str(path) for path in files]})
    else:
        typer.echo(f"{len(files)} files written to {folder}; nothing was signed.")
