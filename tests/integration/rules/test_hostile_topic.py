"""Somebody who may write to `rulesets`, without a key, with a real broker and processes that are killed."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from integration.rules.stage import LISTED, Stage, bundle_of, older_than, ruleset_record
from integration.whole.watching import Sending
from onward.contracts.ruleset import Ruleset
from onward.releases.contents import key_of
from unit.routing.bundle_builders import AUTHOR, of, signed


async def never_committed(bootstrap: str, records: Sequence[Sending]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="somebody")
    await producer.start()
    try:
        await producer.begin_transaction()
        for each in records:
            await producer.send_and_wait(each.topic, each.value, key=each.key)
        await producer.abort_transaction()
    finally:
        await producer.stop()


def test_nothing_that_anybody_writes_changes_what_decides_before_and_after_a_restart(stage: Stage) -> None:
    bad, good, evil = (older_than(age, "under attack") for age in (30, 18, 99))
    withdrawn = stage.publish(bad)
    before = stage.publish(good)
    stage.until_live(good)
    never = ruleset_record(Ruleset(release=stage.release(evil)))
    asyncio.run(never_committed(stage.bootstrap, [ruleset_record(Ruleset(content=evil)), never]))
    forged = ruleset_record(Ruleset(content=evil), key=key_of(good))
    half = Ruleset(release=before.model_copy(update={"signatures": before.signatures[:1]}))
    refused = {reason: stage.refused(reason) for reason in ("wrong_key", "unsigned", "repeated", "unreadable")}
    stage.put(
        forged,
        ruleset_record(Ruleset(release=withdrawn)),
        ruleset_record(half),
        Sending(forged.topic, forged.value, b"\xff\xfe", [("\u00e9", b"\xff"), ("content-type", b"text/plain")]),
        Sending(forged.topic, b"x" * 1_000_000, b"rules/x", []),
    )
    want = {"wrong_key": 2, "unsigned": 1, "repeated": 1, "unreadable": 1}
    for reason, more in want.items():
        stage.until(lambda: stage.refused(reason) == refused[reason] + more, what=f"a refusal: {reason}")  # noqa: B023
    assert {bundle_of(seen) for seen in stage.decide(3)} == {good.sha256}
    stage.routing.kill()
    stage.routing.start()
    stage.routing.wait_ready()
    assert {bundle_of(seen) for seen in stage.decide(3)} == {good.sha256}
    assert stage.series("onward_ruleset_behind_seconds")[""] == 0


def test_files_that_were_erased_leave_who_decides_alone_and_come_back_by_publishing_again(stage: Stage) -> None:
    older, newer = older_than(18, "kept"), older_than(40, "erased")
    stage.publish(older)
    stage.publish(newer)
    stage.until_live(newer)
    own = ruleset_record(Ruleset(content=newer))
    stage.watch.send(Sending(own.topic, None, own.key, []))
    assert {bundle_of(seen) for seen in stage.decide(3)} == {newer.sha256}
    stage.routing.kill()
    stage.routing.start()
    stage.routing.wait_ready()
    assert stage.live() == older.sha256[:12], "the newest that two people signed and that is there"
    assert stage.series("onward_ruleset_behind_seconds")[""] > 0
    stage.put(own)
    stage.until_live(newer)
    assert stage.series("onward_ruleset_behind_seconds")[""] == 0


def test_a_difference_of_a_shadow_goes_out_exactly_once_whenever_the_process_is_killed(stage: Stage) -> None:
    live, shadow = older_than(18, "killed"), older_than(40, "killed")
    stage.publish(live)
    stage.until_live(live)
    number = stage.next_number(shadow=True)
    start = signed(of(shadow, LISTED, number, action="shadow"), AUTHOR, None)
    stage.put(ruleset_record(Ruleset(content=shadow)), ruleset_record(Ruleset(release=start)))
    stage.until(lambda: stage.series("onward_shadow_ruleset"), what="a shadow")
    with stage.stream() as stream:
        stage.watch.until(lambda: len(stream.sent) > 40, what="a stream")
        stage.routing.kill()
        stage.routing.start()
        stage.routing.wait_ready()
        stage.until(lambda: stage.series("onward_shadow_ruleset"), what="a shadow again")
        begun = len(stream.sent)
        stage.watch.until(lambda: len(stream.sent) > begun + 40, what="more of it")
    decided = [seen.body["decision_id"] for seen in stage.decisions(stream.sent)]
    differing = stage.watch.all("shadow-differences")
    found = Counter(seen.body["decision_id"] for seen in differing if seen.body["shadow_rules"] == shadow.sha256)
    assert found.most_common(1)[0][1] == 1
    assert set(found) <= set(decided)
    assert len(found) > 40
    stop = signed(of(shadow, LISTED, number + 1, action="stop-shadow"), AUTHOR, None)
    stage.put(ruleset_record(Ruleset(release=stop)))
    stage.until(lambda: not stage.series("onward_shadow_ruleset"), what="no shadow")
