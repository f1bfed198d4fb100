"""Every mistake in a rule is told where it stands, as what it is, with what to do."""

from collections.abc import Sequence

import pytest

from unit.routing.loader_messages import LIFE, OTHER, REFER, TOLD, check, example, referring, rule, stopping

TWICE = "{category: ACCOMMODATION, service: supported_housing, urgency: immediate}]"
RULES: dict[str, tuple[str, Sequence[str]]] = {
    "id": (rule(name="It!"), ["5:9 R005 `It!` is no rule id; write words in lower case joined by `-`"]),
    "id list": (rule(name="[it]"), ["5:9 R001 `id` must be a text, not a list"]),
    "id empty": (rule(name="''"), ["5:9 R001 `id` must be a text, not empty"]),
    "id missing": (rule().replace("id: it", "owner: me"), ["5:5 R003 a rule has no `id`; add it"]),
    "id dash": (rule(name="it-"), ["5:9 R005 `it-` is no rule id; write words in lower case joined by `-`"]),
    "twice": (
        rule() + "  - {id: it, why: w, when: {person.age: 5}, notify: {kind: k, to: crisis-line}}\n",
        ["9:10 R004 rule `it` again; it is already at f.yaml:5:9: rename one"],
    ),
    "keys": (
        rule("    wen: x\n    zzzzzzzz: y\n"),
        [
            "9:5 R002 `wen` is no key of a rule; did you mean `when`?",
            (
                "10:5 R002 `zzzzzzzz` is no key of a rule; a rule may have `any_of`, `approve`, `effective`, `id`, "
                "`instead_of`, `legal_basis`, `notify`, `owner`, `plan`, `refer`, `release`, `requires` … (18 in all)"
            ),
        ],
    ),
    "why list": (rule().replace("why: w", "why: [w]"), ["6:10 R001 `why` must be a text, not a list"]),
    "why missing": (rule().replace("    why: w\n", ""), ["5:5 R003 a rule has no `why`; add it"]),
    "when missing": (rule().replace("    when: {person.age: 5}\n", ""), ["5:5 R003 a rule has no `when`; add it"]),
    "effective": (
        rule("    effective: {from: 2026-05-01, until: 2026-04-30}\n"),
        ["9:16 T010 `effective` ends before it starts; swap the days"],
    ),
    "effective word": (
        rule("    effective: 2026-05-01\n"),
        ["9:16 R001 `effective` must be `key: value` pairs, not `2026-05-01`"],
    ),
    "effective no from": (
        rule("    effective: {until: 2026-05-01}\n"),
        ["9:16 R003 `effective` has no `from`; add it"],
    ),
    "effective list": (
        rule("    effective: {from: [x], until: never}\n"),
        [
            "9:23 R001 `effective` from must be a day such as `2026-03-31`",
            "9:35 T007 `never` is no value of `effective` until; write a day such as `2026-03-31`",
        ],
    ),
    "effective key": (
        rule("    effective: {from: 2026-05-01, to: 2026-05-01}\n"),
        ["9:35 R002 `to` is no key of `effective`; `effective` may have `from`, `until`"],
    ),
    "any_of": (rule("    any_of: {person.age: 5}\n"), ["9:13 R001 `any_of` must be a list, not `key: value` pairs"]),
    "any_of []": (rule("    any_of: []\n"), ["9:13 R012 `any_of` is empty; fill it or remove it"]),
    "any_of word": (
        rule("    any_of: [word]\n"),
        ["9:14 R001 a group of `any_of` must be `key: value` pairs, not `word`"],
    ),
    "unless word": (
        rule("    unless: word\n"),
        ["9:13 R001 a group of `unless` must be `key: value` pairs, not `word`"],
    ),
    "unless list": (
        rule("    unless: [{}, {person.aage: 5}]\n"),
        [
            "9:14 R012 a group of `unless` is empty; fill it or remove it",
            "9:19 T001 no fact `person.aage`; did you mean `person.age`?",
        ],
    ),
    "requires": (
        rule("    requires: [tld, [x]]\n", head=TOLD),
        ["10:16 R016 no prerequisite `tld`; did you mean `told`?", "10:21 R001 `requires` must be a text, not a list"],
    ),
    "requires far": (rule("    requires: [zzz]\n", head=TOLD), ["10:16 R016 no prerequisite `zzz`; there are `told`"]),
    "requires none": (
        rule("    requires: [zzz]\n"),
        ["9:16 R016 no prerequisite `zzz`; define it under `prerequisites:`"],
    ),
    "requires word": (rule("    requires: zzz\n"), ["9:15 R001 `requires` must be a list, not `zzz`"]),
}


@pytest.mark.parametrize("name", RULES)
def test_a_mistake_in_a_rule_is_told(name: str) -> None:
    check(*RULES[name])


ACTIONS: dict[str, tuple[str, Sequence[str]]] = {
    "does nothing": (
        rule(act="owner: me"),
        ["5:5 R008 the rule does nothing; add `refer`, `notify`, `approve` or `suppress`"],
    ),
    "both": (
        rule(act=REFER % "", more="    suppress: {reason: r, what: everything}\n", head=LIFE),
        [
            "11:5 P004 only theme suppress may stop referrals, this is need; move the rule to that file",
            "11:5 R008 a rule either refers or suppresses; make it two rules",
        ],
    ),
    "suppress": (
        rule(act="suppress: {reason: r, what: everything}"),
        ["8:5 P004 only theme suppress may stop referrals, this is need; move the rule to that file"],
    ),
    "suppress refer": (
        referring().replace("theme: need", "theme: suppress"),
        ["9:5 P004 rules of theme suppress stop referrals; move this one to the file of its theme"],
    ),
    "requires suppress": (
        rule("    requires: [told]\n", act="suppress: {reason: r, what: everything}", head=TOLD).replace(
            "theme: need", "theme: suppress"
        ),
        [
            (
                "10:5 P006 what stops referrals must not wait for another; remove `requires` or write "
                "its conditions in `when`"
            )
        ],
    ),
    "notify": (
        rule(act="notify: {kind: k, to: duty-practicioner, urgency: soon}"),
        [
            "8:27 R007 `to` cannot be `duty-practicioner`; did you mean `duty-practitioner`?",
            "8:55 R007 `urgency` cannot be `soon`; write one of …",
        ],
    ),
    "notify missing": (
        rule(act="notify: {urgency: immediate}"),
        ["8:13 R003 `notify` has no `kind`; add it", "8:13 R003 `notify` has no `to`; add it"],
    ),
    "notify list": (rule(act="notify: []"), ["8:13 R012 `notify` is empty; fill it or remove it"]),
    "notify word": (rule(act="notify: word"), ["8:13 R001 `notify` must be `key: value` pairs, not `word`"]),
    "notify kind": (
        rule(act="notify: {kind: [x], to: [y], urgency: [z]}"),
        [
            "8:20 R001 `kind` must be a text, not a list",
            "8:29 R001 `to` must be a text, not a list",
            "8:43 R001 `urgency` must be a text, not a list",
        ],
    ),
    "no basis": (
        rule(act="refer: {category: ACCOMMODATION, service: cas3, urgency: immediate}"),
        ["5:5 P002 a referral needs a `legal_basis`; name one of `bases`"],
    ),
    "basis alone": (
        rule("    legal_basis: life\n", head=LIFE),
        ["10:5 P003 nothing is referred, so there is nothing to disclose; remove `legal_basis`"],
    ),
    "basis unknown": (
        referring().replace("legal_basis: life", "legal_basis: lif"),
        ["10:18 R009 no legal basis `lif`; did you mean `life`?"],
    ),
    "basis far": (
        referring().replace("legal_basis: life", "legal_basis: zzzz"),
        ["10:18 R009 no legal basis `zzzz`; there are `life`"],
    ),
    "basis none": (rule(act=REFER % ""), ["9:18 R009 no legal basis `life`; add it to `bases`"]),
    "basis list": (
        referring().replace("legal_basis: life", "legal_basis: [life]"),
        ["10:18 R001 `legal_basis` must be a text, not a list"],
    ),
    "consent": (
        referring().replace("vital_interests", "consent"),
        [
            (
                "10:5 P001 the basis is consent, but the rule does not require `consent.accommodation: "
                "true`; add that to `when`"
            )
        ],
    ),
    "consent in one": (
        referring("").replace("vital_interests", "consent")
        + "    any_of: [{consent.accommodation: true}, {person.age: 6}]\n",
        [
            (
                "10:5 P001 the basis is consent, but the rule does not require `consent.accommodation: "
                "true`; add that to `when`"
            )
        ],
    ),
    "consent beside slips": (
        rule(
            act="refer: {category: ACCOMMODATION, service: cas, urgency: now, linked: [gone]}\n    legal_basis: life",
            head=LIFE.replace("vital_interests", "consent"),
        ),
        [
            "9:47 R007 `service` cannot be `cas`; did you mean `cas3`?",
            "9:61 R007 `urgency` cannot be `now`; write one of …",
            "9:75 R010 no rule `gone`; name the id of a rule",
            (
                "10:5 P001 the basis is consent, but the rule does not require `consent.accommodation: "
                "true`; add that to `when`"
            ),
        ],
    ),
    "refer": (
        rule(act="refer: {category: ACOMMODATION, service: xxxxxxx, urgency: nowe}\n    legal_basis: life", head=LIFE),
        [
            "9:23 R007 `category` cannot be `ACOMMODATION`; did you mean `ACCOMMODATION`?",
            "9:46 R007 `service` cannot be `xxxxxxx`; write one of …",
            "9:64 R007 `urgency` cannot be `nowe`; write one of …",
        ],
    ),
    "refer missing": (
        rule(act="refer: {advice: x}\n    legal_basis: life", head=LIFE),
        [
            "9:12 R003 `refer` has no `category`; add it",
            "9:12 R003 `refer` has no `service`; add it",
            "9:12 R003 `refer` has no `urgency`; add it",
        ],
    ),
    "refer twice": (
        referring().replace("{category", "[{category").replace("immediate}", "immediate}, " + TWICE),
        ["9:75 R011 ACCOMMODATION twice; a rule makes one referral for a category: split the rule"],
    ),
    "refer wrong twice": (
        rule(act="refer: [{advice: x}, word]\n    legal_basis: life", head=LIFE),
        [
            "9:13 R003 `refer` has no `category`; add it",
            "9:13 R003 `refer` has no `service`; add it",
            "9:13 R003 `refer` has no `urgency`; add it",
            "9:26 R001 `refer` must be `key: value` pairs, not `word`",
        ],
    ),
    "no category with consent": (
        referring().replace("category: ACCOMMODATION, ", "").replace("vital_interests", "consent"),
        ["9:12 R003 `refer` has no `category`; add it"],
    ),
    "refer rest": (
        referring(", providers: [a, a, [b]], catchment_by: person.age, approval: me, advice: '', linked: word"),
        [
            "9:88 R004 `a` twice in `providers`; remove one",
            "9:91 R001 a name in `providers` must be a text, not a list",
            "9:111 R007 `catchment_by` cannot be `person.age`; did you mean `person.area`?",
            "9:133 R007 `approval` cannot be `me`; write one of …",
            "9:145 R001 `advice` must be a text, not empty",
            "9:157 R001 `linked` must be a list, not `word`",
        ],
    ),
    "refer []": (
        rule(act="refer: []\n    legal_basis: life", head=LIFE),
        ["9:12 R012 `refer` is empty; fill it or remove it"],
    ),
    "linked": (
        referring(", linked: [itt, other]"),
        ["9:82 R010 no rule `itt`; did you mean `it`?", "9:87 R010 no rule `other`; name the id of a rule"],
    ),
    "linked far": (referring(", linked: [zzzzzzz]"), ["9:82 R010 no rule `zzzzzzz`; name the id of a rule"]),
    "linked no refer": (
        referring(", linked: [other]") + OTHER,
        ["9:82 R010 rule `other` refers nobody; link a rule that refers"],
    ),
    "suppress what": (
        stopping("{reason: r, what: all}"),
        ["8:33 R007 `what` is wrong; write `everything`, `all-but-safety`, `release` or a list of …"],
    ),
    "suppress near": (
        stopping("{reason: r, what: everythin, closes: al}"),
        [
            "8:33 R007 `what` is wrong; did you mean `everything`?",
            "8:52 R007 `closes` cannot be `al`; did you mean `all`?",
        ],
    ),
    "suppress cats": (
        stopping("{reason: r, what: [ACCOMMODATION, HOUSE]}"),
        ["8:49 R007 a category cannot be `HOUSE`; write one of …"],
    ),
    "suppress map": (
        stopping("{reason: [], what: {a: b}}"),
        [
            "8:24 R001 `reason` must be a text, not a list",
            "8:34 R007 `what` is wrong; write `everything`, `all-but-safety`, `release` or a list of …",
        ],
    ),
    "suppress missing": (
        stopping("{closes: all, closure_reason: death}"),
        ["8:15 R003 `suppress` has no `reason`; add it", "8:15 R003 `suppress` has no `what`; add it"],
    ),
    "suppress without a code": (
        stopping("{reason: deceased, what: everything, closes: all}"),
        ["8:52 P008 open referrals end, and no code says why; add `closure_reason`: one of …"],
    ),
    "suppress code of nothing": (
        stopping("{reason: r, what: everything, closure_reason: death}"),
        ["8:45 P008 nothing is closed for `death`; add `closes: all`, or remove `closure_reason`"],
    ),
    "suppress code of none": (
        stopping("{reason: r, what: release, closes: none, closure_reason: return_to_prison}"),
        ["8:56 P008 nothing is closed for `return_to_prison`; add `closes: release` or `closes: all`, or remove …"],
    ),
    "suppress death of some": (
        stopping("{reason: r, what: everything, closes: release, closure_reason: death}"),
        ["8:45 P008 `death` cannot close only `release`; write `closes: all`"],
    ),
    "suppress death but safety": (
        stopping("{reason: r, what: all-but-safety, closes: all, closure_reason: death}"),
        ["8:27 P008 what ends for `death` could be made anew by the same event; write `what: everything`"],
    ),
    "suppress closes more than it stops": (
        stopping("{reason: r, what: [ACCOMMODATION], closes: all, closure_reason: removal_from_uk}"),
        ["8:27 P008 what ends for `removal_from_uk` could be made anew by the same event; write …"],
    ),
    "suppress closes releases and stops others": (
        stopping("{reason: r, what: [ACCOMMODATION], closes: release, closure_reason: return_to_prison}"),
        ["8:27 P008 what ends for `return_to_prison` could be made anew by the same event; write …"],
    ),
    "suppress closes what is no word": (
        stopping("{reason: r, what: everything, closes: everything, closure_reason: death}"),
        ["8:53 R007 `closes` cannot be `everything`; write one of …"],
    ),
    "suppress code": (
        stopping("{reason: r, what: everything, closes: all, closure_reason: died}"),
        ["8:74 R007 `closure_reason` cannot be `died`; write one of …"],
    ),
    "release of nothing": (
        rule("    release: true\n"),
        ["9:5 P009 nothing is referred, so nothing can be a release referral; remove `release`"],
    ),
    "release not said": (
        referring(when="{person.age: 5, release.on: known, event.movement: released}"),
        [
            "6:5 P009 the rule asks for release.on and does not say whether it makes release referrals; add …",
        ],
    ),
    "release word": (
        referring(after="    release: yes\n"),
        ["11:14 R007 `release` cannot be `yes`; write one of `false`, `true`"],
    ),
    "suppress []": (stopping("{reason: r, what: []}"), ["8:33 R012 `what` is empty; fill it or remove it"]),
    "suppress word": (stopping("word"), ["8:15 R001 `suppress` must be `key: value` pairs, not `word`"]),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_a_mistake_in_what_a_rule_does_is_told(name: str) -> None:
    check(*ACTIONS[name])


EXAMPLES: dict[str, tuple[str, Sequence[str]]] = {
    "test keys": (
        example("{nam: x}"),
        [
            "9:13 R003 a test has no `expect`; add it",
            "9:13 R003 a test has no `given`; add it",
            "9:13 R003 a test has no `name`; add it",
            "9:14 R002 `nam` is no key of a test; did you mean `name`?",
        ],
    ),
    "test word": (example("x"), ["9:13 R001 a test must be `key: value` pairs, not `x`"]),
    "test expect": (
        example("{name: a, given: {person.age: 5}, expect: matches}"),
        ["9:55 R007 `expect` cannot be `matches`; did you mean `match`?"],
    ),
    "test expect far": (
        example("{name: a, given: {person.age: 5}, expect: zzz}"),
        ["9:55 R007 `expect` cannot be `zzz`; write one of `match`, `needs_information`, `no_match`"],
    ),
    "test twice": (
        example("{name: a, given: {person.age: 5}, expect: match}, {name: a, given: {person.age: 6}, expect: match}"),
        ["9:63 R004 test `a` again; it is already at f.yaml:9:13: rename one"],
    ),
    "test given": (
        example(
            "{name: a, given: {person.agee: 1, zzz: 2, person.age: old, person.sex: [male], "
            "event.day: soon}, expect: match}"
        ),
        [
            "9:31 T001 no fact `person.agee`; did you mean `person.age`?",
            "9:47 T001 no fact `zzz`; use one of …",
            "9:67 T005 `old` is no value of person.age; write a whole number from 0 to 120, such as 0",
            "9:84 R001 `person.sex` has one value, not a list",
            "9:103 T007 `soon` is no value of event.day; write a day such as `2026-03-31`",
        ],
    ),
    "test given empty": (
        example("{name: a, given: {}, expect: match}"),
        ["9:30 R012 `given` is empty; fill it or remove it"],
    ),
    "test given day": (
        example("{name: a, given: {event.day: [2026-01-01]}, expect: match}"),
        ["9:42 R001 event.day must be a day such as `2026-03-31`"],
    ),
    "test given records": (
        example(
            "{name: a, given: {registrations: [{cod: MAPP}, {code: MAP}, {active: [true]}, x, {}]}, expect: match}"
        ),
        [
            "9:48 T001 records of `registrations` have no `cod`; did you mean `code`?",
            "9:67 T003 `MAP` is no value of registrations.code; did you mean `MAPP`?",
            "9:82 R001 `registrations.active` has one value",
            "9:91 R001 a record of `registrations` must be `key: value` pairs, not `x`",
            "9:94 R012 a record of `registrations` is empty; fill it or remove it",
        ],
    ),
    "test given records word": (
        example("{name: a, given: {registrations: MAPP}, expect: match}"),
        ["9:46 R001 `registrations` must be a list, not `MAPP`"],
    ),
    "test because": (
        example("{name: a, given: {person.age: 5}, expect: match, because: person.agee}"),
        ["9:71 T001 no fact `person.agee`; did you mean `person.age`?"],
    ),
    "test because list": (
        example("{name: a, given: {person.age: 5}, expect: match, because: [person.age]}"),
        ["9:71 R001 `because` names one fact"],
    ),
    "tests word": (rule("    tests: word\n"), ["9:12 R001 `tests` must be a list, not `word`"]),
    "test given word": (
        example("{name: a, given: word, expect: match}"),
        ["9:30 R001 `given` must be `key: value` pairs, not `word`"],
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_mistake_in_an_example_is_told(name: str) -> None:
    check(*EXAMPLES[name])
