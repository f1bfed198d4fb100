"""`onward rules impact`."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.errors import authors_extra, failed, misused
from onward.cli.render.output import as_json, number_of
from onward.cli.rules.bundle_argument import directories_compared, say_uncompared, side
from onward.cli.rules.options import AsJson, DirectoryAfter, DirectoryBefore

if TYPE_CHECKING:
    from onward.workbench.impact.report import ImpactReport

Before = Annotated[Path, typer.Argument(metavar="BEFORE", help="The rule files as they are, or an unpacked bundle.")]
After = Annotated[Path, typer.Argument(metavar="AFTER", help="The rule files as they would be, or an unpacked bundle.")]
Situations = Annotated[
    Path, typer.Option("--archive", metavar="PATH", help="Situations: a folder of `onward rules archive`, or a file.")
]
Page = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page with plots and every table.")]
Workers = Annotated[
    int | None, typer.Option(min=1, max=256, metavar="NUMBER", help="Processes; one for each processor by default.")
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="NUMBER", help="Replay so many situations only.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Leave and count lines that are no situations.")]
HideUpTo = Annotated[
    int, typer.Option(min=1, metavar="NUMBER", help="The largest number that is hidden; 0 is always shown.")
]
RoundTo = Annotated[int, typer.Option(min=1, metavar="NUMBER", help="What other numbers are rounded to.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Hide and round nothing: only for those who may see the archive itself.")
]

_WHEN = ("before", "after")


def impact(  # noqa: PLR0917 - each is an option of its own
    before: Before,
    after: After,
    archive: Situations,
    html: Page = None,
    workers: Workers = None,
    limit: Limit = None,
    skip_bad: SkipBad = False,
    hide_up_to: HideUpTo = 7,
    round_to: RoundTo = 5,
    exact: Exact = False,
    directory_before: DirectoryBefore = None,
    directory_after: DirectoryAfter = None,
    json: AsJson = False,
) -> None:
    """
    Replay an archive of situations under two bundles: who gains, who loses, and who is helped otherwise.

    By category, area, protected characteristic, provider and rule. Small numbers are hidden so that nobody can work
    them out. Exit code 0, whatever changes; 2 when rules or archive cannot be used.
    """
    from onward.disclosure_control.suppression import Rounding
    from onward.workbench.impact.about import About
    from onward.workbench.impact.archive import Archive, ArchiveError
    from onward.workbench.impact.people import area_names
    from onward.workbench.impact.periods import unseen
    from onward.workbench.impact.replay import Bundle, replay
    from onward.workbench.impact.report import report_of

    if html is not None:
        _find_room(html)
    processes = workers or os.cpu_count() or 1
    sides = side(before, json=json, directory=directory_before), side(after, json=json, directory=directory_after)
    old, new = (Bundle(each.rules, each.directory) for each in sides)
    start = time.perf_counter()
    try:
        opened = Archive.open(archive)
        tally = replay(opened, old, new, workers=processes, most=limit, skip_bad=skip_bad)
    except ArchiveError as error:
        misused(str(error))
    seconds = time.perf_counter() - start
    if tally.situations <= (0 if exact else hide_up_to):
        misused(_too_few(archive, tally.situations, tally.bad))
    areas = area_names(new.directory, old.directory)
    report = report_of(tally, None if exact else Rounding(hide_up_to, round_to), areas)
    lines = tally.situations + tally.bad
    directories = {when: f"{each.directory_folder} ({each.whose})" for when, each in zip(_WHEN, sides, strict=True)}
    about = About({"before": (before, old), "after": (after, new)}, directories, opened, processes, lines, seconds)
    silent = unseen(tally, old.rules, new.rules)
    if html is not None:
        _write_page(html, report, about.words())
    if json:
        compared = {"directories_compared": directories_compared(*sides), "not_in_force": list(silent)}
        _print_document(report, about.document() | compared)
    else:
        _print(report, about.words())
        for each in silent:
            typer.echo(f"Nothing is said of a rule: {each}.")
        say_uncompared(*sides)


def _too_few(archive: Path, situations: int, bad: int) -> str:
    if situations == 0:
        left = f"; {number_of(bad, 'line')} skipped" if bad else ""
        return f"{archive}: holds no situation, so it says nothing about the rules{left}"
    return (
        f"{archive}: {number_of(situations, 'situation')}, too few to hide anybody among; "
        "take more, or --exact if you may see the archive itself"
    )


def _find_room(page: Path) -> None:
    """End the command if the page cannot be written, before an archive is replayed for an hour."""
    folder = page.absolute().parent
    if page.is_dir() or not folder.is_dir() or not os.access(page if page.exists() else folder, os.W_OK):
        failed(f"{page}: cannot be written; nothing was replayed")


def _write_page(path: Path, report: "ImpactReport", about: Mapping[str, str]) -> None:
    with authors_extra("impact --html"):
        from onward.workbench.impact.page import html
    try:
        path.write_text(html(report, about), encoding="utf-8")
    except OSError as error:
        failed(f"{path}: {error.strerror}; the page was not written")


def _print_document(report: "ImpactReport", about: Mapping[str, Any]) -> None:
    from onward.workbench.impact.document import document

    as_json({"ok": True, **about, **document(report)})


def _print(report: "ImpactReport", about: Mapping[str, str]) -> None:
    from onward.cli.render.impact import lines

    for name, text in about.items():
        typer.echo(f"{name}: {text}")
    if report.bad:
        typer.echo(f"Skipped: {number_of(report.bad, 'line')}, no situation to be read there", err=True)
    typer.echo("")
    for line in lines(report):
        typer.echo(line)
