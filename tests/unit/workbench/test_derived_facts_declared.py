"""What a derived fact follows from is declared once, beside it; whoever reads the declaration reads what is so."""

import random
from datetime import date

from onward.contracts.facts import FACTS
from onward.routing.domain.derived import FOLLOWS_FROM, sources_of
from onward.routing.domain.language import EVENT_DAY, Condition, Presence
from onward.routing.domain.offices import offices_of
from onward.workbench.explaining.base_facts import known_of
from onward.workbench.logic import Space
from onward.workbench.logic.derivations import derivations
from onward.workbench.logic.symbols import TIME
from unit.routing.pack_builders import DIRECTORY, situation
from unit.workbench.test_counterfactual_pack import TOLD, some

DERIVED = sorted(path for path, fact in FACTS.items() if fact.derived)


def test_nothing_changes_a_derived_fact_that_is_not_declared() -> None:
    chosen = random.Random(7)
    follow = [path for path in DERIVED if not FACTS[path].counted]
    offices = offices_of(DIRECTORY)
    for _ in range(200):
        share = chosen.choice((0.1, 0.3, 0.8))
        facts = {path: chosen.choice(some(FACTS[path].kind)) for path in TOLD if chosen.random() < share}
        full = known_of(situation("hmpps", facts), offices)
        for path in facts:
            less = known_of(situation("hmpps", {name: facts[name] for name in facts if name != path}), offices)
            moved = {name for name in follow if less.get(name) != full.get(name)}
            assert moved <= {name for name in follow if path in sources_of(name)}, path


def test_every_derived_fact_has_a_formula_over_exactly_what_it_follows_from() -> None:
    day = date(2026, 3, 2)
    assert derivations(day).keys() == {path for path in FOLLOWS_FROM if not FACTS[path].counted}
    for path in derivations(day):
        asked = Condition(path, Presence(known=True), "", "")
        space = Space([asked])
        behind = space.condition(asked).definite.about
        told = {each for each in behind if each not in (TIME, EVENT_DAY) and not FACTS[each].derived}
        assert told == set(sources_of(path)), path
