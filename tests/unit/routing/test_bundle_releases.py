"""Which release counts, and what decides then."""

import pytest
from prometheus_client import REGISTRY

from onward.contracts import directory_files
from onward.contracts.ruleset import Release, Ruleset
from onward.routing.bundles import Bundles, Ruling
from onward.routing.domain.contents import read_directory, read_rules
from onward.routing.domain.releases import Releases
from onward.routing.domain.signing import RefusedError
from unit.routing.bundle_builders import APPROVER, AT, Topic, a_statement, directory, keys, of, rules, signed
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


def publish(number: int, rules_sha: str) -> Release:
    return signed(a_statement(number, rules=rules_sha * 64))


def roll_back(number: int, rules_sha: str, *, both: bool = False) -> Release:
    statement = a_statement(number, action="rollback", rules=rules_sha * 64)
    return signed(statement, approver=APPROVER if both else None)


def standing(releases: Releases) -> list[str]:
    return [each.pair[0][0] for each in releases.standing]


def test_the_newest_number_counts_and_an_old_release_sent_again_does_not() -> None:
    first, second = publish(1, "a"), publish(2, "b")
    releases, refused = admitted(first, second, first, publish(2, "c"))
    assert (standing(releases), refused, releases.next_number()) == (["a", "b"], ["stale", "stale"], 3)


def test_one_person_goes_back_step_by_step_and_never_forward() -> None:
    steps = [publish(1, "a"), publish(2, "b"), publish(3, "c"), roll_back(4, "b"), roll_back(5, "c"), roll_back(6, "a")]
    releases, refused = admitted(*steps)
    assert (standing(releases), refused) == (["a"], ["not_the_one_before"])


def test_one_person_does_not_go_back_to_anything_but_the_one_before() -> None:
    for given, steps in (("a", 3), ("d", 3), ("a", 1)):
        published = [publish(number, "abc"[number - 1]) for number in range(1, steps + 1)]
        releases, refused = admitted(*published, roll_back(9, given))
        assert refused == ["not_the_one_before"]
        assert releases.next_number() == steps + 1


def test_two_people_may_go_back_to_any() -> None:
    releases, refused = admitted(publish(1, "a"), publish(2, "b"), publish(3, "c"), roll_back(4, "a", both=True))
    assert (standing(releases), refused) == (["a", "b", "c", "a"], [])


def test_compaction_changes_nothing_and_neither_does_sending_again() -> None:
    first, second, third = publish(1, "a"), publish(2, "b"), roll_back(3, "a")
    assert standing(admitted(first, second, third)[0]) == standing(admitted(first, second, third, second)[0]) == ["a"]


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
    for number, content in enumerate((ONE, TWO), 1):
        topic.put(view, Ruleset(release=signed(of(content, LISTED, number))))
        assert await settled(view, topic) == content.sha256
        sample = {"sha": content.sha256[:12], "directory": LISTED.sha256[:12]}
        assert REGISTRY.get_sample_value("onward_ruleset_live", sample) == 1
    live = [each for each in REGISTRY.collect() if each.name == "onward_ruleset_live"]
    assert len(live[0].samples) == 1
    assert behind() == 0


async def test_many_publications_leave_the_counts_of_two_bundles_only() -> None:
    view, topic = bundles(), Topic()
    contents(view, topic)
    for number, content in enumerate((ONE, TWO, THREE, ONE), 1):
        topic.put(view, Ruleset(release=signed(of(content, LISTED, number))))
        await settled(view, topic)
    counted = next(each for each in REGISTRY.collect() if each.name == "onward_ruleset_decisions")
    assert {each.labels["sha"] for each in counted.samples} == {ONE.sha256[:12], THREE.sha256[:12]}


async def test_a_bundle_that_is_not_there_is_refused_once_and_taken_when_it_comes() -> None:
    view, topic = bundles(), Topic()
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
    topic.put(view, Ruleset(release=signed(of(ONE, LISTED, 1))))
    await settled(view, topic)
    body = Ruleset.model_validate({"content": broken})
    assert body.content is not None
    topic.put(view, body)
    before = refusals(reason)
    topic.put(view, Ruleset(release=signed(of(body.content, LISTED, 2))))
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
    topic.put(view, Ruleset(release=signed(of(ONE, LISTED, 1))))
    topic.put(view, Ruleset(release=signed(of(TWO, LISTED, 2), approver=None)))
    assert topic.refused == ["unsigned"]
    assert await settled(view, topic) == ONE.sha256
    assert behind() > 0
    topic.put(view, Ruleset(release=signed(of(THREE, LISTED, 2))))
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
    assert view.shadow is not None
    assert view.shadow.pair == (TWO.sha256, LISTED.sha256)
    topic.put(view, Ruleset(release=signed(of(TWO, LISTED, 2, action="stop-shadow"), approver=None)))
    await view.settle(topic)
    assert view.shadow is None


def test_the_directory_that_travels_is_the_one_that_is_read() -> None:
    assert read_directory(LISTED).sha256 == LISTED.sha256
