"""Legal bases by name, as `bases.yaml` gives them, and for what each may be used."""

from typing import get_args

from onward.contracts.codes import Category, LegalBasisKind, Service
from onward.contracts.decision import LegalBasis
from onward.diagnostics.yaml_tree import Node, Place
from onward.routing.domain.actions import CATEGORIES, SERVICES
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import THEMES, BasisUse, Theme
from onward.routing.domain.shape import Fields, entries, items, unique, word_of

KINDS: tuple[LegalBasisKind, ...] = get_args(LegalBasisKind)
_REQUIRED = ("kind", "purpose", "article_6", "citation")
_OPTIONAL = ("article_9", "article_10", "for", "themes", "only_where")


def bases(node: Node, seen: dict[str, Place], report: ProblemReport) -> dict[str, LegalBasis]:
    """Every basis of a mapping; *seen* keeps names unique over all files."""
    found: dict[str, LegalBasis] = {}
    for key, value in entries(node, "`bases`", report):
        fields = Fields(value, f"basis `{key.text}`", report, required=_REQUIRED, optional=_OPTIONAL)
        kind = fields.word("kind", KINDS)
        purpose, article_6, citation = fields.text("purpose"), fields.text("article_6"), fields.text("citation")
        article_9, article_10 = fields.text("article_9") or None, fields.text("article_10") or None
        if not unique(key, key.text, seen, "basis", report):
            continue
        seen[key.text] = key.place
        if kind is not None and purpose and article_6 and citation:
            found[key.text] = LegalBasis(
                name=key.text,
                kind=kind,
                purpose=purpose,
                article_6=article_6,
                article_9=article_9,
                article_10=article_10,
                citation=citation,
            )
    return found


def uses(node: Node, reader: ConditionReader) -> dict[str, BasisUse]:
    """For what each basis of a mapping may be used; what is wrong with the rest of it `bases` reports."""
    found: dict[str, BasisUse] = {}
    for key, value in entries(node, "`bases`", ProblemReport()):
        quiet = Fields(value, "a basis", ProblemReport(), required=(), optional=(*_REQUIRED, *_OPTIONAL))
        found[key.text] = BasisUse(
            place=key.place,
            services=_services(quiet.get("for"), reader.report),
            themes=frozenset(_words(quiet.get("themes"), reader.report)),
            only_where=reader.groups(quiet.get("only_where"), "`only_where`", single=True),
        )
    return found


def _services(node: Node | None, report: ProblemReport) -> dict[Category, frozenset[Service]]:
    found: dict[Category, frozenset[Service]] = {}
    for key, value in entries(node, "`for`", report) if node is not None else ():
        category = word_of(key, "a category in `for`", CATEGORIES, report)
        named = items(value, "`for`", report)
        services: list[Service | None] = [word_of(each, "a service in `for`", SERVICES, report) for each in named]
        if category is not None:
            found[category] = frozenset[Service](each for each in services if each is not None)
    return found


def _words(node: Node | None, report: ProblemReport) -> list[Theme]:
    words: list[Theme | None] = [word_of(each, "a theme", THEMES, report) for each in items(node, "`themes`", report)]
    return [each for each in words if each is not None]
