"""Statements, signatures and their way onto the topic, for the commands that publish, roll back and shadow."""

import getpass
from collections.abc import Sequence

from onward.chassis import clock
from onward.cli.acting import act_of, on_record
from onward.cli.errors import failed
from onward.cli.rules.releases.rulesets_topic import Rulesets, reading, send
from onward.cli.rules.releases.signing_keys import Signer
from onward.contracts.ruleset import Action, Content, Release, Role, Statement
from onward.releases.chain import Pair, Releases
from onward.releases.signing import RefusedError, TrustedKeys, digest, sign


def statement_after(releases: Releases, action: Action, pair: Pair, why: str) -> Statement:
    """What is to be signed, as the next of all that is there; ends the command with exit code 1 if something lacks."""
    shadow = action in ("shadow", "stop-shadow")
    if releases.waiting and not shadow:
        failed(
            f"the topic lacks the release after number {releases.number}, and holds later ones: publish its proposal "
            "again (docs/operations.md#a-release-is-missing)"
        )
    newest = releases.shadow if shadow else releases.newest
    return Statement(
        action=action,
        number=releases.next_number(shadow=shadow),
        rules=pair[0],
        directory=pair[1],
        previous=newest.digest if newest else "",
        why=why,
        made_on=clock.now(),
    )


async def next_statement(
    bootstrap: str, trusted: TrustedKeys, action: Action, pair: Pair, why: str
) -> tuple[Statement, Pair | None]:
    """As `statement_after`, of what is on the topic now; and the rules and the directory that are live, if any are."""
    async with reading(bootstrap, trusted) as topic:
        releases = topic.story.releases
        live = releases.newest.pair if releases.newest is not None else None
        return statement_after(releases, action, pair, why), live


def signed_by(statement: Statement, me: Signer) -> Release:
    """A release with one signature."""
    role: Role = "approver" if me.key.role == "approver" else "author"
    return Release(statement=statement, signatures=(sign(statement, role, me.private),))


async def release(bootstrap: str, topic: Rulesets, contents: Sequence[Content], made: Release) -> None:
    """
    Send a release and see that it counts; ends the command with exit code 1 if it does not, and says why.

    It is tried beforehand on what is there, by the rules that routing goes by, so that nothing is sent that it refuses.
    What counts already is not sent again, but what it names is, where that is not on the topic any more.
    """
    if digest(made.statement) in {each.digest for each in topic.story.admitted}:
        await _send_what_lacks(bootstrap, topic, contents)
        return
    try:
        topic.story.try_out(made, at=clock.now())
    except RefusedError as why:
        failed(_words(why))
    published = act_of(
        "publication", made.statement.action, by=getpass.getuser(), id_=digest(made.statement), topic="rulesets"
    )
    await on_record(bootstrap, published)
    await send(bootstrap, [await _marked(topic, each) for each in contents], made)
    await topic.again()
    if digest(made.statement) not in {each.digest for each in topic.story.admitted}:
        failed(f"somebody else published number {made.statement.number} at the same moment: propose it again")


async def _send_what_lacks(bootstrap: str, topic: Rulesets, contents: Sequence[Content]) -> None:
    marked = [await _marked(topic, each) for each in contents]
    lacking = [each for each in marked if await topic.content(each.kind, each.sha256) != each]
    await send(bootstrap, lacking, None)


async def _marked(topic: Rulesets, content: Content) -> Content:
    """
    *content* as it goes to the topic: one that an image was shipped with stays marked as that.

    It takes the place of the one that is there. Without the mark nobody would know it who starts later, unless a live
    release names it: what was decided with it before the first release would wait for ever.
    """
    there = await topic.content(content.kind, content.sha256)
    return content.model_copy(update={"shipped": there.shipped}) if there is not None else content


def _words(why: RefusedError) -> str:
    if why.reason == "stale":
        return f"{why.detail}: something was published since it was proposed; look at that, and propose it again"
    return f"{why.detail} ({why.reason}); nothing was sent"
