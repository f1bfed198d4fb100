"""`onward rules publish`."""

from typing import TYPE_CHECKING

import typer

from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson, ProposalFile
from onward.cli.rules.releases.between import between
from onward.cli.rules.releases.gate import hold, studied, tested
from onward.cli.rules.releases.signing_keys import Trusted, read_trusted
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.rules.releases.proposals import Proposal
    from onward.releases.chain import Pair
    from onward.releases.signing import TrustedKeys


def publish(proposal: ProposalFile, *, keys: Trusted, bootstrap: Bootstrap, json: AsJson = False) -> None:
    """
    Make an approved proposal live: routing takes it between two records, without a restart.

    Refused, without exception, when `check` or `test` refuses it, `lint` or `analyse` finds an error or `coverage` a
    part of a rule that no test shows, when a referral could not go out to one of its providers, when a signature is
    missing or does not hold, and when something else was published since it was proposed. Doing it again sends what is
    missing of it, and nothing else.
    """
    from onward.cli import whole_topic
    from onward.cli.rules.releases import reach
    from onward.cli.rules.releases.proposals import opened, read_proposal
    from onward.cli.rules.releases.rulesets_topic import done

    trusted, read = read_trusted(keys), read_proposal(proposal)
    loaded = opened(read)
    statement = read.release.statement
    if statement.action != "rollback":
        # What is rolled back to has been published, and may be older than a check.
        existing = done(bootstrap, whole_topic.counts(bootstrap))
        remedy = f"onward topics --proposal {proposal}"
        hold(
            tested(*loaded, read.directory)
            + reach.unreachable(loaded[1], read.directory, existing, remedy=remedy)
            + studied(loaded[0], read.rules, loaded[1], command="publish"),
            what="this bundle is not published",
            json=json,
        )
    newest, before = done(bootstrap, _publish(bootstrap, trusted, read))
    if json:
        told = {"number": statement.number, "rules": statement.rules, "directory": statement.directory}
        was = None if before is None else {"rules": before[0], "directory": before[1]}
        as_json({"ok": True, **told, "before": was, "newest": newest})
    else:
        after = "" if newest == statement.number else f" It is not live: number {newest} came after it."
        typer.echo(f"Number {statement.number}, version {statement.rules[:12]}: published.{after}")
        typer.echo(between(before, (statement.rules, statement.directory)))


async def _publish(bootstrap: str, trusted: "TrustedKeys", proposal: "Proposal") -> "tuple[int, Pair | None]":
    """The number of what is live then, and what was live before this was sent."""
    from onward.cli.rules.releases.releasing import release
    from onward.cli.rules.releases.rulesets_topic import reading

    async with reading(bootstrap, trusted) as topic:
        newest = topic.story.releases.newest
        await release(bootstrap, topic, [proposal.rules, proposal.directory], proposal.release)
        return topic.story.releases.number, newest.pair if newest is not None else None
