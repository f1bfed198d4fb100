"""Legal bases by name, as `bases.yaml` gives them."""

from typing import get_args

from onward.contracts.codes import LegalBasisKind
from onward.contracts.decision import LegalBasis
from onward.diagnostics.yaml_tree import Node, Place
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.shape import Fields, entries, unique

KINDS: tuple[LegalBasisKind, ...] = get_args(LegalBasisKind)


def bases(node: Node, seen: dict[str, Place], report: ProblemReport) -> dict[str, LegalBasis]:
    """Every basis of a mapping; *seen* keeps names unique over all files."""
    found: dict[str, LegalBasis] = {}
    for key, value in entries(node, "`bases`", report):
        fields = Fields(
            value,
            f"basis `{key.text}`",
            report,
            required=("kind", "purpose", "article_6", "citation"),
            optional=("article_9", "article_10"),
        )
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
