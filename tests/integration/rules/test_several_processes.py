"""More than one routing process: all switch, each partition once; one that cannot is seen."""

import asyncio
import dataclasses
import os
import re
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Generator
from itertools import groupby

import pytest
from aiokafka.errors import UnknownTopicOrPartitionError
from typer.testing import CliRunner

from integration.rules.stage import LISTED, Stage, bundle_of, older_than
from onward.cli.main import app
from onward.cli.rules.releases.rulesets_topic import reading
from onward.contracts import paths, topics
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService
from onward.releases.contents import MAX_PACKED, pack_directory
from onward.routing.bundle_files import load_bundle
from unit.routing.bundle_builders import STRANGER, key_file, rules, trusted
from unit.routing.routing_builders import HOUSING

_LIVE = re.compile(r'^onward_ruleset_live\{.*?sha="(\w+)".*?\} 1', re.MULTILINE)
_BEHIND = re.compile(r"^onward_ruleset_behind_seconds\{.*?\} (\S+)$", re.MULTILINE)

Start = Callable[..., RunningService]


@pytest.fixture
def second(stage: Stage) -> Generator[Start]:
    """Starts another routing process beside the first, for this test."""
    started: list[RunningService] = []

    def start(**more: str) -> RunningService:
        other = RunningService(
            ServiceSpec("routing-2", module="onward.routing"), stage.folder, {**stage.environment, **more}
        )
        started.append(other)
        other.start()
        other.wait_ready()
        return other

    yield start
    for other in started:
        other.stop()


def told(service: RunningService) -> str:
    with urllib.request.urlopen(service.metrics_url, timeout=5) as answer:
        text: str = answer.read().decode()
    return text


def live(service: RunningService) -> str:
    (found,) = _LIVE.findall(told(service))
    return str(found)


def behind(service: RunningService) -> float:
    (found,) = _BEHIND.findall(told(service))
    return float(found)


def test_each_partition_switches_once_whichever_process_works_on_it(stage: Stage, second: Start) -> None:
    before, after = older_than(18, "in two processes"), older_than(40, "in two processes")
    stage.publish(before)
    stage.until_live(before)
    other = second()
    stage.until(lambda: live(other) == before.sha256[:12], what="the second to agree")
    with stage.stream() as stream:
        stage.watch.until(lambda: len(stream.sent) > 60, what="a stream")
        stage.publish(after)
        stage.until_live(after)
        stage.until(lambda: live(other) == after.sha256[:12], what="the second to switch")
        switched = len(stream.sent)
        stage.watch.until(lambda: len(stream.sent) > switched + 40, what="more of it")
    decisions = stage.decisions(stream.sent)
    assert len(decisions) == len(stream.sent)
    made: defaultdict[int, list[str]] = defaultdict(list)
    for seen in sorted(decisions, key=lambda seen: (seen.partition, seen.offset)):
        made[seen.partition].append(bundle_of(seen))
    assert [[sha for sha, _ in groupby(each)] for each in made.values()] == [[before.sha256, after.sha256]] * len(made)


def test_a_process_that_trusts_other_keys_stays_behind_and_that_shows(stage: Stage, second: Start) -> None:
    published = older_than(18, "not trusted by all")
    stage.publish(published)
    stage.until_live(published)
    few = stage.folder / "few.yaml"
    few.write_text(key_file(trusted(STRANGER, "rules-author-1", "author")))
    other = second(ONWARD_RULE_KEYS=str(few))
    assert live(other) != published.sha256[:12]
    assert behind(other) > 0
    assert behind(stage.routing) == 0
    assert len({live(each) for each in (stage.routing, other)}) > 1, "what the alert RulesetSplit counts"


def test_without_trusted_keys_the_shipped_rules_stay(second: Start) -> None:
    other = second(ONWARD_RULE_KEYS="")
    assert live(other) == load_bundle(paths.schemas() / "routing").version.sha256[:12]


def test_the_directory_changes_with_the_same_rules(stage: Stage) -> None:
    folder = stage.folder / "directory"
    folder.mkdir()
    for path in (paths.schemas() / "directory").glob("*.yaml"):
        (folder / path.name).write_text(path.read_text())
    content = older_than(18, "and another directory")
    stage.publish(content)
    stage.until_live(content)
    (seen,) = stage.decide(1)
    assert seen.body["directory"]["sha256"] == LISTED.sha256
    file = folder / "west-midlands.yaml"
    file.write_text(file.read_text() + "# a remark\n")
    listed = pack_directory({path.name: path.read_bytes() for path in folder.glob("*.yaml")})
    stage.publish(content, listed=listed)
    stage.until(lambda: any(listed.sha256[:12] in each for each in stage.series("onward_ruleset_live")), what="it")
    (seen,) = stage.decide(1)
    assert (bundle_of(seen), seen.body["directory"]["sha256"]) == (content.sha256, listed.sha256)


def test_the_largest_bundle_that_may_travel_does(stage: Stage) -> None:
    noise = "".join(f"# {number * 2654435761 % 2**64:016x}{number**7 % 2**64:016x}\n" for number in range(40_000))
    content = rules(HOUSING + noise)
    assert MAX_PACKED * 0.9 < len(content.packed) <= MAX_PACKED
    stage.publish(content)
    stage.until_live(content)
    assert {bundle_of(seen) for seen in stage.decide(2)} == {content.sha256}


def test_a_command_without_its_topics_says_what_to_do(stage: Stage) -> None:
    env = {"ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:1", "ONWARD_RULE_KEYS": str(stage.folder / "trusted.yaml")}
    done = CliRunner().invoke(app, ["rules", "history"], env={**os.environ, **env})
    assert done.exit_code == 1
    assert "did not do it" in done.stderr


def test_a_topic_that_is_not_there_is_said_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read() -> None:
        async with asyncio.timeout(20), reading(stage.bootstrap, {}):
            pass

    monkeypatch.setattr(topics, "RULESETS", dataclasses.replace(topics.RULESETS, name="not-there"))
    with pytest.raises(UnknownTopicOrPartitionError):
        stage.run(read())
