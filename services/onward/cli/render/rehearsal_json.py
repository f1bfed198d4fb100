"""`onward rehearse --json`: one object, always with every key."""

from collections.abc import Sequence
from typing import Any

from onward.cli.render.rehearsal import happened
from onward.rehearsal.play import PlayedScenario, PlayedStep, StepFault


def document(played: Sequence[PlayedScenario], *, reveal: bool) -> dict[str, Any]:
    """The object that is printed. Without *reveal* the value of a disclosed field, and of a fact, is null."""
    return {
        "ok": not any(each.faults for each in played),
        "scenarios": [
            {
                "file": each.file.name,
                "title": each.file.scenario.title,
                "ok": not each.faults,
                "steps": [_step(step, reveal=reveal) for step in each.steps],
            }
            for each in played
        ],
    }


def _step(step: PlayedStep, *, reveal: bool) -> dict[str, Any]:
    return {
        "number": step.number,
        "line": step.place.line,
        "at": step.moment.isoformat(),
        "what": happened(step.step),
        "effects": step.effects.document(reveal=reveal),
        "faults": [_fault(fault) for fault in step.faults],
    }


def _fault(fault: StepFault) -> dict[str, Any]:
    place = fault.place
    return {"file": place.file, "line": place.line, "column": place.column, "message": fault.message}
