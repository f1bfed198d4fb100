"""The same rules as one ZEN decision table (GoRules, Rust), hit policy collect: every row that matches answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import zen

from bench.same_rules import MadeRule, Span, Test

_KEY = "rules"


class ZenTable:
    """One engine with one table, compiled and indexed by the static loader, which is ZEN's fastest way."""

    def __init__(self, rules: Sequence[MadeRule]) -> None:
        fields = sorted({path for rule in rules for path in rule.when})
        columns = [{"id": f"c{number}", "name": field, "field": field} for number, field in enumerate(fields)]
        rows = [
            {
                "_id": f"r{number}",
                "number": str(number),
                **{
                    f"c{place}": _cell(rule.when[field]) if field in rule.when else ""
                    for place, field in enumerate(fields)
                },
            }
            for number, rule in enumerate(rules)
        ]
        table = {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "collect",
                "inputs": columns,
                "outputs": [{"id": "number", "name": "number", "field": "number"}],
                "rules": rows,
            },
        }
        nodes = [
            {"id": "in", "name": "in", "type": "inputNode"},
            table,
            {"id": "out", "name": "out", "type": "outputNode"},
        ]
        edges = [_edge("in", "table"), _edge("table", "out")]
        content = {"nodes": nodes, "edges": edges}
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {_KEY: content}}})

    def match(self, context: Mapping[str, Any]) -> list[int]:
        """The numbers of the rules that match."""
        return [row["number"] for row in self._engine.evaluate(_KEY, dict(context))["result"]]

    def match_with_trace(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer with ZEN's own explanation: the trace of every node."""
        return self._engine.evaluate(_KEY, dict(context), {"trace": True})["trace"]


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as ZEN reads them: `person.age` as `{"person": {"age": …}}`."""
    found: dict[str, Any] = {}
    for path, value in facts.items():
        first, _, rest = path.partition(".")
        found.setdefault(first, {})[rest] = value
    return found


def _cell(test: Test) -> str:
    if isinstance(test, Span):
        return f"[{test.low}..{test.high}]"
    if isinstance(test, bool):
        return "true" if test else "false"
    if isinstance(test, int):
        return f">= {test}"
    return ", ".join(f'"{word}"' for word in test)


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
