"""The routing service: what it publishes, and what it refuses to start with."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from installation_keys import OF_EVERY_SERVICE
from onward.chassis.errors import ConfigurationError
from onward.chassis.record import Received
from onward.chassis.releases.settings import ReleaseSettings as Settings
from onward.contracts import contact_types, paths, topics
from onward.contracts.decision import Decision
from onward.routing.app import build
from onward.routing.domain.decide import Router
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.surroundings import check_surroundings
from onward.routing.handlers import route
from unit.routing.routing_builders import (
    HOMELESS_ADULT,
    HOUSING,
    a_directory,
    a_provider,
    a_situation,
    rule_set,
    without,
)

TYPES = contact_types.known()
SETTINGS = Settings.model_validate(
    {
        "kafka_bootstrap": "localhost:1",
        **OF_EVERY_SERVICE,
    }
)


def routed(facts: dict[str, Any], *, accepting: bool = True) -> tuple[str, Decision]:
    router = Router(rule_set(need=HOUSING), a_directory(a_provider(accepting=accepting)))
    at = datetime(2026, 3, 4, tzinfo=UTC)
    record = Received(a_situation(facts), "situations", "person-0001", at, 7, 0)
    published = route(record, router)
    (message,) = published.messages
    assert (message.topic, message.key, message.event_type) == ("decisions", "person-0001", "onward.decision.v1")
    assert isinstance(message.body, Decision)
    return published.result, message.body


def test_every_situation_is_published_as_a_decision_counted_by_what_it_does() -> None:
    assert routed(HOMELESS_ADULT)[0] == "referred"
    assert routed(HOMELESS_ADULT, accepting=False)[0] == "unmet"
    assert routed(without(HOMELESS_ADULT, "person.age"))[0] == "asked"
    assert routed(HOMELESS_ADULT | {"person.age": 17})[0] == "nothing_to_do"


def test_the_service_starts_with_the_project_s_rules_and_directory() -> None:
    service = build(SETTINGS)
    assert (service.name, service.migrations) == ("routing", None)
    assert [name for hop in service.hops for name in hop.names] == [topics.SITUATIONS.name]


def test_the_service_refuses_to_start_with_faulty_rules_and_says_every_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "schemas"
    shutil.copytree(paths.schemas(), folder)
    faulty = HOUSING.replace("person.age", "person.agee").replace("homeless,", "homles,").replace("agreed", "nothing")
    (folder / "routing" / "zz.yaml").write_text(f"schema: routing/v1\ntheme: need\nowner: tests\nrules:\n{faulty}")
    monkeypatch.setenv("ONWARD_SCHEMAS", str(folder))
    with pytest.raises(ConfigurationError) as caught:
        build(SETTINGS)
    assert [line.split("error")[1][:6] for line in str(caught.value).splitlines()[1:]] == ["[T001]", "[T003]", "[R009]"]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (HOUSING.replace("urgency:", "providers: [counsil], urgency:"), "D101]: no provider `counsil`"),
        (HOUSING.replace("urgency:", "providers: [advice], urgency:"), "D102]: `advice` does not take ACCOMMODATION"),
        (HOUSING.replace("housing_authority", "cas3"), "D103]: no provider takes ACCOMMODATION as cas3"),
        (
            HOUSING.replace("when: {", "when: {event.source: custdy, "),
            "D104]: no partner `custdy` sends to us; did you",
        ),
    ],
)
def test_rules_that_name_what_does_not_exist_are_refused(rule: str, problem: str) -> None:
    directory = a_directory(a_provider(), a_provider("advice", services=("debt_advice",), categories=("FINANCE_DEBT",)))
    with pytest.raises(BundleError) as caught:
        check_surroundings(rule_set(need=rule), directory, ["custody", "hmpps"], TYPES)
    assert problem in str(caught.value)
    check_surroundings(rule_set(need=HOUSING), directory, ["custody", "hmpps"], TYPES)
