"""`onward approve`: a named person's yes or no to a referral that waits for one."""

from typing import Annotated
from uuid import UUID

import typer

from onward.cli.errors import kafka_failed, misused, staff_name
from onward.cli.topics import Bootstrap


def approve(
    referral_id: Annotated[str, typer.Argument(help="The referral that waits, as the escalation names it.")],
    *,
    by: Annotated[str, typer.Option(help="Your own user name: it is recorded.")],
    role: Annotated[str, typer.Option(help="The role you act in, such as approving-practitioner.")],
    bootstrap: Bootstrap,
    decline: Annotated[bool, typer.Option("--decline", help="Say no instead of yes.")] = False,
) -> None:
    """
    Say yes or no to a referral that waits for it.

    Some referrals may not be sent without a named person's approval: who says what, in which role, is recorded.
    """
    import asyncio

    from aiokafka.errors import KafkaError

    from onward.chassis import clock
    from onward.cli.publishing import publish
    from onward.contracts import topics
    from onward.contracts.referral import Approval

    try:
        referral = UUID(referral_id)
    except ValueError:
        misused("REFERRAL_ID is not an id; it looks like 2f1c0c52-6f0e-5d0a-9f5e-7d3c1b0a9e8d")
    staff_name("--by", by)
    staff_name("--role", role)
    approval = Approval(referral_id=referral, approved=not decline, by=by, role=role, at=clock.now())
    try:
        asyncio.run(publish(bootstrap, topics.APPROVALS.message(approval, key=str(referral))))
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
    typer.echo(f"{'Declined' if decline else 'Approved'} by {by} as {role}: {referral}")
