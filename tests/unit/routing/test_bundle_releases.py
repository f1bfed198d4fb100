"""Which release counts, and what decides then."""

from datetime import timedelta
from itertools import permutations

import pytest
from prometheus_client import REGISTRY

from onward.contracts.ruleset import Action, Content, Release, Ruleset
from onward.directory import files as directory_files
from onward.releases.chain import Releases
from onward.releases.contents import read_directory
from onward.releases.signing import RefusedError
from onward.routing.bundles import Bundles
from onward.routing.domain.publishing.contents import read_rules
from onward.routing.ruling import Ruling
from unit.routing.bundle_builders import (
    APPROVER,
    AT,
    AUTHOR,
    Topic,
    a_statement,
    directory,
    following,
    keys,
    of,
    rules,
    signed,
    trusted,
)
from unit.routing.routing_builders import HOUSING

ONE, TWO, THREE = rules(), rules(HOUSING.replace(">= 18", ">= 21")), rules(HOUSING.replace(">= 18", ">= 25"))
LISTED = directory()


def admitted(*releases: Release) -> tuple[Releases, list[str]]:
    found = Releases(keys())
    refused: list[str] = []
    for release in releases:
        try:
            found.admit(release, at=AT)
        except RefusedError as why:
            refused.append(why.reason)
    return found, refused


def a_chain(*steps: str) -> list[Release]:
    """Releases one after the other, each `publish a` (two people), `back a` (one) or `back-both a` (two)."""
    made: list[Release] = []
    for number, step in enumerate(steps, 1):
        how, rules_sha = step.split()
        action: Action = "publish" if how == "publish" else "rollback"
        before = following(made[-1]) if made else ""
        statement = a_statement(number, action=action, rules=rules_sha * 64, previous=before)
        made.append(signed(statement, approver=None if how == "back" else APPROVER))
    return made


def standing(releases: Releases) -> list[str]:
    return [each.pair[0][0] for each in releases.standing]


def test_the_newest_counts_and_an_old_release_sent_again_does_not() -> None:
    first, second = a_chain("publish a", "publish b")
    other = signed(a_statement(2, rules="c" * 64, previous=following(first)))
    releases, refused = admitted(first, second, first, other)
    assert (standing(releases), refused, releases.next_number()) == (["a", "b"], ["repeated", "stale"], 3)


def test_one_person_goes_back_step_by_step_and_never_forward() -> None:
    *steps, forward = a_chain("publish a", "publish b", "publish c", "back b", "back c")
    *_, further = a_chain("publish a", "publish b", "publish c", "back b", "back a")
    releases, refused = admitted(*steps, forward, further)
    assert (standing(releases), refused) == (["a"], ["not_the_one_before"])


@pytest.mark.parametrize(("given", "published"), [("a", "abc"), ("d", "abc"), ("a", "a")])
def test_one_person_does_not_go_back_to_anything_but_the_one_before(given: str, published: str) -> None:
    releases, refused = admitted(*a_chain(*(f"publish {each}" for each in published), f"back {given}"))
    assert (refused, releases.next_number()) == (["not_the_one_before"], len(published) + 1)


@pytest.mark.parametrize(
    ("chain", "stand"),
    [
        ("publish a, publish b, publish c, back-both a", "a"),
        ("publish a, publish b, publish c, back-both b", "ab"),
        ("publish a, publish b, publish c, back-both c", "abc"),
        ("publish a, publish b, publish a, publish c, publish d, back-both a", "aba"),
        ("publish a, publish b, publish c, back b, back-both c", "abc"),
    ],
)
def test_two_people_may_go_back_to_any_that_was_published(chain: str, stand: str) -> None:
    releases, refused = admitted(*a_chain(*chain.split(", ")))
    assert (standing(releases), refused) == (list(stand), [])


def test_what_two_people_rolled_back_is_not_made_live_again_by_one() -> None:
    releases, refused = admitted(*a_chain("publish a", "publish b", "publish c", "back-both a", "back c"))
    assert (standing(releases), refused) == (["a"], ["not_the_one_before"])


def test_nothing_that_was_never_published_becomes_live_as_a_rollback_whoever_signed_it() -> None:
    first, unchecked = a_chain("publish a", "back-both d")
    releases, refused = admitted(first, unchecked)
    assert (standing(releases), refused) == (["a"], ["not_the_one_before"])
    beside = signed(a_statement(1, action="shadow", rules="d" * 64))
    releases, refused = admitted(first, beside, unchecked)
    assert (standing(releases), refused) == (["a"], ["not_the_one_before"]), "what ran in the shadow is not checked"
    assert admitted(*a_chain("back-both a"))[1] == ["not_the_one_before"]


def test_any_order_and_any_repetition_of_the_records_gives_the_same() -> None:
    chain = a_chain("publish a", "publish b", "back a", "publish c")
    for order in permutations(chain):
        releases, _ = admitted(*order, order[0])
        assert (standing(releases), releases.waiting, len(releases.counted)) == (["a", "c"], {}, 4)


def test_what_was_rolled_back_does_not_come_back_when_it_is_sent_again_and_compaction_takes_the_first() -> None:
    first, bad, back = a_chain("publish a", "publish b", "back a")
    assert standing(admitted(first, back, bad)[0]) == ["a"]


def read_again(chain: list[Release], late: set[int]) -> tuple[Releases, list[str]]:
    """As after compaction: those *late* were sent again on the day after the author of all of them had left."""
    left = trusted(AUTHOR, "rules-author-1", "author", until=AT + timedelta(days=1))
    found, refused = Releases(keys(left, trusted(APPROVER, "rules-approver-1", "approver"))), list[str]()
    for at, numbers in ((AT, set(range(len(chain))) - late), (AT + timedelta(days=2), late)):
        for number in sorted(numbers):
            try:
                found.admit(chain[number], at=at)
            except RefusedError as why:
                refused.append(why.reason)
    return found, refused


@pytest.mark.parametrize("late", [{0}, {1}, {0, 1}])
def test_a_copy_sent_again_after_its_author_left_counts_where_two_people_built_upon_it(late: set[int]) -> None:
    chain = a_chain("publish a", "publish b", "publish c")
    releases, _ = read_again(chain, late)
    assert (standing(releases), releases.waiting, releases.number) == (["a", "b", "c"], {}, 3)


def test_what_a_key_signs_after_it_was_given_up_counts_for_nobody() -> None:
    chain = a_chain("publish a", "publish b", "back a")
    releases, refused = read_again(chain, {1})
    assert (standing(releases), refused) == (["a"], ["gap", "untrusted_key"]), "one person's word does not vouch for it"
    releases, refused = read_again(chain[:2], {1})
    assert (standing(releases), refused) == (["a"], ["untrusted_key"])
    beside = signed(a_statement(1, action="shadow"), approver=None)
    assert read_again([beside], {0})[1] == ["untrusted_key"]


@pytest.mark.parametrize("erased", [0, 1, 2])
def test_a_release_that_was_erased_leaves_a_gap_that_shows_until_it_is_sent_again(erased: int) -> None:
    chain = a_chain("publish a", "publish b", "back a", "publish c")
    lost = chain.pop(erased)
    releases, refused = admitted(*chain)
    assert refused == ["gap"] * (3 - erased)
    assert len(releases.waiting) == 3 - erased
    releases.admit(lost, at=AT)
    assert (standing(releases), releases.waiting) == (["a", "c"], {})


def test_nobody_alone_makes_a_number_the_last_for_ever() -> None:
    first, *_ = a_chain("publish a")
    leap = signed(a_statement(10**9, action="rollback", previous=following(first)), approver=None)
    shadow = signed(a_statement(10**9, action="shadow"), approver=None)
    releases, refused = admitted(first, leap, shadow)
    assert refused == ["gap", "gap"]
    assert (releases.next_number(), releases.next_number(shadow=True)) == (2, 1)


def test_a_release_of_another_topic_does_not_count_here_whoever_signed_it() -> None:
    _, elsewhere = a_chain("publish c", "publish d")
    releases, refused = admitted(*a_chain("publish a"), elsewhere)
    assert (standing(releases), refused) == (["a"], ["gap"])


def bundles() -> Bundles:
    return Bundles(Ruling.of(read_rules(rules(HOUSING.replace(">= 18", ">= 17"))), directory_files.load()), keys())


async def settled(view: Bundles, topic: Topic) -> str:
    """The hash of the rules that decide now."""
    await view.settle(topic)
    return view.live.pair[0]


def behind() -> float:
    return REGISTRY.get_sample_value("onward_ruleset_behind_seconds") or 0.0


def refusals(reason: str) -> float:
    return REGISTRY.get_sample_value("onward_rulesets_refused_total", {"reason": reason}) or 0.0


def released(*contents: Content) -> list[Release]:
    """Each of them published, one after the other."""
    made: list[Release] = []
    for number, content in enumerate(contents, 1):
        made.append(signed(of(content, LISTED, number, previous=following(made[-1]) if made else "")))
    return made


def contents(view: Bundles, topic: Topic) -> None:
    for content in (ONE, TWO, THREE, LISTED):
        topic.put(view, Ruleset(content=content))


async def test_without_any_release_the_shipped_rules_decide() -> None:
    view, topic = bundles(), Topic()
    shipped = view.live.pair[0]
    contents(view, topic)
    assert await settled(view, topic) == shipped
    assert behind() == 0


async def test_the_newest_release_decides_and_a_metric_names_it() -> None:
    view, topic = bundles(), Topic()
    contents(view, topic)
    for release, content in zip(released(ONE, TWO), (ONE, TWO), strict=True):
        topic.put(view, Ruleset(release=release))
        assert await settled(view, topic) == content.sha256
        sample = {"sha": content.sha256[:12], "directory": LISTED.sha256[:12]}
        assert REGISTRY.get_sample_value("onward_ruleset_live", sample) == 1
    live = [each for each in REGISTRY.collect() if each.name == "onward_ruleset_live"]
    assert len(live[0].samples) == 1
    assert behind() == 0


async def test_a_bundle_that_is_not_there_is_refused_once_and_taken_when_it_comes() -> None:
    view, topic = bundles(), Topic()
    await view.settle(topic)
    topic.put(view, Ruleset(content=LISTED))
    topic.put(view, Ruleset(release=signed(of(ONE, LISTED))))
    shipped, before = view.live.pair[0], refusals("content_missing")
    for _ in range(3):
        assert await settled(view, topic) == shipped
    assert refusals("content_missing") == before + 1
    assert behind() > 0
    topic.put(view, Ruleset(content=ONE))
    assert await settled(view, topic) == ONE.sha256
    assert behind() == 0


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (rules(HOUSING.replace("person.age", "person.agee")), "unloadable"),
        (rules(HOUSING.replace("urgency:", "providers: [nobody-at-all], urgency:")), "unloadable"),
        (TWO.model_copy(update={"packed": ONE.packed}), "content_altered"),
    ],
)
async def test_a_bundle_that_cannot_be_used_is_refused_and_the_old_one_stays(broken: object, reason: str) -> None:
    view, topic = bundles(), Topic()
    topic.put(view, Ruleset(content=ONE))
    topic.put(view, Ruleset(content=LISTED))
    body = Ruleset.model_validate({"content": broken})
    assert body.content is not None
    good, bad = released(ONE, body.content)
    topic.put(view, Ruleset(release=good))
    await settled(view, topic)
    topic.put(view, body)
    before = refusals(reason)
    topic.put(view, Ruleset(release=bad))
    assert await settled(view, topic) == ONE.sha256
    assert refusals(reason) == before + 1
    assert behind() > 0
    late = bundles()
    for record in topic.records.values():
        late.take(record)
    assert await settled(late, topic) == ONE.sha256, "a process that starts now agrees"


async def test_a_forged_release_leaves_the_old_one_and_shows_until_the_next() -> None:
    view, topic = bundles(), Topic()
    contents(view, topic)
    first, third = released(ONE, THREE)
    topic.put(view, Ruleset(release=first))
    forged = of(TWO, LISTED, 2, previous=following(first))
    topic.put(view, Ruleset(release=signed(forged, approver=None)))
    assert topic.refused == ["unsigned"]
    assert await settled(view, topic) == ONE.sha256
    assert behind() > 0
    topic.put(view, Ruleset(release=third))
    assert await settled(view, topic) == THREE.sha256
    assert behind() == 0


def test_what_stands_under_the_key_of_something_else_is_refused() -> None:
    view, topic = bundles(), Topic()
    topic.put(view, Ruleset(content=ONE), key=f"rules/{TWO.sha256}")
    topic.put(view, Ruleset(release=signed(of(ONE, LISTED))), key="release/x")
    assert topic.refused == ["wrong_key", "wrong_key"]


async def test_a_shadow_needs_one_signature_and_changes_nothing_that_is_live() -> None:
    view, topic = bundles(), Topic()
    contents(view, topic)
    shipped = view.live.pair[0]
    topic.put(view, Ruleset(release=signed(of(TWO, LISTED, 1, action="shadow"), approver=None)))
    assert await settled(view, topic) == shipped
    await view.shadow_settled()
    assert view.shadow is not None
    assert view.shadow.pair == (TWO.sha256, LISTED.sha256)
    topic.put(view, Ruleset(release=signed(of(TWO, LISTED, 2, action="stop-shadow"), approver=None)))
    await view.settle(topic)
    assert view.shadow is None


def test_the_directory_that_travels_is_the_one_that_is_read() -> None:
    assert read_directory(LISTED).sha256 == LISTED.sha256
