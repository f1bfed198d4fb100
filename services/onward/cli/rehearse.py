"""`onward rehearse`: whole stories through the code of every service, without a server, and what must hold in them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onward.cli.errors import FAILED, in_a_document, misused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onward.chassis.service import Service
    from onward.rehearsal.loading import KnownWords
    from onward.rehearsal.play import PlayedScenario
    from onward.rehearsal.scenario import ScenarioFile


def rehearse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", hidden=True)],
    *,
    rules: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Rules to decide with, instead of those of the project.")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Print every step in words, also where all holds.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print exactly one JSON object.", callback=in_a_document)
    ] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="With --json: print personal values too.")] = False,
) -> None:
    """
    Play scenarios: what partners send, providers answer and time brings, and what comes of each step.

    Each FILE is a scenario; of a folder every *.yaml in it is played.

    The code is that of the services, in one process, without any server. What a scenario says must hold is held
    against what came. Exit code 0: all holds. 1: something does not. 2: a scenario, or the rules, cannot be used.
    """
    import asyncio

    services, known = _prepared(rules, json=as_json)
    played = asyncio.run(_play_all(_read(files, known), services))
    if as_json:
        from onward.cli.render import rehearsal_json
        from onward.cli.render.output import as_json as printed

        printed(rehearsal_json.document(played, reveal=reveal))
    else:
        _tell(played, steps=steps)
    if any(each.faults for each in played):
        raise typer.Exit(FAILED)


def _prepared(folder: Path | None, *, json: bool) -> "tuple[Sequence[Service], KnownWords]":
    """The services, put together with these rules, and the words that expectations may use."""
    import sys

    from onward.chassis.observability import logs
    from onward.cli.rules.loading import both, refuse
    from onward.contracts import contact_types, topics
    from onward.rehearsal.loading import KnownWords
    from onward.rehearsal.whole import built_services
    from onward.routing.domain.diagnostics import BundleError
    from onward.routing.domain.surroundings import check_surroundings
    from onward.routing.ruling import Ruling

    logs.configure("rehearsal", "warning", sys.stderr)
    rule_set, directory = both(folder, json=json)
    try:
        check_surroundings(rule_set, directory, topics.sources(), contact_types.known())
    except BundleError as error:
        refuse(error.diagnostics, json=json)
    return built_services(Ruling.of(rule_set, directory)), KnownWords(rule_set, directory)


def _read(named: "Sequence[Path]", known: "KnownWords") -> "list[ScenarioFile]":
    """Every scenario; ends the command with every problem of every file if one cannot be used."""
    from onward.diagnostics.yaml_values import YamlFileError
    from onward.rehearsal.loading import load_scenario
    from onward.rehearsal.scenario import files_of

    found: list[ScenarioFile] = []
    problems: list[str] = []
    try:
        paths = files_of(named)
    except FileNotFoundError as error:
        misused(f"there is no scenario at {error}; name a file, or a folder with *.yaml files")
    for path in paths:
        try:
            found.append(load_scenario(path, known))
        except YamlFileError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"{path}: cannot be read: {error.strerror}")
    if problems:
        misused("\n".join(["nothing was played:", *problems]))
    return found


async def _play_all(files: "Sequence[ScenarioFile]", services: "Sequence[Service]") -> "list[PlayedScenario]":
    from onward.rehearsal.play import play

    return [await play(file, services) for file in files]


def _tell(played: "Sequence[PlayedScenario]", *, steps: bool) -> None:
    from onward.cli.render.output import terminal
    from onward.cli.render.rehearsal import words

    width, style = terminal()
    for line in words(played, steps=steps, width=width, style=style):
        typer.echo(line)
