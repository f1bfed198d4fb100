"""What nobody understood is seen on a running system: parked or counted, and named by `onward types`."""

import json
from collections.abc import Callable
from typing import Any

from typer.testing import CliRunner

from integration.whole.partner_messages import arrest, message, release, somebody
from integration.whole.whole_system import System
from onward.cli.main import app


def counted(whole: System, name: str, **labels: str) -> float:
    """What intake counts under these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    lines = [line for line in whole.metrics("intake").splitlines() if line.startswith(f"{name}{{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines if all(each in line for each in wanted))


def rose(whole: System, count: Callable[[], float], *sent: Any) -> float:
    before = count()
    whole.watch.send(*sent)
    whole.settle()
    return count() - before


def test_a_type_that_nobody_knows_is_parked_where_the_shape_is_ours_and_counted(whole: System) -> None:
    who = somebody()
    body = arrest(who, eventType="custody.detention.risk-asessed")
    labels = {"source": "custody", "type": "custody.detention.risk-*"}
    (sent,) = whole.watch.send(message("custody", body))
    (parked,) = whole.wait(lambda: whole.watch.about("parked", sent.place), "a type that nobody knows to be parked")
    assert (parked.header("reason"), parked.header("pointer")) == ("unknown_event_type", "/eventType")
    whole.settle()
    assert counted(whole, "onward_unknown_event_types_total", **labels) >= 1
    assert whole.contacts(sent.place) == []


def test_on_hmpps_bus_it_is_ignored_and_counted_by_type(whole: System) -> None:
    sent = message("hmpps", release(somebody()) | {"eventType": "prison-offender-events.prisoner.teleported"})
    labels = {"source": "hmpps", "type": "prison-offender-events.prisoner.*"}
    assert rose(whole, lambda: counted(whole, "onward_unknown_event_types_total", **labels), sent, sent) == 2


def test_a_misspelt_field_is_counted_and_the_person_goes_on(whole: System) -> None:
    who = somebody()
    body = arrest(who)
    body["person"]["dateOfBrith"] = body["person"].pop("dateOfBirth")
    labels = {"source": "custody", "field": "person.dateOfBirth"}
    before = counted(whole, "onward_unread_fields_total", **labels)
    (sent,) = whole.watch.send(message("custody", body))
    assert whole.decided(sent.place)
    whole.settle()
    assert counted(whole, "onward_unread_fields_total", **labels) - before == 1


def test_the_types_that_nobody_knows_are_named_with_what_was_meant(whole: System) -> None:
    sent = message("hmpps", release(somebody()) | {"eventType": "prison-offender-events.prisoner.relased"})
    person = message("hmpps", release(somebody()) | {"eventType": "person.test-person-0001.released"})
    whole.watch.send(sent, sent, sent, person)
    asked = ["types", "--source", "hmpps", "--bootstrap", whole.bootstrap]
    result = CliRunner().invoke(app, [*asked, "--json"])
    assert result.exit_code == 0, result.output
    (hmpps,) = json.loads(result.stdout)["sources"]
    found = {each["type"]: (each["count"], each["did_you_mean"]) for each in hmpps["unknown"]}
    assert found["prison-offender-events.prisoner.relased"] == (3, "prison-offender-events.prisoner.released")
    assert "0001" not in result.stdout
    assert found["*"][0] >= 1
    words = CliRunner().invoke(app, asked).stdout
    assert "NOT KNOWN     prison-offender-events.prisoner.relased: 3 times; did you mean" in words
    few = CliRunner().invoke(app, [*asked, "--most", "2"]).stdout
    assert "of the first 2 records" in few


def test_the_words_that_are_in_no_list_are_named_once_several_people_were_said_to_have_them(whole: System) -> None:
    people = [somebody() for _ in range(3)]
    met = [arrest(who, needs=[{"category": "Fear of heights", "severity": "high"}]) for who in people]
    seldom = arrest(somebody(), needs=[{"category": "fire raising", "severity": "high"}])
    named = arrest(people[0], needs=[{"category": people[0].name, "severity": "high"}])
    whole.watch.send(*(message("custody", body) for body in (*met, seldom, named)))
    asked = ["words", "--source", "custody", "--bootstrap", whole.bootstrap]
    result = CliRunner().invoke(app, [*asked, "--json"])
    assert result.exit_code == 0, result.output
    (custody,) = json.loads(result.stdout)["sources"]
    found = {(each["field"], each["word"]): each for each in custody["not_known"]}
    assert (found["needs.category", "fear of heights"]["times"], custody["all_records"]) == (3, True)
    assert found["needs.category", "fear of heights"]["list"] == "needs"
    assert found["needs.category", None]["times"] >= 2
    assert not {word for _, word in found if word} & {"fire raising", people[0].name.lower()}
    shown = CliRunner().invoke(app, asked).stdout
    assert "NOT KNOWN  needs.category: fear of heights: 3 times; needs: {fear of heights: CODE}" in shown
    assert "of the first 2 records" in CliRunner().invoke(app, [*asked, "--most", "2"]).stdout
