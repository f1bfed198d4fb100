"""`onward rules explain`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from onward.cli.errors import misused, no_such
from onward.cli.render.output import as_json, coloured
from onward.cli.rules.options import AsJson, Folder, OneRule

if TYPE_CHECKING:
    from onward.cli.rules.explain_argument import ExplainArgument
    from onward.contracts.codes import Category
    from onward.directory.model import Directory
    from onward.routing.domain.decide import Router
    from onward.routing.domain.language import RuleSet
    from onward.workbench.explaining.counterfactual import WhyNot
    from onward.workbench.explaining.explanation import DecisionExplained, RuleExplained

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A situation or a decision as JSON, or with --source a partner's message; - reads standard input.",
    ),
]
Source = Annotated[str | None, typer.Option(help="The partner a message comes from, such as hmpps or custody.")]
Facts = Annotated[
    Path | None, typer.Option(help="With --source: what earlier contacts said, fact paths and values, YAML or JSON.")
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="With --source: when the message is received; now by default."),
]
OneCategory = Annotated[
    str | None, typer.Option("--category", metavar="CATEGORY", help="In full: the rules that refer for this.")
]
Every = Annotated[bool, typer.Option("--all", help="In full: every rule.")]
WhyNotOption = Annotated[
    str | None,
    typer.Option("--why-not", metavar="CATEGORY", help="The smallest change of facts that would have led there."),
]


def explain(
    file: File,
    folder: Folder = None,
    *,
    source: Source = None,
    facts: Facts = None,
    at: At = None,
    rule: OneRule = None,
    category: OneCategory = None,
    every: Every = False,
    why_not: WhyNotOption = None,
    json: AsJson = False,
) -> None:
    """
    Say why rules acted, why others did not, and what would have led to a referral.

    Exit code 0: explained. 1: the message makes no situation, or the search for a change gave up. 2: misuse.
    """
    from onward.cli.rules.loading import both, named
    from onward.routing.domain.decide import Router

    wanted = None if why_not is None else _category(why_not)
    shown = None if category is None else _category(category)
    asked = _asked(file, source, facts, at, json=json)
    rules, directory = both(folder, json=json)
    named(rules, rule)
    router = Router(rules, directory)
    answers = [_answer(each, wanted, rules, directory, router) for each in asked]
    chosen = [_chosen(explained, rule, shown, every=every or json) for explained, _ in answers]
    gave_up = any(answer is not None and answer.at_least for _, answer in answers)
    if json:
        from onward.cli.render.explained_json import document

        told = zip(answers, chosen, strict=True)
        explained = [document(each, some, answer) for (each, answer), some in told]
        as_json({"ok": not gave_up, "explained": explained})
    else:
        stored = any(each.decision is not None for each in asked)
        for (each, answer), some in zip(answers, chosen, strict=True):
            _tell(each, some, answer, stored=stored)
    if gave_up:
        raise typer.Exit(1)


def _category(text: str) -> "Category":
    from onward.routing.domain.actions import CATEGORIES

    named = text.strip().upper().replace("-", "_")
    for each in CATEGORIES:
        if each == named:
            return each
    return no_such("category", text, CATEGORIES)


def _asked(file: str, source: str | None, facts: Path | None, at: str | None, *, json: bool) -> "list[ExplainArgument]":
    from onward.cli.asked_about import received
    from onward.cli.rules.explain_argument import read_message, read_stored, refuse
    from onward.cli.trial import Trial

    if source is None:
        if facts is not None or at is not None:
            _only_with_source()
        return [read_stored(file)]
    read = read_message(file, source, facts=facts, received_at=received(at))
    return refuse(read, as_json=json) if isinstance(read, Trial) else read


def _only_with_source() -> NoReturn:
    misused("--facts and --at belong to a partner's message: name the partner with --source")


def _answer(
    asked: "ExplainArgument", wanted: "Category | None", rules: "RuleSet", directory: "Directory", router: "Router"
) -> "tuple[DecisionExplained, WhyNot | None]":
    from onward.workbench.explaining.explanation import explain_decision

    explained = explain_decision(asked.decision or router.decide(asked.situation), rules)
    if wanted is None:
        return explained, None
    from onward.cli.errors import authors_extra

    with authors_extra("explain --why-not"):
        from onward.workbench.explaining.counterfactual import why_not

    return explained, why_not(asked.situation, wanted, rules, directory, router=router)


def _chosen(
    explained: "DecisionExplained", rule: str | None, category: "Category | None", *, every: bool
) -> "list[RuleExplained]":
    """The rules to show in full: those named; without a name every one, or none."""
    if rule is None and category is None:
        return list(explained.rules) if every else []
    return [
        each
        for each in explained.rules
        if each.rule.id == rule or any(refer.category == category for refer in each.rule.refer)
    ]


def _tell(
    explained: "DecisionExplained", chosen: "list[RuleExplained]", answer: "WhyNot | None", *, stored: bool
) -> None:
    import shutil

    from onward.cli.render.explained import decided, in_full, nearest
    from onward.cli.render.page import Page

    page = Page(shutil.get_terminal_size().columns, coloured)
    if chosen:
        in_full(chosen, page, other_rules=explained.other_rules)
    else:
        decided(explained, page)
        if answer is None:
            nearest(explained, page)
    if answer is not None:
        from onward.cli.render.why_not import why_not_words

        why_not_words(answer, page)
        if stored:
            page.text("A decision does not hold what the person said of single providers: that is left out here.")
    page.gap()
    for line in page.lines:
        typer.echo(line)
