"""Two small bundles, and what the comparison says of them."""

from onward.directory.model import Directory
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.kleene import rule_holds
from onward.routing.domain.rule_tests import known_on
from onward.workbench.difference import Difference, RuleDifference, Shown, Side, difference
from onward.workbench.logic.formulas import EFFORT
from unit.workbench.analysed import EVERYBODY, a_file, loaded

ADULT = 'person.age: ">= 18", accommodation.status: homeless'


def compared(
    before: list[SourceFile],
    after: list[SourceFile],
    *,
    directories: tuple[Directory, Directory] = (EVERYBODY, EVERYBODY),
    effort: int = EFFORT,
) -> Difference:
    """The difference of two bundles, with every example run again."""
    sides = Side(loaded(*before), directories[0]), Side(loaded(*after), directories[1])
    found = difference(*sides, effort=effort)
    for each in found.rules:
        for shown in each.shown:
            reproduce(each, shown, sides)
    return found


def of_rules(before: str, after: str) -> Difference:
    """The difference of two bundles with one file of class need each."""
    return compared([a_file(before)], [a_file(after)])


def the_rule(found: Difference, name: str = "housing") -> RuleDifference:
    (rule,) = (each for each in found.rules if each.rule.id == name)
    return rule


def directions(found: Difference, name: str = "housing") -> set[str]:
    return {shown.direction for shown in the_rule(found, name).shown}


def effects(found: Difference) -> set[str]:
    return {f"{each.direction} {each.category}" for each in found.people if each.witness is not None}


def reproduce(rule: RuleDifference, shown: Shown, sides: tuple[Side, Side]) -> None:
    """Hold an example against the plain evaluator, and against the `given` that an author would paste."""
    assert rule.before is not None
    assert rule.after is not None
    known = shown.witness.known()
    given = shown.witness.given()
    pasted = known_on({path: value for path, value in given.items() if path != "event.day"}, shown.witness.day)
    pairs = ((sides[0], rule.before, shown.before), (sides[1], rule.after, shown.after))
    for side, each, truth in pairs:
        assert rule_holds(each, known) is truth
        assert rule_holds(each, pasted) is truth
        assert side.truth(each.id, known) is truth
    match shown.direction:
        case "gains":
            assert shown.after is True
            assert shown.before is not True
        case "loses":
            assert shown.before is True
            assert shown.after is not True
        case "moves":
            assert (shown.before, shown.after) == (True, True)
        case "asks":
            assert shown.after is None
        case "asks no longer":
            assert shown.before is None
        case "waits":
            assert shown.after is False
        case "waits no longer":
            assert shown.before is False
