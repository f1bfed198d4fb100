"""`onward rules shadow`."""

from typing import TYPE_CHECKING

import typer

from onward.cli.errors import failed
from onward.cli.render.output import as_json
from onward.cli.rules.options import AsJson, DirectoryFolder, Folder, Why
from onward.cli.rules.releases.gate import hold, tested
from onward.cli.rules.releases.signing_keys import MyKey, Trusted, read_trusted, signer
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.cli.rules.releases.shadow_differences import Differences
    from onward.cli.rules.releases.signing_keys import Signer
    from onward.contracts.ruleset import Content, Release
    from onward.releases.chain import Admitted, Pair
    from onward.releases.signing import TrustedKeys

shadow = typer.Typer(
    no_args_is_help=True, help="Let a bundle decide beside the live one, refer nobody, and say what would differ."
)


@shadow.command(short_help="Run rules in the shadow, in place of any there.")
def start(
    folder: Folder = None,
    *,
    why: Why,
    key: MyKey,
    keys: Trusted,
    bootstrap: Bootstrap,
    directory: DirectoryFolder = None,
    json: AsJson = False,
) -> None:
    """Run a bundle in the shadow; it takes the place of one that runs there already. Your signature is enough."""
    from onward.cli.rules.releases.proposals import packed
    from onward.cli.rules.releases.rulesets_topic import done
    from onward.releases.contents import read_directory
    from onward.routing.domain.publishing.contents import read_rules

    me = signer(key, keys)
    rules, listed = packed(folder, directory, json=json)
    hold(
        tested(read_rules(rules), read_directory(listed), listed),
        what="this bundle cannot run in the shadow",
        json=json,
    )
    made = done(bootstrap, _start(bootstrap, me, [rules, listed], why))
    if json:
        as_json({"ok": True, "rules": made.statement.rules, "directory": made.statement.directory})
    else:
        typer.echo(f"Version {made.statement.rules[:12]} runs in the shadow: onward rules shadow list")


async def _start(bootstrap: str, me: "Signer", contents: "list[Content]", why: str) -> "Release":
    from onward.cli.rules.releases.releasing import release, signed_by, statement_after
    from onward.cli.rules.releases.rulesets_topic import reading

    pair: Pair = (contents[0].sha256, contents[1].sha256)
    async with reading(bootstrap, me.trusted) as topic:
        made = signed_by(statement_after(topic.story.releases, "shadow", pair, why), me)
        await release(bootstrap, topic, contents, made)
        return made


@shadow.command(short_help="End what runs in the shadow.")
def stop(*, why: Why, key: MyKey, keys: Trusted, bootstrap: Bootstrap, json: AsJson = False) -> None:
    """End what runs in the shadow. What it found stays listed."""
    from onward.cli.rules.releases.rulesets_topic import done

    me = signer(key, keys)
    stopped = done(bootstrap, _stop(bootstrap, me, why))
    if json:
        as_json({"ok": True, "rules": stopped.pair[0], "directory": stopped.pair[1]})
    else:
        typer.echo(f"Version {stopped.pair[0][:12]} does not run in the shadow any more.")


async def _stop(bootstrap: str, me: "Signer", why: str) -> "Admitted":
    from onward.cli.rules.releases.releasing import release, signed_by, statement_after
    from onward.cli.rules.releases.rulesets_topic import reading

    async with reading(bootstrap, me.trusted) as topic:
        running = topic.story.releases.shadow
        if running is None:
            failed("nothing runs in the shadow")
        statement = statement_after(topic.story.releases, "stop-shadow", running.pair, why)
        await release(bootstrap, topic, [], signed_by(statement, me))
        return running


@shadow.command("list", short_help="Show every difference that was found, and how often.")
def list_(*, keys: Trusted, bootstrap: Bootstrap, json: AsJson = False) -> None:
    """Every difference that shadow bundles found: how often, of which kind, in which category, by which rule."""
    from onward.cli.rules.releases.rulesets_topic import done

    running, found = done(bootstrap, _found(bootstrap, read_trusted(keys)))
    if json:
        pair = {"rules": running.pair[0], "directory": running.pair[1]} if running else None
        as_json({"ok": True, "running": pair, "bundles": [each.document() for each in found]})
        return
    typer.echo(f"Running in the shadow: {running.pair[0][:12] if running else 'nothing'}")
    for each in found:
        typer.echo(each.words())


async def _found(bootstrap: str, trusted: "TrustedKeys") -> "tuple[Admitted | None, list[Differences]]":
    from onward.cli.rules.releases.rulesets_topic import reading
    from onward.cli.rules.releases.shadow_differences import read

    async with reading(bootstrap, trusted) as topic:
        return topic.story.releases.shadow, await read(bootstrap)
