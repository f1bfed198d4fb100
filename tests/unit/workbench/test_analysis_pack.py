"""The rules of this project, as the analysis sees them."""

from onward.routing.domain.index import Index
from onward.workbench.analysis import analyse
from unit.routing.pack_builders import DIRECTORY, RULES


def test_the_pack_has_no_error_and_leaves_no_question_open() -> None:
    findings = analyse(RULES, DIRECTORY)
    assert [str(each) for each in findings if each.severity == "error" or each.code == "A090"] == []
    index = Index(RULES.rules)
    for finding in findings:
        if finding.witness is not None and finding.code != "A013":
            matching = {RULES.rules[number].id for number in index.match(finding.witness.known()).definite}
            assert set(finding.rules[:2]) <= matching, finding
