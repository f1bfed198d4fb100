"""Tracking and dispatch go by the directory that was published, and wait for the one that a record names."""

import base64
import zlib

import pytest
from prometheus_client import REGISTRY

from onward.chassis import clock
from onward.chassis.kafka.following import NotYet
from onward.chassis.releases.directories import Directories
from onward.contracts.decision import RuleVersion
from onward.contracts.ruleset import Content, Release, Ruleset
from onward.directory import files as directory_files
from onward.directory.model import Directory
from onward.releases.contents import SHOWN, TooLargeError, listed_files, pack_directory, read_directory
from onward.releases.signing import RefusedError
from unit.routing.bundle_builders import (
    Topic,
    directory_of_the_project,
    following,
    keys,
    of,
    rules,
    signed,
)

RULES = rules()
SHELTER = """\
schema: directory/v1
area: anyshire
providers:
  - {id: night-shelter, name: A shelter, services: [housing_authority], categories: [ACCOMMODATION],
     catchment: [E06000022], profile: housing}
"""


def listed(remark: str) -> Content:
    """A directory of its own, by *remark*, with one provider more than the project's."""
    return pack_directory({**directory_of_the_project(), "anyshire.yaml": f"{SHELTER}# {remark}\n".encode()})


ONE, TWO, OTHER = listed("one"), listed("two"), listed("of another image")
SHIPPED = directory_files.load()


def directories(*, at_least: int = 0) -> Directories:
    return Directories(SHIPPED, keys(), at_least=at_least)


def named(content: Content) -> RuleVersion:
    return RuleVersion(name="directory", version=content.sha256[:SHOWN], sha256=content.sha256)


def released(*contents: Content) -> list[Release]:
    made: list[Release] = []
    for number, content in enumerate(contents, 1):
        made.append(signed(of(RULES, content, number, previous=following(made[-1]) if made else "")))
    return made


async def put(view: Directories, topic: Topic, *bodies: Content | Release) -> None:
    for body in bodies:
        topic.put(view, Ruleset(content=body) if isinstance(body, Content) else Ruleset(release=body))
    await view.settle(topic)


async def published(*contents: Content, view: Directories | None = None) -> tuple[Directories, Topic]:
    """*contents* published one after the other, as somebody reads them who was there."""
    made, topic = view or directories(), Topic()
    for content, release in zip(contents, released(*contents), strict=True):
        await put(made, topic, content, release)
    return made, topic


async def asked(view: Directories, topic: Topic, content: Content, number: int) -> str | None:
    """What a record waits for once the process has looked again, as it does for what it was asked."""
    if view.waits_for(named(content), number) is not None and view.is_asked:
        await view.settle(topic)
    return view.waits_for(named(content), number)


async def test_what_came_with_the_image_is_known_and_so_is_nothing_at_all() -> None:
    view, topic = directories(), Topic()
    await view.settle(topic)
    own = RuleVersion(name="directory", version=SHIPPED.version, sha256=SHIPPED.sha256)
    assert view.waits_for(own, 0) is None
    assert view.of(own) is SHIPPED
    assert view.waits_for(None, 0) is None
    assert view.of(None) is view.live is SHIPPED


async def test_the_newest_directory_is_live_and_the_one_before_can_still_be_looked_up() -> None:
    view, topic = await published(ONE, TWO)
    assert view.live.sha256 == TWO.sha256
    assert await asked(view, topic, TWO, 2) is None
    assert await asked(view, topic, ONE, 1) is None
    assert "night-shelter" in view.of(named(ONE)).providers
    assert REGISTRY.get_sample_value("onward_directory_live", {"directory": TWO.sha256[:SHOWN]}) == 1
    assert REGISTRY.get_sample_value("onward_ruleset_behind_seconds") == 0


async def test_who_starts_later_looks_older_versions_up_only_when_a_record_names_them() -> None:
    _, topic = await published(ONE, TWO)
    late = directories()
    for record in topic.compacted():
        late.take(record)
    read: list[str] = []

    class Counting:
        """The topic, noting which content is read from it."""

        def place(self, key: str) -> int | None:
            return topic.place(key)

        async def latest(self, key: str) -> object:
            read.append(key)
            return await topic.latest(key)

    await late.settle(Counting())  # type: ignore[arg-type]
    assert read == [f"directory/{TWO.sha256}"]
    assert "has not been read" in (late.waits_for(named(ONE), 1) or "")
    await late.settle(Counting())  # type: ignore[arg-type]
    assert late.waits_for(named(ONE), 1) is None
    assert read == [f"directory/{TWO.sha256}", f"directory/{ONE.sha256}"]


async def test_a_release_that_was_not_read_yet_is_waited_for_whatever_is_known_of_its_directory() -> None:
    first, second = released(ONE, TWO)
    # The second directory came with this image: that it is known does not say that it is live.
    view = Directories(read_directory(TWO), keys())
    topic = Topic()
    await put(view, topic, ONE, TWO, first)
    assert view.live.sha256 == ONE.sha256
    assert "release number 2 has not been read" in (view.waits_for(named(TWO), 2) or "")
    topic.put(view, Ruleset(release=second))
    assert view.waits_for(named(TWO), 2) is not None, "it counts, and is not live yet"
    await view.settle(topic)
    assert view.waits_for(named(TWO), 2) is None
    assert view.live.sha256 == TWO.sha256


async def test_after_the_topic_was_made_anew_what_names_an_old_number_waits_for_its_directory_alone() -> None:
    view, topic = await published(TWO)
    assert await asked(view, topic, TWO, 12) is None, "it is the live one: no number can say more"
    assert "release number 12" in (await asked(view, topic, ONE, 12) or "")
    told, topic = await published(TWO, view=Directories(SHIPPED, keys(), made_anew=True))
    assert "directory" in (await asked(told, topic, ONE, 12) or "")
    await put(told, topic, ONE.model_copy(update={"shipped": True}))
    assert await asked(told, topic, ONE, 12) is None


async def test_a_content_without_a_release_counts_for_nothing() -> None:
    view, topic = await published(ONE)
    await put(view, topic, TWO)
    assert await asked(view, topic, TWO, 1) is not None
    assert view.live.sha256 == ONE.sha256


async def test_who_trusts_other_keys_waits_and_refuses_nobody() -> None:
    view, topic = Directories(SHIPPED, {}), Topic()
    await put(view, topic, ONE, *released(ONE))
    assert topic.refused == ["untrusted_key"]
    assert view.live is SHIPPED
    assert "does not count here" in (await asked(view, topic, ONE, 1) or "")


async def test_the_directory_of_another_image_is_known_once_whoever_installed_it_put_it_there() -> None:
    view, topic = await published(ONE)
    assert await asked(view, topic, OTHER, 0) is not None
    await put(view, topic, OTHER.model_copy(update={"shipped": True}))
    assert await asked(view, topic, OTHER, 0) is None
    assert view.of(named(OTHER)).sha256 == OTHER.sha256
    assert view.live.sha256 == ONE.sha256, "it makes nothing live"


async def test_a_directory_that_was_altered_is_refused_once_and_waited_for_until_it_is_whole() -> None:
    view, topic = directories(), Topic()
    first, second = released(ONE, TWO)
    await put(view, topic, ONE.model_copy(update={"packed": TWO.packed}), first, TWO, second)
    before = REGISTRY.get_sample_value("onward_rulesets_refused_total", {"reason": "content_altered"}) or 0.0
    for _ in range(3):
        assert await asked(view, topic, ONE, 1) is not None
        await view.settle(topic)
    told = REGISTRY.get_sample_value("onward_rulesets_refused_total", {"reason": "content_altered"})
    assert told == before + 1
    await put(view, topic, ONE)
    assert await asked(view, topic, ONE, 1) is None


async def test_a_directory_whose_rules_cannot_be_used_is_live_all_the_same() -> None:
    view, topic = directories(), Topic()
    faulty = signed(of(rules("schema: nonsense"), ONE))
    await put(view, topic, ONE, faulty)
    assert view.live.sha256 == ONE.sha256


async def test_a_process_does_not_start_without_the_release_that_it_is_told_of() -> None:
    with pytest.raises(NotYet, match="at least number 3"):
        await published(ONE, view=directories(at_least=3))
    with pytest.raises(NotYet, match="lacks the release after number 0"):
        await put(directories(), Topic(), TWO, released(ONE, TWO)[1])


async def test_versions_that_no_record_names_for_ten_minutes_are_let_go_and_read_again_when_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, topic = await published(ONE, TWO, OTHER)
    for content, number in ((ONE, 1), (TWO, 2)):
        assert await asked(view, topic, content, number) is None
        view.of(named(content))
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + 601)
    view.of(named(TWO))
    await put(view, topic, listed("four"), *released(ONE, TWO, OTHER, listed("four"))[3:])
    assert view.waits_for(named(TWO), 2) is None
    assert view.waits_for(named(ONE), 1) is not None
    assert await asked(view, topic, ONE, 1) is None


def test_a_directory_travels_whole_or_not_at_all() -> None:
    assert dict(listed_files(ONE)) == dict(directory_of_the_project()) | {"anyshire.yaml": f"{SHELTER}# one\n".encode()}
    noise = {"noise.yaml": "".join(f"# {number**9:x}\n" for number in range(200_000)).encode()}
    with pytest.raises(TooLargeError):
        pack_directory(noise)


async def test_a_directory_that_a_record_need_not_wait_for_is_there_when_the_record_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, topic = await published(ONE, TWO)
    assert await asked(view, topic, ONE, 1) is None
    long_after = clock.monotonic() + 3600
    monkeypatch.setattr(clock, "monotonic", lambda: long_after)
    assert view.waits_for(named(ONE), 1) is None
    # Another version is made ready between the two, while the keys of the record's person are looked up.
    await put(view, topic, OTHER.model_copy(update={"shipped": True}))
    assert await asked(view, topic, OTHER, 0) is None
    assert view.of(named(ONE)).sha256 == ONE.sha256


async def test_a_directory_that_nothing_has_named_for_long_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    view, topic = await published(ONE, TWO)
    assert await asked(view, topic, ONE, 1) is None
    long_after = clock.monotonic() + 3600
    monkeypatch.setattr(clock, "monotonic", lambda: long_after)
    await put(view, topic, OTHER.model_copy(update={"shipped": True}))
    assert await asked(view, topic, OTHER, 0) is None
    assert view.waits_for(named(ONE), 1) is not None, "it is read again when a record names it"
    await view.settle(topic)
    assert view.waits_for(named(ONE), 1) is None


def unnameable(content: Content) -> Content:
    """Under the hash of *content* a file whose name no text can hold."""
    packed = base64.b64encode(zlib.compress(b'{"\\ud800.yaml": ""}')).decode()
    return content.model_copy(update={"packed": packed})


def test_files_with_names_that_cannot_be_written_are_not_those_of_any_hash() -> None:
    with pytest.raises(RefusedError, match="content_altered"):
        read_directory(unnameable(ONE))


async def test_whoever_may_write_without_a_key_cannot_have_a_process_begin_with_what_it_was_shipped_with() -> None:
    topic = Topic()
    with pytest.raises(NotYet, match="no bundle that was published by release number 1"):
        await put(directories(at_least=1), topic, unnameable(ONE), *released(ONE))


async def test_a_fault_of_ours_in_one_directory_keeps_no_other_from_being_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view, topic = await published(ONE)

    def read(content: Content) -> Directory:
        if content.sha256 != OTHER.sha256:
            raise RuntimeError("a fault of ours")
        return read_directory(content)

    monkeypatch.setattr("onward.chassis.releases.directories.read_directory", read)
    await put(view, topic, TWO, released(ONE, TWO)[1], OTHER.model_copy(update={"shipped": True}))
    assert view.live.sha256 == ONE.sha256
    assert await asked(view, topic, TWO, 2) is not None
    assert await asked(view, topic, OTHER, 0) is None
