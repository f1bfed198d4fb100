"""Goals: who must be reached, as an author says it under `cover`. They are proved by `onward rules analyse`."""

from onward.diagnostics.yaml_tree import Node
from onward.routing.domain.actions import CATEGORIES
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.language import Goal
from onward.routing.domain.shape import Fields, items


def goals(node: Node | None, reader: ConditionReader) -> tuple[Goal, ...]:
    """The goals of one file."""
    found: list[Goal] = []
    for item in items(node, "`cover`", reader.report):
        fields = Fields(item, "a goal", reader.report, required=("why", "when"), optional=("category",))
        when = fields.get("when")
        group = reader.group(when, "`when`") if when is not None else ()
        found.append(Goal(fields.text("why"), group, fields.word("category", CATEGORIES), item.place))
    return tuple(found)
