"""
Nothing that a service does hangs on a word that an author is free to choose.

The whole pack is written in other words, and everybody whom its tests speak of lives through routing, tracking and
dispatch under both: what is opened, sent, disclosed, asked, told, closed and how it stands in the end is the same.
"""

from collections.abc import Sequence

import pytest

from contract.author_words import NewWords, exchanged, meaningless, rewritten
from contract.lives import Life, Service, become, lives
from onward.contracts.codes import ClosureReason
from onward.contracts.decision import Decision
from onward.routing.domain.language import RuleSet


@pytest.fixture(scope="module")
def pack() -> RuleSet:
    """The pack in its own words."""
    rules, _ = rewritten(lambda _, old: old)
    return rules


@pytest.fixture(scope="module")
def people(pack: RuleSet) -> Sequence[Life]:
    return tuple(lives(pack))


@pytest.fixture(scope="module")
def truth(pack: RuleSet, people: Sequence[Life]) -> list[list[str]]:
    return list(become(pack, people))


def test_these_people_see_every_end_and_every_way_to_it(truth: list[list[str]]) -> None:
    told = "\n".join(line for life in truth for line in life)
    assert len(truth) > 300
    for status in ("CLOSED_DECEASED", "WITHDRAWN", "SENT", "AWAITING_APPROVAL", "READY"):
        assert f'"{status}"' in told, status
    for reason in ("death", "removal_from_uk", "return_to_prison"):
        assert f'"closure_reason": "{reason}"' in told, reason
    for topic in ("referrals.", "receipts", "deliveries", "status.custody", "questions.", "escalations"):
        assert f"\n{topic}" in told, topic
    assert '"outcome": "sent"' in told
    assert "\nwithdrawals " in told


@pytest.mark.parametrize("new_words", [meaningless, exchanged])
def test_in_other_words_the_same_becomes_of_everybody(
    new_words: NewWords, people: Sequence[Life], truth: list[list[str]]
) -> None:
    rules, new = rewritten(new_words)
    assert new["reason"]["deceased"] != "deceased"
    assert not any(word == other for field in ("reason", "kind", "why") for word, other in new[field].items())
    differing = {
        number: (before, after)
        for number, (before, after) in enumerate(zip(truth, become(rules, people), strict=True))
        if before != after
    }
    assert differing == {}


def goes_by_the_reason(decision: Decision) -> Decision:
    """As tracking did: whether somebody has died is read from the author's word."""
    codes: dict[str, ClosureReason] = {"deceased": "death", "back-in-prison": "return_to_prison"}
    suppressed = (
        each.model_copy(update={"closure_reason": each.closure_reason and codes.get(each.reason, "removal_from_uk")})
        for each in decision.suppressed
    )
    return decision.model_copy(update={"suppressed": tuple(suppressed)})


def goes_by_the_id(decision: Decision) -> Decision:
    """Whether a referral is a release referral is guessed from the name of its rule."""
    referrals = (each.model_copy(update={"release": "release" in each.rule}) for each in decision.referrals)
    return decision.model_copy(update={"referrals": tuple(referrals)})


def goes_by_the_why(decision: Decision) -> Decision:
    """What is urgent is read from what the author tells people."""
    referrals = (
        each.model_copy(update={"urgency": "immediate" if "life" in each.why else each.urgency})
        for each in decision.referrals
    )
    return decision.model_copy(update={"referrals": tuple(referrals)})


def goes_by_the_kind(decision: Decision) -> Decision:
    """A notice of a kind that is known by heart is not passed on."""
    notices = tuple(each for each in decision.notices if each.kind != "check-movement")
    return decision.model_copy(update={"notices": notices})


@pytest.mark.parametrize(
    ("service", "new_words"),
    [
        (goes_by_the_reason, meaningless),
        (goes_by_the_reason, exchanged),
        (goes_by_the_id, meaningless),
        (goes_by_the_why, meaningless),
        (goes_by_the_why, exchanged),
        (goes_by_the_kind, meaningless),
        (goes_by_the_kind, exchanged),
    ],
)
def test_control_a_service_that_goes_by_a_word_is_caught(
    service: Service, new_words: NewWords, pack: RuleSet, people: Sequence[Life]
) -> None:
    rules, _ = rewritten(new_words)
    told = zip(become(pack, people, service=service), become(rules, people, service=service), strict=True)
    assert any(before != after for before, after in told)


def test_control_in_the_pack_s_own_words_nothing_shows_that_a_death_is_read_from_a_word(
    pack: RuleSet, people: Sequence[Life], truth: list[list[str]]
) -> None:
    assert list(become(pack, people, service=goes_by_the_reason)) == truth
