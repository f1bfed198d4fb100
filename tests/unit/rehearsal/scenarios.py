"""Scenarios for tests, written as their authors write them."""

from functools import cache
from pathlib import Path
from textwrap import dedent, indent

from onward.chassis.service import Service
from onward.contracts import paths
from onward.directory import files as directory_files
from onward.rehearsal.loading import KnownWords, load_scenario
from onward.rehearsal.play import PlayedScenario, play
from onward.rehearsal.whole import built_services
from onward.routing.bundle_files import load_bundle


@cache
def services() -> tuple[Service, ...]:
    """Every service, put together once for all tests of a process."""
    return built_services()


@cache
def known() -> KnownWords:
    """The words of the project's own rules and directory."""
    return KnownWords(load_bundle(paths.schemas() / "routing"), directory_files.load())


AGREES = """
message:
  source: custody
  example: in.custody/homeless-and-agrees.json
"""
"""Somebody in custody is homeless, and agrees that Birmingham's housing authority is told."""


def a_scenario(*steps: str, head: str = "title: A story") -> str:
    """The text of a scenario with these steps."""
    listed = "".join(f"  -{indent(dedent(step).strip(), '    ')[3:]}\n" for step in steps)
    return f"{head}\nsteps:\n{listed}"


async def played(tmp_path: Path, *steps: str, head: str = "title: A story") -> PlayedScenario:
    """What comes of a scenario with these steps."""
    path = tmp_path / "a-story.yaml"
    path.write_text(a_scenario(*steps, head=head))
    return await play(load_scenario(path, known()), services())


def told(scenario: PlayedScenario) -> list[str]:
    """What does not hold, each with its line."""
    return [f"{fault.place.line}: {fault.message}" for fault in scenario.faults]
