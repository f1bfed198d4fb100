"""What `onward rules explain` is asked about: a partner's message, a situation, or a stored decision."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from onward.cli.asked_about import STANDARD_INPUT, check_source, content_of, earlier_of
from onward.cli.composition import situations
from onward.cli.errors import misused
from onward.cli.trial import Trial
from onward.contracts.base import Message
from onward.contracts.decision import Decision
from onward.contracts.situation import Situation
from onward.workbench.explaining.base_facts import situation_of

_M = TypeVar("_M", bound=Message)


@dataclass(frozen=True, slots=True)
class ExplainArgument:
    """One situation to be explained."""

    situation: Situation
    decision: Decision | None = None
    """The decision that was stored; None where it is to be made now."""


def read_message(file: str, source: str, *, facts: Path | None, received_at: datetime) -> list[ExplainArgument] | Trial:
    """
    The situations that a partner's message leads to, or why it leads to none.

    Ends the command with exit code 2 for an unknown source, or files that cannot be used.
    """
    check_source(source)
    earlier = earlier_of(facts, received_at)
    made = situations(source, content_of(file, "message"), received_at=received_at, earlier=earlier)
    return made if isinstance(made, Trial) else [ExplainArgument(draft.situation) for _, draft in made]


def read_stored(file: str) -> ExplainArgument:
    """A situation or a decision as published; ends the command with exit code 2 for anything else."""
    try:
        read: Any = json.loads(content_of(file, "JSON"))
    except ValueError as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        misused(f"{_name(file)} is no JSON{place}; a partner's message needs --source")
    except RecursionError:
        misused(f"{_name(file)} is neither a situation nor a decision: it is nested too deeply")
    if isinstance(read, dict) and "decision_id" in read:
        decision = _model(Decision, read, file)
        return ExplainArgument(situation_of(decision), decision)
    if isinstance(read, dict) and "situation_id" in read:
        return ExplainArgument(_model(Situation, read, file))
    return misused(f"{_name(file)} is neither a situation nor a decision; a partner's message needs --source")


def refuse(trial: Trial, *, as_json: bool) -> NoReturn:
    """Say why a message leads to no situation, and end the command with exit code 1."""
    where = f" at {trial.pointer}" if trial.pointer else ""
    if as_json:
        typer.echo(
            json.dumps(
                {"ok": False, "outcome": trial.outcome, "reason": trial.reason, "pointer": trial.pointer}, indent=2
            )
        )
    else:
        typer.echo(f"onward: nothing is decided on this message: {trial.outcome}, {trial.reason}{where}", err=True)
    raise typer.Exit(1)


def _model(model: type[_M], read: Any, file: str) -> _M:
    try:
        return model.model_validate_json(json.dumps(read))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        why = "nothing of that name is known here" if first["type"] == "extra_forbidden" else first["msg"]
        misused(f"{_name(file)} is no {model.__name__.lower()}: {where}: {why}")


def _name(file: str) -> str:
    return "standard input" if file == STANDARD_INPUT else file
