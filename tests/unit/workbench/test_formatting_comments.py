"""Comments are sacred: wherever one may stand, the formatter keeps it beside its neighbours."""

from random import Random

import pytest

from onward.workbench.formatting.form import formatted
from onward.workbench.formatting.meaning import same_bundle
from unit.workbench.formatting_samples import (
    MARK,
    SHARED,
    a_file,
    boundaries,
    laid_out,
    loose_rules,
    shuffled,
    told,
    with_a_comment,
    words,
)

SAMPLE = """\
# Above all.
schema: routing/v1
theme: need
owner: policy
sets:
  here: [E08000025, E07000008]
rules:
  - id: one
    why: >-
      A text that is long enough to need a block of its own, because it does not fit on one line of a hundred and twenty
      characters
    effective: {from: 2018-10-01}
    when: {person.age: ">= 18", event.source: [custody, courts]}
    any_of:
      - {person.area: $here}
      - registrations has: {code: MAPP, active: true}
    refer:
      - category: ACCOMMODATION
        service: housing_authority
        urgency: immediate
    legal_basis: consent-referral
    tests:
      - {name: a, given: {person.age: 34}, expect: match}
      - name: b
        given: {person.age: 34, event.source: custody, person.area: E08000025, person.sex: female,
          person.pregnant: true, accommodation.status: homeless}
        expect: no_match

  - id: two
    why: 'Quoted: needed'
    when:
      person.age: 18
"""
PLACES = boundaries(SAMPLE)
TREE = words(SAMPLE)


def test_the_sample_is_in_the_form_but_for_a_quote() -> None:
    assert formatted(SAMPLE) == SAMPLE.replace("'Quoted: needed'", '"Quoted: needed"')


@pytest.mark.parametrize("at", PLACES)
def test_a_comment_at_any_legal_place_keeps_its_neighbours(at: int) -> None:
    for written in with_a_comment(SAMPLE, at, "# mark-1"):
        if words(written) == TREE and MARK.search(written):
            done = formatted(written)
            assert told(done) == told(written), written
            assert words(done) == TREE
            assert formatted(done) == done


def test_comments_at_all_legal_places_at_once_stay_in_their_order() -> None:
    text, put = SAMPLE, 0
    for at in reversed(PLACES):
        for written in with_a_comment(text, at, f"# mark-{at}"):
            if words(written) == TREE and len(MARK.findall(written)) > put:
                text, put = written, put + 1
                break
    assert put > 0.8 * len(set(PLACES))
    done = formatted(text)
    assert told(done) == told(text)
    assert formatted(done) == done


@pytest.mark.parametrize("seed", range(60))
def test_a_random_file_with_random_comments_keeps_its_meaning_and_every_comment(seed: int) -> None:
    random = Random(seed)
    head, rule = random.choice(loose_rules())
    text = laid_out(random, {**head, "rules": [shuffled(random, rule), {**rule, "id": "another"}]})
    tree = words(text)
    for number in range(random.randint(0, 12)):
        at = random.choice(boundaries(text))
        written = random.choice([*with_a_comment(text, at, f"# mark-{number}"), f"{text[:at]}\n\n{text[at:]}"])
        if words(written) == tree:
            text = written
    done = formatted(text)
    assert sorted(MARK.findall(done)) == sorted(MARK.findall(text))
    assert same_bundle([*SHARED, a_file("it.yaml", text)], [*SHARED, a_file("it.yaml", done)])
    assert formatted(done) == done
    assert all(len(line) <= 120 for line in done.splitlines() if "#" not in line)
