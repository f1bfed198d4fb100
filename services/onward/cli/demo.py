"""`onward demo`: a synthetic day on real Kafka and PostgreSQL, told and accounted for."""

from typing import Annotated

import typer

from onward.cli.errors import failed


def demo(
    *,
    seconds: Annotated[float, typer.Option(help="Over how long the partners' messages are spread.", min=1)] = 45,
    share: Annotated[
        float, typer.Option(help="Play each scenario so much as often, at least once.", min=0, max=20)
    ] = 1,
) -> None:
    """
    Play a synthetic day: every source, every kind of rule, and every trap; then say what became of everybody.

    Exits with 0 only if nothing is lost or doubled and every scenario went as its file expects.
    """
    import os

    from onward.chassis.errors import ChassisError
    from onward.chassis.kafka.admin import topic_specs
    from onward.cli.rules.loading import provider_ids
    from onward.local import deployment
    from onward.local.errors import LocalStackError

    try:
        from rich.console import Console

        from onward.local.demo import play, playing
    except ImportError as error:
        failed(f"the local stack is not installed ({error.name} is missing): pip install 'onward[local]'")
    try:
        code = play.demo(
            playing.load(),
            deployment.service_specs(),
            topic_specs(provider_ids()),
            env={**os.environ, **deployment.local_secrets(None, os.environ)},
            seconds=seconds,
            share=share,
            out=Console(),
        )
    except (LocalStackError, ChassisError, playing.DemoScenarioError) as error:
        failed(str(error))
    raise typer.Exit(code)
