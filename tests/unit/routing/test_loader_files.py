"""Every mistake in the head of a file, or in what files share, is told where it stands, with what to do."""

from collections.abc import Sequence

import pytest

from unit.routing.loader_messages import HEAD, HERE, check, rule

FILES: dict[str, tuple[str, Sequence[str]]] = {
    "no schema": (
        "theme: need\nowner: o\nrules: [{id: it, why: w, when: {person.age: 5}, notify: {kind: k, to: crisis-line}}]\n",
        ["1:1 R003 the file has no `schema`; add it"],
    ),
    "other schema": (rule().replace("v1", "v2"), ["1:9 R007 `schema` must be `routing/v1`; write that"]),
    "schema list": (
        rule().replace("routing/v1", "[routing/v1]"),
        ["1:9 R001 `schema` must be a text, not a list", "1:9 R007 `schema` must be `routing/v1`; write that"],
    ),
    "no theme no owner": (
        "schema: routing/v1\nrules: [{id: it, why: w, when: {person.age: 5}, notify: {kind: k, to: crisis-line}}]\n",
        ["1:1 R003 the file has no `owner`; add it", "1:1 R003 the file has no `theme`; add it"],
    ),
    "theme": (
        rule().replace("theme: need", "theme: needs"),
        ["2:8 R007 `theme` cannot be `needs`; did you mean `need`?"],
    ),
    "theme far": (
        rule().replace("theme: need", "theme: xxxxxx"),
        ["2:8 R007 `theme` cannot be `xxxxxx`; write one of `logistics`, `need`, `safety`, `statutory`, `suppress`"],
    ),
    "owner empty": (rule().replace("owner: o", "owner: ''"), ["3:8 R001 `owner` must be a text, not empty"]),
    "unknown key": (
        rule().replace("owner: o", "owner: o\nrule: []"),
        ["4:1 R002 `rule` is no key of the file; did you mean `rules`?"],
    ),
    "unknown far key": (
        rule().replace("owner: o", "owner: o\nzzzz: []"),
        [
            (
                "4:1 R002 `zzzz` is no key of the file; the file may have `area`, `bases`, `cover`, "
                "`hit_policy`, `narrows`, `owner`, `prerequisites`, `rules`, `schema`, `sets`, `theme`"
            )
        ],
    ),
    "nothing in it": (
        "schema: routing/v1\n",
        ["1:1 R003 the file has no `rules`, `sets` or `bases`; add one or remove the file"],
    ),
    "rules empty": (HEAD + "rules: []\n", ["4:8 R012 `rules` is empty; fill it or remove it"]),
    "rules mapping": (HEAD + "rules: {a: b}\n", ["4:8 R001 `rules` must be a list, not `key: value` pairs"]),
    "rules word": (HEAD + "rules: word\n", ["4:8 R001 `rules` must be a list, not `word`"]),
    "rule word": (
        HEAD + "rules: [word]\n",
        [
            "4:9 R001 a rule must be `key: value` pairs, not `word`",
            "4:9 R008 the rule does nothing; add `refer`, `notify`, `approve` or `suppress`",
        ],
    ),
    "list": ("[]\n", ["1:1 R001 the file must be `key: value` pairs, not a list"]),
    "word": ("word\n", ["1:1 R001 the file must be `key: value` pairs, not `word`"]),
    "hit": (
        rule(head="hit_policy: first\n"),
        ["4:13 R007 `hit_policy` cannot be `first`; write one of `collect`, `unique`"],
    ),
    "set no list": (
        rule(head="sets: {a: b, c: {d: e}}\n"),
        ["4:11 R001 set `a` must be a list", "4:17 R001 set `c` must be a list"],
    ),
    "sets empty": (rule(head="sets: {}\n"), ["4:7 R012 `sets` is empty; fill it or remove it"]),
    "sets list": (rule(head="sets: [a]\n"), ["4:7 R001 `sets` must be `key: value` pairs, not a list"]),
    "no sets": (rule(when="{person.area: $x}"), ["7:25 R006 no set `$x`; define it under `sets:`"]),
    "near set": (
        rule(head="sets: {cambs: [E07000008]}\n", when="{person.area: $camb}"),
        ["8:25 R006 no set `$camb`; did you mean `$cambs`?"],
    ),
    "prerequisites": (
        rule(head="prerequisites: {told: {wy: w, when: {}}, x: y}\n"),
        [
            "4:23 R003 a prerequisite has no `why`; add it",
            "4:24 R002 `wy` is no key of a prerequisite; did you mean `why`?",
            "4:37 R012 `when` is empty; fill it or remove it",
            "4:45 R001 a prerequisite must be `key: value` pairs, not `y`",
        ],
    ),
    "prerequisites list": (
        rule(head="prerequisites: [x]\n"),
        ["4:16 R001 `prerequisites` must be `key: value` pairs, not a list"],
    ),
    "base": (
        rule(head="bases: {life: {kind: vital, purpose: '', article_6: [a], zzz: c, article_9: {}}}\n"),
        [
            "4:15 R003 basis `life` has no `citation`; add it",
            "4:22 R007 `kind` cannot be `vital`; did you mean `vital_interests`?",
            "4:38 R001 `purpose` must be a text, not empty",
            "4:53 R001 `article_6` must be a text, not a list",
            (
                "4:58 R002 `zzz` is no key of basis `life`; basis `life` may have `article_10`, "
                "`article_6`, `article_9`, `citation`, `for`, `kind`, `only_where`, `purpose`, `themes`"
            ),
            "4:77 R001 `article_9` must be a text, not `key: value` pairs",
        ],
    ),
    "base word": (
        rule(head="bases: {life: word}\n"),
        ["4:15 R001 basis `life` must be `key: value` pairs, not `word`"],
    ),
    "bases word": (rule(head="bases: word\n"), ["4:8 R001 `bases` must be `key: value` pairs, not `word`"]),
    "base kind far": (
        rule(head="bases: {life: {kind: xxx, purpose: p, article_6: a, citation: c}}\n"),
        [
            (
                "4:22 R007 `kind` cannot be `xxx`; write one of `consent`, `court_order`, `public_task`, "
                "`safeguarding`, `statutory_duty`, `vital_interests`"
            )
        ],
    ),
    "cover": (
        rule(head="cover: [{wy: w}, x, {why: w, when: {person.aage: 5}, category: HOUSE}]\n"),
        [
            "4:9 R003 a goal has no `when`; add it",
            "4:9 R003 a goal has no `why`; add it",
            "4:10 R002 `wy` is no key of a goal; did you mean `why`?",
            "4:18 R001 a goal must be `key: value` pairs, not `x`",
            "4:37 T001 no fact `person.aage`; did you mean `person.age`?",
            "4:64 R007 `category` cannot be `HOUSE`; write one of …",
        ],
    ),
    "cover when": (
        rule(head="cover: [{why: w, when: {}}]\n"),
        ["4:24 R012 `when` is empty; fill it or remove it"],
    ),
    "cover word": (rule(head="cover: word\n"), ["4:8 R001 `cover` must be a list, not `word`"]),
    "cover []": (rule(head="cover: []\n"), ["4:8 R012 `cover` is empty; fill it or remove it"]),
}


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_in_what_stands_around_rules_is_told(name: str) -> None:
    check(*FILES[name])


OVERLAYS: dict[str, tuple[str, Sequence[str]]] = {
    "widens": (
        rule("    widens: [other]\n"),
        [
            "9:13 R017 `widens` is for rules of an area overlay; add `area:` to the file, or remove it",
            "9:14 R010 no rule `other`; name the id of a rule",
        ],
    ),
    "widens area": (
        rule("    widens: [other, [x], it]\n", head=HERE),
        [
            "10:14 R010 no rule `other`; name the id of a rule",
            "10:21 R001 `widens` must be a text, not a list",
            "10:26 R018 `it` is a rule of an area overlay; name a national rule",
        ],
    ),
    "widens word": (rule("    widens: other\n", head=HERE), ["10:13 R001 `widens` must be a list, not `other`"]),
    "widens near": (rule("    widens: [ot]\n", head=HERE), ["10:14 R010 no rule `ot`; name the id of a rule"]),
    "area not": (
        rule(head="area: not E07000008\n"),
        ["4:7 R007 `area` says where the rules hold, not where they do not; name the areas"],
    ),
    "area word": (
        rule(head="area: Cambridge\n"),
        ["4:7 T006 `Cambridge` is no value of person.area; write a code such as `E08000025`"],
    ),
    "area known": (
        rule(head="area: known\n"),
        ["4:7 T006 `known` is no value of person.area; write a code such as `E08000025`"],
    ),
    "area map": (
        rule(head="area: {a: b}\n"),
        ["4:7 R001 `person.area` takes a value, a list or a `$set`, not `key: value` pairs"],
    ),
    "narrows without area": (
        rule(head="narrows: [{rule: it, why: w, when: {person.age: 6}}]\n"),
        ["4:1 R017 `narrows` is for area overlays; add `area:` to the file, or change the rule itself"],
    ),
    "narrows word": (rule(head=HERE + "narrows: word\n"), ["5:10 R001 `narrows` must be a list, not `word`"]),
    "narrows keys": (
        rule(head=HERE + "narrows: [{rul: it}]\n"),
        [
            "5:11 R003 a narrowing has no `rule`; add it",
            "5:11 R003 a narrowing has no `when`; add it",
            "5:11 R003 a narrowing has no `why`; add it",
            "5:12 R002 `rul` is no key of a narrowing; did you mean `rule`?",
        ],
    ),
    "narrows own": (
        rule(head=HERE + "narrows: [{rule: it, why: w, when: {person.age: 6}}]\n"),
        ["5:18 R018 `it` is a rule of an area overlay; name a national rule"],
    ),
    "narrows near": (
        rule(head=HERE + "narrows: [{rule: itt, why: w, when: {person.age: 6}}]\n"),
        ["5:18 R010 no rule `itt`; did you mean `it`?"],
    ),
    "narrows far": (
        rule(head=HERE + "narrows: [{rule: zzzzzz, why: w, when: {person.age: 6}}]\n"),
        ["5:18 R010 no rule `zzzzzz`; name the id of a rule"],
    ),
    "narrows test": (
        rule(head=HERE + "narrows: [{rule: other, why: w, when: {person.age: 6}, tests: [{name: a}]}]\n"),
        [
            "5:18 R010 no rule `other`; name the id of a rule",
            "5:64 R003 a test has no `expect`; add it",
            "5:64 R003 a test has no `given`; add it",
        ],
    ),
    "narrows empty": (rule(head=HERE + "narrows: []\n"), ["5:10 R012 `narrows` is empty; fill it or remove it"]),
    "narrows list rule": (
        rule(head=HERE + "narrows: [{rule: [it], why: w, when: word}]\n"),
        ["5:18 R001 `rule` must be a text, not a list", "5:38 R001 `when` must be `key: value` pairs, not `word`"],
    ),
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_mistake_in_an_area_overlay_is_told(name: str) -> None:
    check(*OVERLAYS[name])
