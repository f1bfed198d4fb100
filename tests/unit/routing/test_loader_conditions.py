"""Every mistake in a condition is told where it stands, as what it is, with what to write instead."""

from collections.abc import Sequence

import pytest

from unit.routing.loader_messages import check, rule

SETS = "sets: {cambridge: [E07000008], both: [female, male], wrong: [custody, 'no such'], again: [custody, custody]}\n"
CASES: Sequence[tuple[str, Sequence[str]]] = [
    ("{person.age: ''}", ["8:24 T005 person.age has no value; write a whole number from 0 to 120, such as 0"]),
    ("{person.agee: 5}", ["8:12 T001 no fact `person.agee`; did you mean `person.age`?"]),
    ("{nowhere.near: 5}", ["8:12 T001 no fact `nowhere.near`; use one of …"]),
    ("{person.zzzzzz: 1}", ["8:12 T001 no fact `person.zzzzzz`; did you mean `person.sex`?"]),
    ("{'person.age ': 5, person.age: 6}", ["8:12 T001 no fact `person.age `; did you mean `person.age`?"]),
    ("{zzz: 1}", ["8:12 T001 no fact `zzz`; use one of …"]),
    (
        "{accommodation.xxxxxxxxxxxxx: 1}",
        ["8:12 T001 no fact `accommodation.xxxxxxxxxxxxx`; did you mean `accommodation.now`?"],
    ),
    (
        "{person.age hs: 5}",
        ["8:12 T002 `hs` is no operator; write `person.age`, `person.age has` or `person.age has no`"],
    ),
    (
        "{person.ethnicity: known}",
        ["8:12 P005 `person.ethnicity` is kept only to watch that people are treated alike; no rule may ask about it"],
    ),
    (
        "{person.age has: {x: 1}}",
        ["8:12 T002 `person.age` has one value; `has` asks lists of records: write `person.age:`"],
    ),
    ("{registrations has: {cod: MAPP}}", ["8:32 T001 records of `registrations` have no `cod`; did you mean `code`?"]),
    ("{registrations has: {zzz: MAPP}}", ["8:32 T001 records of `registrations` have no `zzz`; use `active`, `code`"]),
    ("{registrations has: {}}", ["8:31 R012 `registrations has` is empty; fill it or remove it"]),
    ("{registrations has no: MAPP}", ["8:34 R001 `registrations has no` must be `key: value` pairs, not `MAPP`"]),
    ("{registrations has: {code: [MAPP, MAP]}}", ["8:45 T003 `MAP` is no value of code; did you mean `MAPP`?"]),
    ("{registrations has: {code: known}}", ["8:38 T003 `known` is no value of code; write one of …"]),
    (
        "{registrations has: {active: {x: 1}}}",
        ["8:40 R001 `active` takes a value, a list or a `$set`, not `key: value` pairs"],
    ),
    ("{person.age: {from: 5}}", ["8:24 R001 `person.age` takes a value, a list or a `$set`, not `key: value` pairs"]),
    ("{registrations: MAPP}", ["8:27 T002 `registrations` is a list of records; write `registrations has: {…}`"]),
    ("{registrations: [MAPP]}", ["8:27 T002 `registrations` is a list of records; write `registrations has: {…}`"]),
    (
        "{event.movement: unknown}",
        [
            (
                "8:28 T002 `unknown` is also a value of event.movement; write `[unknown]` for the value, "
                "`not known` for its absence"
            )
        ],
    ),
    ("{person.age: []}", ["8:24 R012 `person.age` allows nothing; name a value"]),
    (
        "{person.age: [[5], 6x, 7]}",
        [
            "8:25 R001 `person.age` takes a flat list of values",
            "8:30 T005 `6x` is no value of person.age; write a whole number from 0 to 120, such as 0",
        ],
    ),
    (
        "{person.age: [5, old]}",
        ["8:28 T005 `old` is no value of person.age; write a whole number from 0 to 120, such as 0"],
    ),
    (
        "{person.age: [5, 6, 5, 7, 6]}",
        [
            "8:31 R004 `5` twice in one list; remove one, or correct it",
            "8:37 R004 `6` twice in one list; remove one, or correct it",
        ],
    ),
    (
        "{person.age: [5, 5, x]}",
        [
            "8:28 R004 `5` twice in one list; remove one, or correct it",
            "8:31 T005 `x` is no value of person.age; write a whole number from 0 to 120, such as 0",
        ],
    ),
    (
        "{person.age: [x, x]}",
        [
            "8:25 T005 `x` is no value of person.age; write a whole number from 0 to 120, such as 0",
            "8:28 T005 `x` is no value of person.age; write a whole number from 0 to 120, such as 0",
        ],
    ),
    (
        "{person.sex: [female, 'female ']}",
        ["8:33 R004 `female ` twice in one list; remove one, or correct it"],
    ),
    ("{person.veteran: [true, true]}", ["8:35 R004 `true` twice in one list; remove one, or correct it"]),
    (
        "{registrations has: {code: [MAPP, RCCO, MAPP], active: true}}",
        ["8:51 R004 `MAPP` twice in one list; remove one, or correct it"],
    ),
    ("{event.source: $again}", ["4:100 R004 `custody` twice in one list; remove one, or correct it"]),
    ("{event.source: not $again}", ["4:100 R004 `custody` twice in one list; remove one, or correct it"]),
    ("{person.sex: [[female]]}", ["8:25 R001 `person.sex` takes a flat list of values"]),
    (
        "{person.sex: [male, female]}",
        ["8:24 T009 this always holds: it names every value of person.sex; write `known`"],
    ),
    ("{person.sex: not $both}", ["4:38 T008 this can never hold: it excludes every value of person.sex"]),
    (
        "{person.veteran: [true, false]}",
        ["8:28 T009 this always holds: it names every value of person.veteran; write `known`"],
    ),
    ("{person.veteran: not true}", ["8:28 T002 write `person.veteran: false`"]),
    ("{person.veteran: not false}", ["8:28 T002 write `person.veteran: true`"]),
    ("{person.veteran: not yes}", ["8:28 T004 `yes` is no value of person.veteran; write true or false"]),
    ("{person.area: $nowhere}", ["8:25 R006 no set `$nowhere`; there are `$again`, `$both`, `$cambridge`, `$wrong`"]),
    ("{person.area: $cambs}", ["8:25 R006 no set `$cambs`; did you mean `$cambridge`?"]),
    ("{person.area: not $cambs}", ["8:25 R006 no set `$cambs`; did you mean `$cambridge`?"]),
    ("{event.source: $wrong}", ["4:71 T006 `no such` is no value of event.source; write a code such as `custody`"]),
    (
        "{person.age: eighteen}",
        ["8:24 T005 `eighteen` is no value of person.age; write a whole number from 0 to 120, such as 0"],
    ),
    (
        "{person.age: not eighteen}",
        ["8:24 T005 `eighteen` is no value of person.age; write a whole number from 0 to 120, such as 0"],
    ),
    ('{person.age: ">= x"}', ["8:24 T005 `x` is no value of person.age; write a whole number"]),
    (
        '{person.age: ">= 121"}',
        ["8:24 T008 `>= 121` can never hold for person.age; correct the numbers or swap the ends"],
    ),
    (
        '{person.age: "> 120"}',
        ["8:24 T008 `> 120` can never hold for person.age; correct the numbers or swap the ends"],
    ),
    ('{person.age: "< 0"}', ["8:24 T008 `< 0` can never hold for person.age; correct the numbers or swap the ends"]),
    ('{person.age: "<= 120"}', ["8:24 T009 `<= 120` always holds: it names every value of person.age; write `known`"]),
    ('{person.age: ">= 0"}', ["8:24 T009 `>= 0` always holds: it names every value of person.age; write `known`"]),
    ("{person.age: 0..120}", ["8:24 T009 `0..120` always holds: it names every value of person.age; write `known`"]),
    (
        "{person.age: 30..20}",
        ["8:24 T008 `30..20` can never hold for person.age; correct the numbers or swap the ends"],
    ),
    ("{person.age: 5..x}", ["8:24 T005 `x` is no value of person.age; write a whole number"]),
    ("{person.age: x..5}", ["8:24 T005 `x` is no value of person.age; write a whole number"]),
    (
        "{person.age: x..y}",
        [
            "8:24 T005 `x` is no value of person.age; write a whole number",
            "8:24 T005 `y` is no value of person.age; write a whole number",
        ],
    ),
    ('{person.age: ">= 9999999999"}', ["8:24 T005 `9999999999` is no value of person.age; write a whole number"]),
    (
        "{release.on: 2026-03-05..2026-03-04}",
        ["8:24 T008 `2026-03-05..2026-03-04` can never hold for release.on; correct the numbers or swap the ends"],
    ),
    (
        "{release.on: 2026-03-04..2026-03-32}",
        ["8:24 T007 `2026-03-32` is no value of release.on; write a day such as `2026-03-31`"],
    ),
    (
        '{release.on: ">= 2026-02-30"}',
        ["8:24 T007 `2026-02-30` is no value of release.on; write a day such as `2026-03-31`"],
    ),
    (
        "{release.on: 1899-12-31}",
        ["8:24 T007 `1899-12-31` is no value of release.on; write a day such as `2026-03-31`"],
    ),
    (
        "{release.on: 2200-01-01}",
        ["8:24 T007 `2200-01-01` is no value of release.on; write a day such as `2026-03-31`"],
    ),
    ("{release.on: soon}", ["8:24 T007 `soon` is no value of release.on; write a day such as `2026-03-31`"]),
    ("{release.on: 2026-3-4}", ["8:24 T007 `2026-3-4` is no value of release.on; write a day such as `2026-03-31`"]),
    ("{person.sex: man}", ["8:24 T003 `man` is no value of person.sex; write one of `female`, `male`"]),
    (
        "{accommodation.status: homles}",
        ["8:34 T003 `homles` is no value of accommodation.status; did you mean `homeless`?"],
    ),
    (
        "{person.area: Birmingham}",
        ["8:25 T006 `Birmingham` is no value of person.area; write a code such as `E08000025`"],
    ),
    (
        "{person.area: E0800002\u0665}",
        ["8:25 T006 `E0800002\u0665` is no value of person.area; write a code such as `E08000025`"],
    ),
    ("{}", ["8:11 R012 `when` is empty; fill it or remove it"]),
    ("[]", ["8:11 R001 `when` must be `key: value` pairs, not a list"]),
    ("word", ["8:11 R001 `when` must be `key: value` pairs, not `word`"]),
    ("''", ["8:11 R001 `when` must be `key: value` pairs, not empty"]),
    (
        "{needs.mental_health: 7}",
        ["8:33 T005 `7` is no value of needs.mental_health; write a whole number from 0 to 4, such as 0"],
    ),
    ("{person.veteran: yes}", ["8:28 T004 `yes` is no value of person.veteran; write true or false"]),
]


@pytest.mark.parametrize(("when", "problems"), CASES)
def test_a_mistake_in_a_condition_is_told(when: str, problems: Sequence[str]) -> None:
    check(rule(when=when, head=SETS), problems)
