"""The stories can be played: placeholders are known, numbers check, and every trap is among them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from onward.contracts import topics
from onward.contracts.identifiers import read_identifier
from onward.local.demo.playing import cast_all, people
from onward.local.demo.story import StoryError, load
from onward.rehearsal import synthetic
from onward.rehearsal.synthetic import Cast

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORIES = load()


def test_a_demo_day_has_at_least_two_hundred_people_and_every_source() -> None:
    assert people(cast_all(STORIES, now=NOW, pepper=b"p" * 32)) >= 200
    assert {sent.source for story in STORIES.values() for sent in story.messages} == set(topics.sources())


def test_about_a_dozen_stories_are_told() -> None:
    assert 12 <= sum(story.told for story in STORIES.values()) <= 20


@pytest.mark.parametrize("name", STORIES)
def test_every_message_of_a_story_makes_as_many_contacts_as_it_says(name: str) -> None:
    story = STORIES[name]
    playing = cast_all({name: story}, now=NOW, pepper=b"p" * 32)[0]
    for step in range(1, 7):
        playing.messages(step)
    assert len(playing.contacts) == sum(sent.makes for sent in story.messages)


def test_no_two_people_share_a_number() -> None:
    for make in (synthetic.noms, synthetic.crn, synthetic.pnc, synthetic.cro, synthetic.nhs):
        assert len({make(serial) for serial in range(5000)}) == 5000


def test_every_made_up_number_checks() -> None:
    for serial in range(10, 5000, 7):
        assert read_identifier("NOMS", synthetic.noms(serial))
        assert read_identifier("CRN", synthetic.crn(serial))
        assert read_identifier("PNC", synthetic.pnc(serial))
        assert read_identifier("CRO", synthetic.cro(serial))
        assert read_identifier("NHS", synthetic.nhs(serial))


def test_a_placeholder_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="nobody knows the placeholder `<shoe>`"):
        Cast("a-story", 1, NOW).fill({"size": "<shoe>"})


def test_times_and_birthdays_are_relative_to_the_day_that_is_played() -> None:
    cast = Cast("a-story", 1, NOW)
    assert cast.fill("<now-2h>") == "2026-03-02T07:00:00+00:00"
    assert cast.fill("<day+14d>") == "2026-03-16"
    assert cast.fill("<born 34y>") == "1991-08-31"


def test_a_mistake_in_a_story_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a-day.yaml").write_text("title: A day\ntels: what happens\n")
    with pytest.raises(StoryError, match=r"a-day\.yaml:2:7: error\[D005\]: no key `tels` here"):
        load(tmp_path)
    (tmp_path / "a-day.yaml").write_text("title: {\n")
    with pytest.raises(StoryError, match=r"a-day\.yaml:\d+:\d+: error\[Y"):
        load(tmp_path)


def test_what_is_told_of_a_story_is_wrong_with_it_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a-day.yaml"
    text = "title: A day\ntells: what happens\nmessages: [{source: custody, step: 1, body: {}}]\nends: {}\n"
    for right, wrong, told in (
        ("step: 1", "step: one", "3:36: error[D005]: `one` is not a whole number"),
        ("step: 1", "step: 0", "3:36: error[D005]: `0` is too small; it must be 1 or more"),
        ("step: 1", "step: 7", "3:36: error[D005]: `7` is too large; it must be 6 or less"),
        ("custody", "custdy", "3:21: error[D005]: no partner `custdy` sends to us; did you mean `custody`?"),
        ("title: A day", "title:", "1:7: error[D005]: `title` is empty; say it"),
        ("[{source: custody, step: 1, body: {}}]", "[]", "3:1: error[D005]: `messages` is empty; name at least one"),
    ):
        file.write_text(text.replace(right, wrong))
        with pytest.raises(StoryError) as refused:
            load(tmp_path)
        assert str(refused.value) == f"stories/a-day.yaml:{told}"


def test_a_demo_without_a_story_says_where_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"write one in schemas/examples/stories/"):
        load(tmp_path)
