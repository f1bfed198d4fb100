"""How two rules are written otherwise, in words."""

from collections.abc import Iterator

from onward.routing.domain.language import Condition, Group, OneOf, Rule, RuleTest
from onward.workbench.difference.writing import Asks, asks, bare, bare_group

_FEW = 6
"""A longer list of values is told by what came and what went."""


def rewritten(before: Rule, after: Rule) -> tuple[str, ...]:
    """What is written otherwise of what the rules ask, whether or not it means anything else."""
    return tuple(_rewritten(before, after))


def words_changed(before: Rule, after: Rule) -> tuple[str, ...]:
    """What is written otherwise of what has no part in any decision but its words."""
    pairs = {
        "why": (before.why, after.why),
        "owner": (before.owner, after.owner),
        "tests": ([_test(each) for each in before.tests], [_test(each) for each in after.tests]),
        "file": (_file(before), _file(after)),
        "widens": ({name for name, _ in before.widens}, {name for name, _ in after.widens}),
        "instead_of": ({name for name, _ in before.instead_of}, {name for name, _ in after.instead_of}),
        "names of prerequisites": (
            [(each.name, each.why) for each in before.requires],
            [(each.name, each.why) for each in after.requires],
        ),
        "reasons of narrowing": ([each.why for each in before.narrowed], [each.why for each in after.narrowed]),
    }
    return tuple(name for name, (old, new) in pairs.items() if old != new)


def _test(test: RuleTest) -> tuple[object, ...]:
    return test.name, test.given, test.day, test.expect, test.because


def _file(rule: Rule) -> str:
    """Within the folder of rules, whatever that is called."""
    return rule.place.file.partition("/")[2] or rule.place.file


def _rewritten(before: Rule, after: Rule) -> Iterator[str]:
    if bare(before).effective.test != bare(after).effective.test:
        yield f"in force: was {before.effective.expected or 'always'}; is {after.effective.expected or 'always'}"
    yield from _conditions(before.when, after.when)
    yield from _groups(before.any_of, after.any_of, ("no longer enough", "now enough"))
    yield from _groups(before.unless, after.unless, ("no longer an exception", "now an exception"))


def _conditions(before: Group, after: Group) -> Iterator[str]:
    gone, come = _only(before, after), _only(after, before)
    for condition in gone:
        pair = next((each for each in come if each.path == condition.path), None)
        if pair is None:
            yield f"no longer asked: {asked(condition)}"
        else:
            come.remove(pair)
            yield f"{condition.path}: {_otherwise(condition, pair)}"
    yield from (f"now asked: {asked(condition)}" for condition in come)


def _groups(before: tuple[Group, ...], after: tuple[Group, ...], words: tuple[str, str]) -> Iterator[str]:
    old, new = ({_key(group): group for group in groups} for groups in (before, after))
    yield from (f"{words[0]}: {_all(group)}" for key, group in old.items() if key not in new)
    yield from (f"{words[1]}: {_all(group)}" for key, group in new.items() if key not in old)


def _only(group: Group, other: Group) -> list[Condition]:
    """The conditions that the other group has not."""
    there = _key(other)
    return [each for each in group if not _key((each,)) <= there]


def _key(group: Group) -> Asks:
    return asks(bare_group(group))


def _otherwise(before: Condition, after: Condition) -> str:
    old, new = before.test, after.test
    if isinstance(old, OneOf) and isinstance(new, OneOf) and old.negated == new.negated:
        longest = max(len(old.values), len(new.values))
        gone, come = (sorted(map(str, each)) for each in (old.values - new.values, new.values - old.values))
        if longest > _FEW and gone + come:
            told = (f"without {', '.join(gone)}" if gone else "", f"with {', '.join(come)}" if come else "")
            return "now " + " and ".join(filter(None, told)) + (" among those left out" if old.negated else "")
    return f"was {before.expected}; is {after.expected}"


def asked(condition: Condition) -> str:
    """A condition in words."""
    return f"{condition.path} {condition.expected}".strip()


def _all(group: Group) -> str:
    return " and ".join(map(asked, group)) or "nothing in particular"
