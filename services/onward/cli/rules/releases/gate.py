"""What keeps a bundle from being published. There is no way around it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from onward.cli.errors import authors_extra
from onward.cli.render.output import as_json, coloured, number_of, visible

if TYPE_CHECKING:
    from onward.contracts.ruleset import Content
    from onward.directory.model import Directory
    from onward.routing.domain.language import RuleSet
    from onward.workbench.coverage.covering import RuleCoverage


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason not to publish."""

    command: str
    """The command that shows it, such as `test`."""
    problem: str


def tested(rules: "RuleSet", directory: "Directory", listed: "Content | None") -> list[Hindrance]:
    """
    What `onward rules check` and `test` refuse.

    *listed* is the directory as it travels, with its places; without it, nothing is said of what the directory lacks.
    """
    from onward.contracts import contact_types, topics
    from onward.directory import completeness as directory_completeness
    from onward.releases.contents import listed_files
    from onward.routing.domain import completeness, rule_tests, surroundings

    wrong = {
        *surroundings.problems(rules, directory, topics.sources(), contact_types.known()),
        *completeness.problems(rules, directory),
        *(directory_completeness.problems(listed_files(listed)) if listed is not None else ()),
    }
    found = [Hindrance("check", str(each)) for each in sorted(wrong)]
    return found + [Hindrance("test", str(each)) for each in rule_tests.check_tests(rules)]


def studied(rules: "RuleSet", listed: "Content", directory: "Directory", *, command: str) -> list[Hindrance]:
    """
    What `onward rules lint` and `analyse` call an error, and whatever of a rule `coverage` finds that no test shows.

    *listed* are the rules as they travel. Without the extra that it needs, *command* ends with exit code 1.
    """
    from onward.routing.domain.publishing.contents import rule_files

    with authors_extra(command):
        from onward.workbench.analysis import analyse
        from onward.workbench.coverage.covering import cover_rule
        from onward.workbench.linting.all_findings import lint

    covered = (cover_rule(rule) for rule in rules.rules)
    return [
        *(
            Hindrance("lint", str(each))
            for each in lint(rules, rule_files(listed), directory)
            if each.severity == "error"
        ),
        *(Hindrance("coverage", _lacking(each)) for each in covered if each.gaps or each.unsaid),
        *(Hindrance("analyse", str(each)) for each in analyse(rules, directory) if each.severity == "error"),
    ]


def _lacking(covered: "RuleCoverage") -> str:
    rule, gaps = covered.rule, len(covered.gaps) + len(covered.unsaid)
    what = f"{number_of(gaps, 'part')} of `{rule.id}` that no test shows"
    return f"{rule.place}: {what}; `onward rules coverage --rule {rule.id}` says which, and adds tests with `--write`"


def hold(hindrances: list[Hindrance], *, what: str, json: bool) -> None:
    """Say what hinders and end the command with exit code 1; nothing happens when nothing does."""
    if not hindrances:
        return
    if json:
        as_json(
            {"ok": False, "hindrances": [{"command": each.command, "problem": each.problem} for each in hindrances]}
        )
    else:
        for each in hindrances:
            typer.echo(f"{coloured(each.command, 'error')}: {visible(each.problem)}", err=True)
        typer.echo(f"onward: {what}: {len(hindrances)} to mend first; nothing was sent", err=True)
    raise typer.Exit(1)
