"""Routing takes a new bundle between two records, and a bad one not at all."""

import json
from collections import Counter, defaultdict
from itertools import groupby
from typing import Any

import pytest

from integration.rules.stage import LISTED, Stage, bundle_of, older_than, ruleset_record
from onward.contracts.ruleset import Content, Release, Ruleset
from unit.routing.bundle_builders import STRANGER, rules
from unit.routing.routing_builders import HOUSING


def test_every_situation_of_a_stream_is_decided_once_by_one_bundle_and_each_partition_switches_once(
    stage: Stage,
) -> None:
    before, after = older_than(18, "streaming"), older_than(40, "streaming")
    stage.publish(before)
    stage.until_live(before)
    process = stage.routing.pid
    with stage.stream() as stream:
        stage.watch.until(lambda: len(stream.sent) > 60, what="a stream")
        stage.publish(after)
        stage.until_live(after)
        switched = len(stream.sent)
        stage.watch.until(lambda: len(stream.sent) > switched + 60, what="more of it")
    decisions = stage.decisions(stream.sent)
    assert Counter(seen.body["situation_id"] for seen in decisions).most_common(1)[0][1] == 1
    assert len(decisions) == len(stream.sent)
    by_partition: defaultdict[int, list[str]] = defaultdict(list)
    for seen in sorted(decisions, key=lambda seen: (seen.partition, seen.offset)):
        assert bool(seen.body["referrals"]) == (bundle_of(seen) == before.sha256), "its rules are those it names"
        by_partition[seen.partition].append(bundle_of(seen))
    for made_with in by_partition.values():
        assert [sha for sha, _ in groupby(made_with)] == [before.sha256, after.sha256]
    assert stage.routing.pid == process
    assert stage.routing.exit_code() is None


def altered(release: Release) -> Release:
    statement = release.statement.model_copy(update={"why": "another reason"})
    return release.model_copy(update={"statement": statement})


@pytest.mark.parametrize(
    ("reason", "content", "spoil"),
    [
        ("bad_signature", older_than(18, "tampered"), altered),
        ("unloadable", rules(HOUSING.replace("person.age", "person.agee")), None),
        ("content_altered", older_than(18, "x").model_copy(update={"packed": rules().packed}), None),
    ],
)
def test_a_bundle_that_does_not_hold_is_refused_and_counted_and_the_old_one_stays(
    stage: Stage, reason: str, content: Content, spoil: object
) -> None:
    good = older_than(18, f"good before {reason}")
    stage.publish(good)
    stage.until_live(good)
    before = stage.refused(reason)
    release = stage.release(content)
    stage.put(
        ruleset_record(Ruleset(content=content)),
        ruleset_record(Ruleset(release=altered(release) if spoil else release)),
    )
    stage.until(lambda: stage.refused(reason) == before + 1, what="a refusal")
    assert {bundle_of(seen) for seen in stage.decide(10)} == {good.sha256}
    assert stage.series("onward_ruleset_behind_seconds")[""] > 0
    assert stage.routing.exit_code() is None


def test_a_release_without_a_second_trusted_signature_is_refused(stage: Stage) -> None:
    good, other = older_than(18, "signed"), older_than(18, "not signed")
    stage.publish(good)
    stage.until_live(good)
    before = {reason: stage.refused(reason) for reason in ("unsigned", "untrusted_key")}
    stage.put(
        ruleset_record(Ruleset(content=other)),
        ruleset_record(Ruleset(release=stage.release(other, approver=None))),
        ruleset_record(Ruleset(release=stage.release(other, approver=STRANGER)), key=""),
    )
    stage.until(lambda: stage.refused("unsigned") == before["unsigned"] + 1, what="a refusal")
    assert {bundle_of(seen) for seen in stage.decide(10)} == {good.sha256}


def test_junk_on_the_topic_is_refused_and_stops_nothing(stage: Stage) -> None:
    good = older_than(18, "after junk")
    before = stage.refused("unreadable")
    junk = ruleset_record(Ruleset(content=LISTED))
    stage.put(
        *(
            type(junk)(junk.topic, value, key, junk.headers)
            for value, key in ((b"{", b"release/x"), (b'{"content": 1}', b"\xff"), (b"[" * 9999, b"a"), (b"", b""))
        )
    )
    stage.publish(good)
    stage.until_live(good)
    assert stage.refused("unreadable") == before + 4
    assert stage.series("onward_ruleset_behind_seconds")[""] == 0


def test_what_is_refused_stands_in_the_log_as_everything_else_does(stage: Stage) -> None:
    release = stage.release(older_than(18, "forged"))
    forged = release.model_copy(update={"statement": stage.release(LISTED).statement})

    def is_said() -> bool:
        """Of warnings of one kind only a few are written in a while, and other tests made some: so it is done again."""
        before = stage.refused("bad_signature")
        stage.put(ruleset_record(Ruleset(release=forged)))
        stage.until(lambda: stage.refused("bad_signature") == before + 1, what="a refusal")
        return ("followed.refused", "bad_signature") in {(each["event"], each.get("reason")) for each in logged(stage)}

    stage.until(is_said, what="the line about it", within=60)
    assert {line["service"] for line in logged(stage)} == {"routing"}


def logged(stage: Stage) -> list[dict[str, Any]]:
    """The whole lines of routing's log so far."""
    *whole, _ = stage.routing.log.read_text().split("\n")
    return [json.loads(line) for line in whole]


def test_a_process_that_starts_in_mid_stream_decides_its_first_record_by_what_was_published(stage: Stage) -> None:
    good = older_than(18, "over a restart")
    stage.publish(good)
    stage.until_live(good)
    with stage.stream() as stream:
        stage.watch.until(lambda: len(stream.sent) > 40, what="a stream")
        stage.routing.kill()
        stage.watch.until(lambda: len(stream.sent) > 80, what="a stream that waits")
        stage.routing.start()
        stage.routing.wait_ready()
    decisions = stage.decisions(stream.sent)
    assert len(decisions) == len(stream.sent)
    assert {bundle_of(seen) for seen in decisions} == {good.sha256}
