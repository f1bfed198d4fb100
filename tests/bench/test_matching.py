"""
How well contacts are joined to people, on people nobody is: precision, recall, and what a person is asked.

Beside two plain rules, and beside Splink where `ONWARD_SPLINK_PYTHON` names an interpreter that has it.
"""

import json
import os
import random
import subprocess
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import pytest

from bench import measuring
from bench.made_up_people import Met, everybody, meetings
from integration.people.people_stores import in_memory
from onward.contracts.contact import Contact
from onward.contracts.matches import MatchQuestion
from onward.contracts.outcome import Published
from onward.people.domain.remembered import name_parts
from unit.people.people_builders import FIRST_DAY, a_contact, named

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

INTERPRETER = "ONWARD_SPLINK_PYTHON"
SPLINK = Path(__file__).parent / "peers" / "with_splink.py"


async def test_how_well_contacts_are_joined() -> None:
    draw = random.Random(11)  # the same people in every run
    met = meetings(draw, everybody(draw))
    joined, asked = await _joined(met)
    rows = [
        ("Onward", *_judged(joined, met)),
        ("Onward, every question answered rightly", *_judged(_answered(joined, asked, met), met)),
        ("a number, or the same name and date of birth", *_judged(_by_rule(met, phone=False), met)),
        ("a number, or the same name, date of birth and phone", *_judged(_by_rule(met, phone=True), met)),
        *((f"Splink at {threshold}", *_judged(groups, met)) for threshold, groups in _with_splink(met).items()),
    ]
    measuring.table(
        f"{len(met):,} contacts with {len({one.who for one in met}):,} people, "
        f"{len(asked):,} questions to a person ({INTERPRETER} names an interpreter that has Splink)",
        rows,
        ("joined by", "precision", "recall", "wrong pairs", "people mixed up"),
    )
    measuring.table(
        "Questions to a person, by who met them last",
        _asked_by(asked, met),
        ("partner", "contacts", "questions", "of 1,000 contacts", "rightly one person %"),
    )
    measuring.table(
        "Pairs of one person that Onward leaves apart",
        _missed(joined, _answered(joined, asked, met), met),
        ("what they share", "pairs", "%", "left when answered", "%"),
    )


def _contact(one: Met) -> Contact:
    told: dict[str, Any] = {"name": one.name or None, "date_of_birth": one.born, "phone": one.phone or None}
    return a_contact(
        str(one.number),
        *(f"{kind} {value}" for kind, value in one.numbers.items()),
        at=FIRST_DAY + timedelta(days=one.day, seconds=one.number),
        source=one.source,
        type="custody.risk-assessed",
        reference=one.reference,
        facts={"person.sex": one.sex},
        **told,
    )


async def _joined(met: Sequence[Met]) -> tuple[list[list[int]], list[MatchQuestion]]:
    """Who is together in the end, and every question that was asked on the way."""
    shard = in_memory()
    outcomes = [each for one in met for each in await shard.take(_contact(one))]
    messages = [message.body for each in outcomes if isinstance(each, Published) for message in each.messages]
    asked = {body.match_id: body for body in messages if isinstance(body, MatchQuestion)}
    numbers = {named(str(one.number)): one.number for one in met}
    people: dict[str, list[int]] = {}
    for one in shard.store.everybody():
        people.setdefault(one.person, []).append(numbers[one.contact_id])
    return list(people.values()), list(asked.values())


def _answered(joined: Iterable[Collection[int]], asked: Iterable[MatchQuestion], met: Sequence[Met]) -> list[list[int]]:
    """Who is together once a person who knows has said of each pair that was asked about whether it is one."""
    numbers = {named(str(one.number)): one.number for one in met}
    pairs = [[numbers[each.contact_id] for each in question.people] for question in asked]
    true = [pair for pair in pairs if len({met[number].who for number in pair}) == 1]
    return _united([*joined, *true], len(met))


def _asked_by(asked: Sequence[MatchQuestion], met: Sequence[Met]) -> list[tuple[str, str, str, str, str]]:
    """By the partner of the later of both contacts: how many questions, and of how many the answer is yes."""
    numbers = {named(str(one.number)): one.number for one in met}
    pairs = [sorted(numbers[each.contact_id] for each in question.people) for question in asked]
    told, of, right = Counter(one.source for one in met), Counter[str](), Counter[str]()
    for first, last in pairs:
        of[met[last].source] += 1
        right[met[last].source] += met[first].who == met[last].who
    rows = [(source, told[source], of[source], right[source]) for source in told]
    rows.append(("all", told.total(), of.total(), right.total()))
    return [
        (source, f"{all_:,}", f"{some:,}", f"{1000 * some / all_:.0f}", f"{100 * good / (some or 1):.1f}")
        for source, all_, some, good in rows
    ]


def _by_rule(met: Sequence[Met], *, phone: bool) -> list[list[int]]:
    """Joined by any number, or where name and date of birth (and telephone number) are the same."""
    same: dict[Hashable, list[int]] = {}
    for one in met:
        for number in one.numbers.items():
            same.setdefault(number, []).append(one.number)
        said = (*sorted(name_parts(one.name)), one.born, *([one.phone] if phone else []))
        if one.name and all(said):
            same.setdefault(said, []).append(one.number)
    return _united(same.values(), len(met))


def _united(groups: Iterable[Collection[int]], count: int) -> list[list[int]]:
    of = list(range(count))

    def root(number: int) -> int:
        while of[number] != number:
            of[number] = of[of[number]]
            number = of[number]
        return number

    for group in groups:
        first, *others = group
        for other in others:
            of[root(other)] = root(first)
    united: dict[int, list[int]] = {}
    for number in range(count):
        united.setdefault(root(number), []).append(number)
    return list(united.values())


def _judged(groups: Iterable[Collection[int]], met: Sequence[Met]) -> tuple[str, str, str, str]:
    """Precision and recall of pairs, the pairs that are wrong, and how many groups hold more than one person."""
    right = wrong = mixed = 0
    for group in groups:
        sizes = Counter(met[number].who for number in group)
        within = sum(size * (size - 1) // 2 for size in sizes.values())
        right += within
        wrong += len(group) * (len(group) - 1) // 2 - within
        mixed += len(sizes) > 1
    true = sum(size * (size - 1) // 2 for size in Counter(one.who for one in met).values())
    return f"{right / ((right + wrong) or 1):.4f}", f"{right / true:.3f}", f"{wrong:,}", f"{mixed:,}"


def _missed(
    joined: Iterable[Collection[int]], answered: Iterable[Collection[int]], met: Sequence[Met]
) -> list[tuple[str, ...]]:
    """What the pairs of contacts share that are of one person and were not joined: without answers, and with them."""
    counts, left = _apart(joined, met), _apart(answered, met)
    return [
        (what, f"{count:,}", f"{100 * count / counts.total():.0f}", f"{left[what]:,}", _share(left[what], left.total()))
        for what, count in counts.most_common()
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / (whole or 1):.0f}"


def _apart(groups: Iterable[Collection[int]], met: Sequence[Met]) -> Counter[str]:
    group_of = {number: at for at, group in enumerate(groups) for number in group}
    theirs: dict[int, list[Met]] = {}
    for one in met:
        theirs.setdefault(one.who, []).append(one)
    pairs = (pair for contacts in theirs.values() for pair in combinations(contacts, 2))
    return Counter(_shared(*pair) for pair in pairs if group_of[pair[0].number] != group_of[pair[1].number])


def _shared(one: Met, other: Met) -> str:
    if set(one.numbers.items()) & set(other.numbers.items()):
        return "a number"
    if not (one.name and other.name):
        return "no name in one of them"
    same_name = sorted(name_parts(one.name)) == sorted(name_parts(other.name))
    if one.born is None or other.born is None:
        return "no date of birth in one of them"
    if same_name and one.born == other.born:
        return (
            "name and date of birth, and no telephone number in both"
            if not (one.phone and other.phone)
            else "name and date of birth, and another telephone number"
        )
    return "name or date of birth, written otherwise in the other"


def _with_splink(met: Sequence[Met]) -> Mapping[str, list[list[int]]]:
    interpreter = os.environ.get(INTERPRETER)
    if not interpreter:
        return {}
    names = [one.name.split() for one in met]
    columns = {
        "unique_id": [one.number for one in met],
        "first": [name[0].lower() if name else None for name in names],
        "last": [name[-1].lower() if len(name) > 1 else None for name in names],
        "born": [one.born and one.born.isoformat() for one in met],
        **{column: [getattr(one, column) or None for one in met] for column in ("phone", "sex")},
        **{kind.lower(): [one.numbers.get(kind) for one in met] for kind in ("PNC", "NHS", "CRN")},
    }
    command = [interpreter, str(SPLINK)]
    done = subprocess.run(command, input=json.dumps(columns), stdout=subprocess.PIPE, text=True, check=True)
    return cast("Mapping[str, list[list[int]]]", json.loads(done.stdout))
