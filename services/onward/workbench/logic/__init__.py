"""
What rules mean, exactly: questions about *every* possible situation, answered with an example or a proof.

Begin with `Space.of(rules)`. `space.find(space.matches(a), space.matches(b), check=…)` then gives an example that the
engine agrees with, the proof that there is none, or an honest "not decided".
"""

from onward.workbench.logic.formulas import FALSE, TRUE, Formula, all_of, any_of
from onward.workbench.logic.space import Answer, Space, Truths
from onward.workbench.logic.witness import Check, Witness

__all__ = ["FALSE", "TRUE", "Answer", "Check", "Formula", "Space", "Truths", "Witness", "all_of", "any_of"]
