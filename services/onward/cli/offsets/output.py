"""What the commands of `onward offsets` say."""

import json as json_text
from collections.abc import Sequence
from typing import Any

import typer

from onward.cli.offsets.planning import PartitionPosition, Plan, fault
from onward.cli.render.output import in_json, visible


def is_wrong(found: Sequence[PartitionPosition]) -> bool:
    """Whether a service cannot, or must not, go on."""
    return any(fault(each) for each in found)


def standings(found: Sequence[PartitionPosition], *, left_out: Sequence[str], outputs_read: bool, json: bool) -> None:
    """Where services stand."""
    if json:
        document = {"ok": not is_wrong(found), "left_out": left_out, "partitions": [_standing(each) for each in found]}
        typer.echo(in_json(json_text.dumps(document, indent=2)))
        return
    for each in found:
        wrong = fault(each)
        named = "-" if each.named is None else str(each.named)
        line = (
            f"{each.group:<22} {each.place:<52} log {each.extent.begin:>8} to {each.extent.end:<8} "
            f"position {_number(each.position):>8}  behind {_number(each.behind):>6}  named {named:>8}"
        )
        typer.echo(visible(line))
        if each.gone:
            typer.echo(f"    {each.gone} messages that the database published are not in these topics")
        if wrong is not None:
            typer.echo(f"    ! {wrong.words}")
    for service in left_out:
        typer.echo(f"{service}: keeps its positions in PostgreSQL; set ONWARD_DATABASE_URL to see them", err=True)
    if not outputs_read:
        typer.echo("ONWARD_ID_KEY is not set: what outputs name was not read", err=True)


def plans(made: Sequence[Plan], *, applied: bool, json: bool) -> None:
    """Where services go on."""
    if json:
        document = {"ok": True, "applied": applied and bool(made), "partitions": [_plan(each) for each in made]}
        typer.echo(in_json(json_text.dumps(document, indent=2)))
        return
    for each in made:
        standing = each.standing
        typer.echo(visible(f"{standing.group}  {standing.place}: {_number(standing.position)} → {each.offset}"))
        typer.echo(f"    {each.fault.words}")
        named = "no output names a record that is still there" if standing.named is None else "outputs name"
        known = f"{named} {standing.named}" if standing.named is not None else named
        typer.echo(f"    {known}; {each.left} records and marks are left to handle, {each.again} of them once more")
        if each.removed_unread:
            typer.echo(f"    up to {each.removed_unread} records were removed unread, and stay so")
        if standing.repeats:
            typer.echo(f"    {standing.repeats} messages go out again, with the same ids (--repeat-messages)")
        if standing.gone:
            typer.echo(f"    {standing.gone} messages that the database published are not in these topics")
    if not made:
        typer.echo("Nothing to recover: every position is in the log, and behind it is what outputs name.")
    elif applied:
        typer.echo(f"{len(made)} positions set. A service that ended goes on when it is started.")
    else:
        typer.echo("Nothing was set: --apply does it.")


def _number(number: int | None) -> str:
    return "none" if number is None else str(number)


def _standing(standing: PartitionPosition) -> dict[str, Any]:
    wrong = fault(standing)
    return {
        "group": standing.group,
        "topic": standing.partition.topic,
        "partition": standing.partition.partition,
        "log_begins": standing.extent.begin,
        "log_ends": standing.extent.end,
        "committed": standing.committed,
        "database": None if standing.kept is None else standing.kept.next_offset,
        "behind": standing.behind,
        "outputs_name": standing.named,
        "messages_repeated": standing.repeats,
        "messages_gone": standing.gone,
        "problem": None if wrong is None else wrong.words,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        **_standing(plan.standing),
        "goes_on_at": plan.offset,
        "left": plan.left,
        "again": plan.again,
        "removed_unread": plan.removed_unread,
    }
