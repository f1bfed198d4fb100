"""What a change of rules means: who gains, who loses, who is treated otherwise; or the proof that nobody is."""

from onward.workbench.difference.compared import Side
from onward.workbench.difference.comparing import difference
from onward.workbench.difference.findings import Difference, Effect, RuleDifference, Shown

__all__ = ["Difference", "Effect", "RuleDifference", "Shown", "Side", "difference"]
