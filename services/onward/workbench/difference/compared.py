"""One of two bundles that are compared, with its directory, and the engine to ask about it."""

from functools import cached_property

from onward.contracts.decision import Decision
from onward.directory.model import Directory
from onward.routing.domain.decide import Router
from onward.routing.domain.index import Index
from onward.routing.domain.kleene import Known, Truth
from onward.routing.domain.language import RuleSet
from onward.routing.domain.offices import offices_of
from onward.workbench.logic import Witness
from onward.workbench.logic.witness import as_received


class Side:
    """A bundle and its directory; what the service would make of a situation."""

    def __init__(self, rules: RuleSet, directory: Directory, text: str = "") -> None:
        """*text*: a hash of the rule files that does not depend on what their folder is called, if it is known."""
        self.text = text
        self.rule_set = rules
        self.directory = directory
        self.rules = {rule.id: rule for rule in rules.rules}
        self.offices = offices_of(directory)
        self._number = {rule.id: number for number, rule in enumerate(rules.rules)}

    @cached_property
    def _index(self) -> Index:
        return Index(self.rule_set.rules)

    @cached_property
    def _router(self) -> Router:
        return Router(self.rule_set, self.directory)

    def truth(self, rule: str, known: Known) -> Truth:
        """What the index of the whole bundle makes of one rule."""
        matches, number = self._index.match(known), self._number[rule]
        return True if number in matches.definite else None if number in matches.possible else False

    def decide(self, witness: Witness) -> Decision:
        """The decision of the routing service on a situation."""
        return self._router.decide(as_received(witness))
