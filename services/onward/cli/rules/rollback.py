"""`onward rules rollback`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import failed, misused
from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson, Why
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, signer
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.rules.releases.proposals import Proposal
    from onward.cli.rules.releases.rulesets_topic import Rulesets
    from onward.cli.rules.releases.signing_keys import Signer
    from onward.releases.chain import Admitted

Sha = Annotated[
    str, typer.Argument(metavar="[SHA]", help="The beginning of the hash of older rules; the ones before by default.")
]
Out = Annotated[Path | None, typer.Option(help="For an older bundle: the file for the approver.", dir_okay=False)]


def rollback(
    sha: Sha = "",
    *,
    why: Why,
    key: MyKey,
    keys: Trusted,
    bootstrap: Bootstrap,
    out: Out = None,
    json: AsJson = False,
) -> None:
    """
    Go back to the bundle before the live one, at once and alone: two people approved it when it was published.

    To any older bundle it is a proposal (--out FILE, with an author's key) that somebody else approves and that is then
    published.
    """
    from onward.cli.rules.releases.rulesets_topic import done

    made, left = done(bootstrap, _roll_back(bootstrap, signer(key, keys), sha.lower(), why, out))
    statement = made.release.statement
    told = {"number": statement.number, "rules": statement.rules, "directory": statement.directory, "from": left}
    way = f"From {left[:12] or 'nothing'} back to {statement.rules[:12]}, as number {statement.number}"
    if json:
        as_json({"ok": True, **told, "proposal": str(out) if out else None})
    elif out:
        typer.echo(f"{way}: written to {out}.")
        typer.echo(f"Next, somebody else: onward rules approve {out} --key THEIR-KEY --unpack seen", err=True)
    else:
        typer.echo(f"{way}: published.")


async def _roll_back(bootstrap: str, me: "Signer", sha: str, why: str, out: Path | None) -> "tuple[Proposal, str]":
    """What was made, and the hash of the rules that were live."""
    from onward.cli.rules.releases.proposals import Proposal, write_proposal
    from onward.cli.rules.releases.releasing import release, signed_by, statement_after
    from onward.cli.rules.releases.rulesets_topic import reading

    async with reading(bootstrap, me.trusted) as topic:
        wanted, is_before = _wanted(topic, sha)
        left = topic.story.releases.newest
        if out is None and not is_before:
            misused("only the bundle before the live one needs no approval: name a file for the approver with --out")
        statement = statement_after(topic.story.releases, "rollback", wanted.pair, why)
        if out is not None and me.key.role != "author":
            misused("a proposal needs an author's key")
        rules = await topic.content("rules", wanted.pair[0])
        directory = await topic.content("directory", wanted.pair[1])
        if rules is None or directory is None:
            failed("its files are not on the topic any more: propose them again from their folder")
        made = Proposal(release=signed_by(statement, me), rules=rules, directory=directory)
        if out is None:
            await release(bootstrap, topic, [], made.release)
        else:
            write_proposal(out, made)
        return made, left.pair[0] if left else ""


def _wanted(topic: "Rulesets", sha: str) -> "tuple[Admitted, bool]":
    """The release to go back to, and whether it is the one before the live one."""
    standing = topic.story.releases.standing
    before = standing[-2] if len(standing) > 1 else None
    if not sha:
        if before is None:
            failed("there is no bundle before the live one to go back to")
        return before, True
    published = [each for each in topic.story.admitted if each.statement.action == "publish"]
    found = [each for each in published if each.pair[0].startswith(sha)]
    if not found:
        failed(f"no bundle {sha} was ever published; `onward rules history` lists them")
    if len({each.pair[0] for each in found}) > 1:
        misused(f"more than one bundle begins with {sha}; write more of its hash")
    if before is not None and before.pair[0] == found[-1].pair[0]:
        return before, True
    return found[-1], False
