"""What the sort of a key decides: the order of keys, and that a fact's value needs no quotes."""

from collections.abc import Mapping

from onward.workbench.formatting.scalars import is_taken_for_more
from onward.workbench.formatting.tree import Branch, Leaf, Node

ORDER: Mapping[str, tuple[str, ...]] = {
    "file": (
        "schema",
        "theme",
        "owner",
        "hit_policy",
        "area",
        "sets",
        "bases",
        "prerequisites",
        "cover",
        "narrows",
        "rules",
    ),
    "rule": (
        "id",
        "why",
        "owner",
        "effective",
        "widens",
        "instead_of",
        "requires",
        "when",
        "any_of",
        "unless",
        "suppress",
        "approve",
        "release",
        "refer",
        "notify",
        "plan",
        "legal_basis",
        "tests",
    ),
    "refer": (
        "category",
        "service",
        "urgency",
        "providers",
        "catchment_by",
        "approval",
        "advice",
        "linked_advice",
        "linked",
    ),
    "notify": ("kind", "to", "urgency", "if_unmet"),
    "suppress": ("reason", "what", "closes", "closure_reason"),
    "approve": ("by", "advice"),
    "plan": ("kind", "lead"),
    "effective": ("from", "until"),
    "test": ("name", "given", "expect", "because", "then"),
    "then": ("suppress", "approve", "release", "refer", "notify", "plan", "instead_of", "legal_basis", "asks"),
    "basis": ("kind", "purpose", "for", "themes", "only_where", "article_6", "article_9", "article_10", "citation"),
    "goal": ("why", "when", "category", "service", "urgency", "told"),
    "prerequisite": ("why", "when"),
    "narrowing": ("rule", "why", "when", "tests"),
}
"""By the sort of mapping. A key that is not here keeps its place after those that are."""

_BELOW: Mapping[tuple[str, str], tuple[str, str]] = {
    ("file", "rules"): ("list", "rule"),
    ("file", "cover"): ("list", "goal"),
    ("file", "narrows"): ("list", "narrowing"),
    ("file", "bases"): ("named", "basis"),
    ("file", "prerequisites"): ("named", "prerequisite"),
    ("rule", "refer"): ("list", "refer"),
    ("rule", "notify"): ("list", "notify"),
    ("rule", "suppress"): ("one", "suppress"),
    ("rule", "approve"): ("one", "approve"),
    ("rule", "effective"): ("one", "effective"),
    ("rule", "tests"): ("list", "test"),
    ("test", "then"): ("one", "then"),
    ("then", "refer"): ("list", "refer"),
    ("then", "notify"): ("list", "notify"),
    ("then", "suppress"): ("one", "suppress"),
    ("then", "approve"): ("one", "approve"),
    ("narrowing", "tests"): ("list", "test"),
}
"""Where in a sort of mapping another sort stands: alone, in a list (or alone), or under names."""


def put_in_order(node: Node, sort: str = "file") -> None:
    """
    Sort the entries of *node* and of all below it.

    Only where the order says nothing: conditions, sets and tests stay in the order of their author.
    """
    if not isinstance(node, Branch) or not node.is_mapping:
        return
    order = ORDER[sort]
    node.slots.sort(key=lambda slot: order.index(slot.name) if slot.name in order else len(order))
    for slot in node.slots:
        how, below = _BELOW.get((sort, slot.name), ("", ""))
        if not how or not isinstance(slot.value, Branch):
            continue
        spread = how == "named" or not slot.value.is_mapping
        for each in [inner.value for inner in slot.value.slots] if spread else [slot.value]:
            put_in_order(each, below)


_OF_FACTS = frozenset({"sets", "area", "when", "any_of", "unless", "given", "effective"})
"""The keys under which every word is read by the kind of its fact, whatever YAML makes of it."""


def drop_quotes(node: Node, *, of_facts: bool = False) -> None:
    """Write `true`, `34` and `2026-03-02` without quotes where they are values of facts, as the editor expects them."""
    if isinstance(node, Leaf):
        if of_facts and is_taken_for_more(node.text):
            node.style = ""
        return
    for slot in node.slots:
        drop_quotes(slot.value, of_facts=of_facts or slot.name in _OF_FACTS)
