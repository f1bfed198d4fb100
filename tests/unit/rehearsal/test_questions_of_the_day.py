"""How much partners are asked on the demo's day, and that the docs say so."""

import re
from collections import Counter

from onward.contracts import paths
from onward.local.demo.playing import load
from onward.rehearsal.play import play
from unit.rehearsal.scenarios import services

MOST_QUESTIONS, MOST_FACTS = 60, 200
"""What practitioners would still answer."""


async def test_on_the_demo_s_day_partners_are_asked_what_the_docs_say_and_no_more_than_they_would_answer() -> None:
    questions: Counter[str] = Counter()
    facts = 0
    for file in load().values():
        assert file.scenario.demo is not None
        times = file.scenario.demo.played
        asked = [question for step in (await play(file, services())).steps for question in step.effects.questions]
        for question in asked:
            questions[question["to"]] += times
        facts += times * sum(len(question["asks"]) for question in asked)
    assert questions.total() <= MOST_QUESTIONS
    assert facts <= MOST_FACTS
    assert not questions.keys() & {"hmpps", "courts"}
    page = (paths.schemas().parent / "docs" / "partners" / "questions.md").read_text()
    assert re.findall(r"\*\*(\d+) questions, (\d+) facts\*\*", page) == [(str(questions.total()), str(facts))]
