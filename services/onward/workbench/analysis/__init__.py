"""The analysis of a rule set as a whole: `analyse(rules, directory)` says what is wrong with it, with examples."""

from onward.workbench.analysis.analysing import analyse
from onward.workbench.analysis.findings import SEVERITIES, SORTS, AnalysisFinding, Severity, Sort

__all__ = ["SEVERITIES", "SORTS", "AnalysisFinding", "Severity", "Sort", "analyse"]
