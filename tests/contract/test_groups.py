"""The groups that every process watches are those of the services' own hops, and the topic files say the same."""

from importlib import import_module

import pytest

from installation_keys import OF_PEOPLE
from onward.chassis.processing import groups
from onward.contracts.services import SERVICES
from onward.directory import files as directory_files

GIVEN = {
    "kafka_bootstrap": "none:9092",
    "database_url": "postgresql://none",
    **OF_PEOPLE,
}


@pytest.mark.parametrize("service", SERVICES)
def test_the_groups_of_a_service_are_those_that_the_topic_files_name(service: str) -> None:
    app = import_module(f"onward.{service}.app")
    built = app.build(app.Settings(**GIVEN))
    own = {group.name: group for group in (groups.of_hop(service, hop) for hop in built.hops)}
    named = {group.name: group for group in groups.of_deployment() if group.name.startswith(f"{service}.")}

    assert own.keys() == named.keys()
    for name, group in own.items():
        assert {topic: named[name].counts(topic) for topic in group.reads} == dict(group.reads)


def test_every_provider_s_replies_are_read_and_nobody_else_s_topics_are() -> None:
    replies = next(group for group in groups.of_deployment() if group.name == "tracking.replies")
    for provider in directory_files.load().providers:
        assert replies.counts(f"replies.{provider}") == "replies"
    assert replies.counts("referrals.somebody") is None


def test_books_are_kept_of_what_services_write_to_each_other() -> None:
    assert groups.booked() == {
        "contacts", "situations", "decisions", "deliveries", "withdrawals", "receipts", "erased-persons",
    }  # fmt: skip
