"""`onward rules coverage`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.errors import authors_extra, failed
from onward.cli.render.output import as_json, coloured, number_of, visible
from onward.cli.rules.loading import folder_of, load, named
from onward.cli.rules.options import AsJson, Folder, OneRule

if TYPE_CHECKING:
    from onward.routing.domain.language import RuleSet, RuleTest
    from onward.workbench.coverage.covering import CoveringSituation, RuleCoverage

AtLeast = Annotated[float, typer.Option(min=0, max=100, metavar="PERCENT", help="Exit with 1 below this.")]
Write = Annotated[bool, typer.Option(help="Write the tests that close the gaps into their rules.")]
Suggest = Annotated[bool, typer.Option(help="Print tests that close the gaps, to be pasted under `tests`.")]


def coverage(
    folder: Folder = None,
    rule: OneRule = None,
    at_least: AtLeast = 100.0,
    *,
    suggest: Suggest = False,
    write: Write = False,
    json: AsJson = False,
) -> None:
    """
    Say which conditions and branches of each rule its tests show to matter, and which they do not.

    A condition is covered when it is the only thing that fails in some test, and what a rule does when a test says it
    (`then`). What no facts could show is not counted.
    """
    with authors_extra("coverage"):
        from onward.workbench.coverage.covering import cover_rule, percent

    bundle = load(folder, json=json)
    rules = named(bundle, rule)
    found = [cover_rule(each) for each in rules]
    reached = percent(found)
    good = reached >= at_least
    if write:
        good = _write(folder_of(folder), found, bundle, json=json)
    elif json:
        as_json(
            {
                "ok": good,
                "percent": reached,
                "at_least": at_least,
                "rules": [_document(each, suggest=suggest) for each in found],
            }
        )
    elif suggest:
        _print_suggestions(found, bundle)
    else:
        _print_table(found, reached, good=good)
    if not good:
        raise typer.Exit(1)


def _print_table(found: "Sequence[RuleCoverage]", reached: float, *, good: bool) -> None:
    width = max((len(each.rule.id) for each in found), default=4)
    typer.echo(f"{'rule':{width}}  conditions  branches  actions  asks")
    for each in found:
        conditions, branches = ("{}/{}".format(*each.count(*kinds)) for kinds in (("condition",), ("branch", "fires")))
        actions = f"{len(each.actions) - len(each.unsaid)}/{len(each.actions)}"
        asks = f"{sum(map(bool, each.asks.values()))}/{len(each.asks)}"
        line = f"{each.rule.id:{width}}  {conditions:>10}  {branches:>8}  {actions:>7}  {asks:>4}"
        typer.echo(coloured(line, "error") if each.gaps or each.unsaid else line)
    for each in found:
        for gap in each.gaps:
            typer.echo(f"{gap.obligation.place}: {each.rule.id}: no test shows: {_in_words(gap)}")
        for saying in each.unsaid:
            typer.echo(f"{saying.place}: {each.rule.id}: no test says: {saying.what}")
    gaps = sum(len(each.gaps) + len(each.unsaid) for each in found)
    beyond = sum(one.status == "impossible" for each in found for one in each.found)
    lacking, rules = sum(bool(each.gaps or each.unsaid) for each in found), number_of(len(found), "rule")
    total = f"{reached:g} %: {number_of(gaps, 'gap')} in {lacking} of {rules}"
    typer.echo(coloured(total, "good" if good else "error") + f"; {beyond} more cannot be shown by any facts")


def _in_words(gap: "CoveringSituation") -> str:
    rest = "" if gap.level == "holds" else " (all else may be not known)"
    return gap.obligation.what + rest + ("" if gap.known_possible else "; no facts were found that would do it")


def _suggested(found: "Sequence[RuleCoverage]", bundle: "RuleSet") -> "dict[str, list[RuleTest]]":
    """By rule, tests for what no test shows, and for values of lists and sets that decide in none."""
    from onward.workbench.coverage.losing import unshown
    from onward.workbench.coverage.suggesting import suggest, suggest_deciding

    lost = {rule.id: losses for rule, losses in unshown(bundle)}
    return {each.rule.id: [*suggest(each), *suggest_deciding(each.rule, lost.get(each.rule.id, ()))] for each in found}


def _print_suggestions(found: "Sequence[RuleCoverage]", bundle: "RuleSet") -> None:
    from onward.workbench.coverage.suggesting import as_yaml
    from onward.workbench.coverage.writing_then import missing_then

    suggested = _suggested(found, bundle)
    for each in found:
        if (lacking := missing_then(each.rule)) is not None:
            hint = (
                f"{lacking.test.place} {each.rule.id}: add to `{lacking.test.name}`, or let `onward rules then` do it"
            )
            typer.echo(f"{hint}\n{lacking.yaml}", err=True, nl=False)
        tests = suggested[each.rule.id]
        for file in dict.fromkeys(test.place.file for test in tests):
            at_home = file == each.rule.place.file
            # Beside, not among, the tests: what is redirected into a file is the tests alone.
            typer.echo(f"{each.rule.place if at_home else file} {each.rule.id}: add to its tests", err=True)
            if at_home and not each.rule.tests:
                typer.echo("    tests:")
            typer.echo("".join(as_yaml(test) for test in tests if test.place.file == file), nl=False)


def _write(folder: Path, found: "Sequence[RuleCoverage]", bundle: "RuleSet", *, json: bool) -> bool:
    """Add the tests; whether they close every gap."""
    from onward.routing.bundle_files import read_files
    from onward.workbench.coverage.adding import AddingTestsError, with_tests
    from onward.workbench.formatting.folder import FileChange, FormattingError, path_of

    tests = _suggested(found, bundle)
    files = read_files(folder)
    try:
        added = with_tests(files, tests)
        for old, new in zip(files, added, strict=True):
            if old.content != new.content:
                FileChange(old.name, path_of(folder, old), old.content, new.content).write()
    except (AddingTestsError, FormattingError) as error:
        failed(str(error))
    good = all(gap.known_possible for each in found for gap in each.gaps)
    if json:
        as_json({"ok": good, "added": {name: [test.name for test in of_rule] for name, of_rule in tests.items()}})
        return good
    for name, of_rule in tests.items():
        for file in dict.fromkeys(test.place.file for test in of_rule):
            here = sum(test.place.file == file for test in of_rule)
            typer.echo(f"{visible(file)}: {number_of(here, 'test')} added to {name}")
    typer.echo(f"{number_of(sum(map(len, tests.values())), 'test')} added: they say what the rules do now; read each")
    if any(each.unsaid for each in found):
        typer.echo("Next: onward rules then --write, which says in them what the rules do", err=True)
    return good


def _document(covered: "RuleCoverage", *, suggest: bool) -> dict[str, Any]:
    from onward.workbench.coverage.suggesting import as_yaml
    from onward.workbench.coverage.suggesting import suggest as suggested

    conditions, branches = covered.count("condition"), covered.count("branch", "fires")
    document: dict[str, Any] = {
        "rule": covered.rule.id,
        "where": str(covered.rule.place),
        "conditions": {"covered": conditions[0], "possible": conditions[1]},
        "branches": {"covered": branches[0], "possible": branches[1]},
        "actions": [{"where": str(each.place), "what": each.what, "test": each.test} for each in covered.actions],
        "asks": covered.asks,
        "obligations": [_found(each) for each in covered.found],
    }
    if suggest:
        document["suggested"] = [as_yaml(test) for test in suggested(covered)]
    return document


def _found(each: "CoveringSituation") -> dict[str, Any]:
    return {
        "where": str(each.obligation.place),
        "what": each.obligation.what,
        "status": each.status,
        "all_else": each.level,
        "test": each.test,
        "known_possible": each.known_possible,
    }
