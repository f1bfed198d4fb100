"""How much partners are asked on the demo's day, and that the docs say so."""

import re
from collections import Counter
from datetime import UTC, datetime

from onward.contracts import paths
from onward.local.demo.playing import cast_all
from onward.rehearsal.whole import WholeInMemory
from unit.rehearsal.scenarios import services
from unit.rehearsal.test_stories_in_memory import STORIES, DayInMemory

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MOST_QUESTIONS, MOST_FACTS = 60, 200
"""What practitioners would still answer."""


async def test_on_the_demo_s_day_partners_are_asked_what_the_docs_say_and_no_more_than_they_would_answer() -> None:
    questions: Counter[str] = Counter()
    facts: Counter[str] = Counter()
    for name, story in STORIES.items():
        whole = WholeInMemory(services())
        (playing, *_) = cast_all({name: story}, now=NOW, pepper=whole.pepper)
        day = DayInMemory(playing, whole)
        await day.play()
        for question in day.observed().asked:
            questions[question["partner"]] += story.played
            facts[question["partner"]] += story.played * len(question["facts"])
    assert questions.total() <= MOST_QUESTIONS
    assert facts.total() <= MOST_FACTS
    assert not questions.keys() & {"hmpps", "courts"}
    page = (paths.schemas().parent / "docs" / "partners" / "questions.md").read_text()
    assert re.findall(r"\*\*(\d+) questions, (\d+) facts\*\*", page) == [(str(questions.total()), str(facts.total()))]
