"""Whoever may write to `rulesets`, but holds no keys, makes nothing live: not now, and not in a process that starts."""

import base64
import json
import threading
import tracemalloc
import zlib

import pytest
from prometheus_client import REGISTRY

from onward.chassis.kafka.following import NotYet
from onward.contracts.ruleset import Action, Content, Release, Ruleset
from onward.directory import files as directory_files
from onward.releases.contents import MAX_UNPACKED
from onward.releases.signing import RefusedError
from onward.routing import ruling
from onward.routing.bundles import Bundles
from onward.routing.domain.publishing.contents import read_rules
from onward.routing.ruling import Ruling
from unit.routing.bundle_builders import Topic, directory, following, keys, of, rules, signed
from unit.routing.routing_builders import HOUSING

ONE, TWO, EVIL = rules(), rules(HOUSING.replace(">= 18", ">= 21")), rules(HOUSING.replace(">= 18", ">= 99"))
LISTED = directory()
SHIPPED = rules(HOUSING.replace(">= 18", ">= 17"))


def bundles(*, at_least: int = 0) -> Bundles:
    return Bundles(Ruling.of(read_rules(SHIPPED), directory_files.load()), keys(), at_least=at_least)


def published(*contents: Content, back: int = 0) -> list[Release]:
    """Each of them, then so many rollbacks by one person."""
    made: list[Release] = []
    targets = [*contents, *contents[-2::-1][:back]]
    for number, content in enumerate(targets, 1):
        action: Action = "publish" if number <= len(contents) else "rollback"
        before = following(made[-1]) if made else ""
        statement = of(content, LISTED, number, action=action, previous=before)
        made.append(signed(statement) if action == "publish" else signed(statement, approver=None))
    return made


async def live(view: Bundles, topic: Topic) -> str:
    await view.settle(topic)
    return view.live.pair[0]


def filled(view: Bundles, *bodies: Content | Release) -> Topic:
    topic = Topic()
    for body in bodies:
        given = Ruleset(content=body) if isinstance(body, Content) else Ruleset(release=body)
        topic.put(view, given)
    return topic


async def late(topic: Topic) -> str:
    """What decides in a process that starts after compaction."""
    view, rest = bundles(), Topic()
    for record in topic.compacted():
        rest.give(view, record)
    return await live(view, rest)


def behind() -> float:
    return REGISTRY.get_sample_value("onward_ruleset_behind_seconds") or 0.0


@pytest.mark.parametrize("first", [True, False])
async def test_files_under_the_key_of_those_that_were_signed_never_decide(*, first: bool) -> None:
    view = bundles()
    topic = filled(view, LISTED, ONE, *published(ONE))
    assert await live(view, topic) == ONE.sha256
    start, other = bundles(), Topic()
    own, forged = Ruleset(content=TWO), Ruleset(content=EVIL)
    for body, key in ((own, ""), (forged, f"rules/{TWO.sha256}"))[:: -1 if first else 1]:
        other.put(start, body, key=key)
    for body in (
        Ruleset(content=LISTED),
        Ruleset(content=ONE),
        *(Ruleset(release=each) for each in published(ONE, TWO)),
    ):
        other.put(start, body)
    assert other.refused == ["wrong_key"]
    assert await live(start, other) == TWO.sha256


async def test_a_signature_names_a_hash_and_not_whatever_stands_at_a_place() -> None:
    view = bundles()
    topic = filled(view, LISTED, ONE, EVIL, *published(ONE))
    topic.records[f"rules/{ONE.sha256}"] = topic.records[f"rules/{EVIL.sha256}"]
    with pytest.raises(NotYet, match="can be used here"):
        await view.settle(topic)


async def test_what_was_rolled_back_stays_so_when_it_is_sent_again_and_the_topic_is_compacted() -> None:
    view = bundles()
    first, bad, back = published(ONE, TWO, back=1)
    topic = filled(view, LISTED, ONE, TWO, first, bad, back, bad)
    assert topic.refused == ["repeated"]
    assert await live(view, topic) == await late(topic) == ONE.sha256
    assert behind() == 0


async def test_a_release_that_was_sent_again_without_its_signatures_stops_who_starts_and_brings_nothing_back() -> None:
    view = bundles()
    first, bad, back = published(ONE, TWO, back=1)
    stripped = bad.model_copy(update={"signatures": ()})
    topic = filled(view, LISTED, ONE, TWO, first, bad, back, stripped)
    assert topic.refused == ["unsigned"]
    assert await live(view, topic) == ONE.sha256
    assert behind() == 0, "what counts has not changed"
    with pytest.raises(NotYet, match="lacks the release after number 1"):
        await late(topic)
    topic.put(view, Ruleset(release=bad))
    assert await late(topic) == ONE.sha256, "whoever sends it again, as it was, mends it"


async def test_who_starts_without_any_usable_bundle_waits_and_who_decides_goes_on() -> None:
    view = bundles()
    topic = filled(view, LISTED, *published(ONE))
    with pytest.raises(NotYet, match="can be used here"):
        await view.settle(topic)
    topic.put(view, Ruleset(content=ONE))
    assert await live(view, topic) == ONE.sha256
    emptied = Topic()
    assert await live(view, emptied) == ONE.sha256


def called_live() -> set[str]:
    live = next(each for each in REGISTRY.collect() if each.name == "onward_ruleset_live")
    return {each.labels["sha"] for each in live.samples}


async def test_a_process_that_waits_says_of_no_bundle_that_it_decides() -> None:
    view = bundles()
    topic = filled(view, LISTED, *published(ONE))
    assert called_live() == set()
    with pytest.raises(NotYet):
        await view.settle(topic)
    assert called_live() == set()
    topic.put(view, Ruleset(content=ONE))
    await view.settle(topic)
    assert called_live() == {ONE.sha256[:12]}
    untouched = bundles()
    await untouched.settle(Topic())
    assert called_live() == {SHIPPED.sha256[:12]}


async def test_an_emptied_topic_brings_no_shipped_rules_back_where_a_release_is_asked_for() -> None:
    view = bundles(at_least=2)
    topic = Topic()
    beginnings: tuple[tuple[Content | Release, ...], ...] = ((), (LISTED, ONE, TWO, published(ONE)[0]))
    for body in beginnings:
        topic = filled(view, *body)
        with pytest.raises(NotYet, match="at least number 2"):
            await view.settle(topic)
    topic.put(view, Ruleset(release=published(ONE, TWO)[1]))
    assert await live(view, topic) == TWO.sha256
    assert REGISTRY.get_sample_value("onward_ruleset_number") == 2


async def test_a_bundle_that_makes_the_loader_fail_is_refused_and_the_one_before_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = read_rules

    def fails_on_two(content: Content) -> object:
        if content.sha256 == TWO.sha256:
            raise MemoryError
        return real(content)

    monkeypatch.setattr(ruling, "read_rules", fails_on_two)
    view = bundles()
    topic = filled(view, LISTED, ONE, TWO, *published(ONE, TWO))
    assert await live(view, topic) == ONE.sha256
    assert behind() > 0


async def test_a_rollback_does_not_wait_for_a_shadow_that_is_being_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    real, go_on = read_rules, threading.Event()

    def slow_on_evil(content: Content) -> object:
        if content.sha256 == EVIL.sha256:
            assert go_on.wait(30)
        return real(content)

    monkeypatch.setattr(ruling, "read_rules", slow_on_evil)
    view = bundles()
    *forward, back = published(ONE, TWO, back=1)
    shadow = signed(of(EVIL, LISTED, 1, action="shadow"), approver=None)
    topic = filled(view, LISTED, ONE, TWO, EVIL, *forward, shadow)
    assert await live(view, topic) == TWO.sha256
    topic.put(view, Ruleset(release=back))
    assert await live(view, topic) == ONE.sha256
    assert view.shadow is None
    go_on.set()
    await view.shadow_settled()
    assert view.shadow is not None
    assert view.shadow.pair[0] == EVIL.sha256


async def test_a_shadow_that_was_stopped_while_it_was_loaded_does_not_start() -> None:
    view = bundles()
    start = signed(of(TWO, LISTED, 1, action="shadow"), approver=None)
    topic = filled(view, LISTED, TWO, start)
    await view.settle(topic)
    topic.put(view, Ruleset(release=signed(of(TWO, LISTED, 2, action="stop-shadow"), approver=None)))
    await view.shadow_settled()
    await view.settle(topic)
    assert view.shadow is None


def packed(text: bytes) -> Content:
    return ONE.model_copy(update={"packed": base64.b64encode(zlib.compress(text, 9)).decode()})


@pytest.mark.parametrize(
    "bomb",
    [
        b" " * (MAX_UNPACKED + 1),
        b"[" * MAX_UNPACKED,
        b'{"a":[' + b"[]," * (MAX_UNPACKED // 4) + b"[]]}",
        b"{" + b'"a":{},' * (MAX_UNPACKED // 8) + b'"a":{}}',
        b"{" + b'"a":"",' * (MAX_UNPACKED // 8) + b'"b":""}',
        b'{"a":"' + b'\\"' * (MAX_UNPACKED // 2 - 10),
    ],
    ids=["long", "deep", "lists", "objects", "files", "unended"],
)
def test_what_unpacks_to_much_is_refused_at_the_cost_of_its_text(bomb: bytes) -> None:
    content = packed(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(RefusedError) as caught:
            read_rules(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.reason == "content_altered"
    assert most < 3 * MAX_UNPACKED


def test_every_text_that_can_be_packed_is_unpacked() -> None:
    for text in ("", "\\", '"', '\\\\"\n\t{}[]:,', "é\U0001f600\u2028", '\\u0041"', "a" * 100_000):
        with pytest.raises(RefusedError) as caught:
            read_rules(packed(json.dumps({"x.yaml": text, text or "y": ""}, ensure_ascii=False).encode()))
        assert caught.value.detail == "the rule files are not those that their hash names"
