"""Every topic is written down, and what is written is true."""

from pathlib import Path

import pytest

from onward.contracts import paths, topics
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.services import SERVICES
from onward.intake.partners import adapters

PEOPLE = {"partner", "provider", "people-on-duty", "menders", "rule-authors", "service", "insight", "auditor"}
FILES = topics.files()


@pytest.mark.parametrize("name", FILES)
def test_producers_and_consumers_are_services_of_ours_or_people_we_name(name: str) -> None:
    topic = FILES[name]
    assert {*topic.producers, *topic.consumers} <= {*SERVICES} | PEOPLE


def test_every_message_of_ours_has_a_topic_file_and_every_file_a_message() -> None:
    written = {
        (name, each) for name, topic in FILES.items() for each in (topic.message, *topic.further_messages) if each
    }
    assert written == {(topic.name, topic.event_type) for topic in topics.ALL}


def test_every_partner_has_one_topic_that_only_intake_reads() -> None:
    assert set(topics.sources()) >= {
        "cautions", "control-room", "courts", "custody", "hmpps", "liaison", "probation", "street-triage",
    }  # fmt: skip
    for source in topics.sources():
        topic = FILES[f"in.{source}"]
        assert topic.consumers == ("intake",)
        assert topic.producers == ("partner",)
        assert topic.personal_data == "identifying"


def test_direct_identifiers_travel_only_towards_us_and_on_topics_of_whoever_is_told() -> None:
    identifying = {name for name, topic in FILES.items() if topic.personal_data == "identifying"}
    assert {name for name in identifying if not name.startswith("in.")} == {
        "contacts",
        "referrals.{provider}",
        # A partner is told under its own reference, which for a prison is the prison number itself.
        "feedback.{source}",
        "questions.{source}",
        "status.{source}",
    }


def test_partner_topics_stay_uncompressed_so_that_the_broker_refuses_a_decompression_bomb() -> None:
    for name, topic in FILES.items():
        ingress = name.startswith(("in.", "replies."))
        assert topic.config()["compression.type"] == ("uncompressed" if ingress else "producer"), name


def test_a_full_batch_of_a_stock_client_fits_on_every_partner_s_topic_and_each_record_is_bounded_by_us() -> None:
    limits = {name: topic.max_record_bytes for name, topic in FILES.items() if topic.max_record_bytes}
    assert limits == {**{f"in.{source}": 262_144 for source in topics.sources()}, "replies.{provider}": 65_536}
    # franz-go 1,000,012; librdkafka 1,000,000; Java a request of 1,048,576 with the batch's head of 61 in it
    assert {FILES[name].max_message_bytes for name in limits} == {1_048_588}


def test_a_topic_s_bound_for_a_record_is_found_by_its_own_name_and_by_its_family_s() -> None:
    assert topics.record_limit("in.custody") == 262_144
    assert topics.record_limit("replies.some-provider") == 65_536
    assert topics.record_limit("contacts") is None
    assert topics.record_limit("nobody-s") is None
    assert topics.too_large("in.custody", 262_144) is None
    detail = topics.too_large("in.custody", 262_145)
    assert detail is not None
    assert "262145" in detail
    assert "262144" in detail


def test_whatever_can_be_read_can_be_parked() -> None:
    # The longest a record can grow when it is sealed: see `test_no_record_grows_more_than_sixfold_when_it_is_parked`.
    most = max(topic.max_message_bytes for topic in FILES.values() if {*topic.consumers} & {*SERVICES})
    assert FILES["parked.{service}"].max_message_bytes >= 6 * most + 10_000


def test_a_family_is_spelled_out_for_every_member() -> None:
    expanded = topics.expand(["provider-a", "provider-b"], ["intake"])
    assert {"referrals.provider-a", "referrals.provider-b", "replies.provider-a", "parked.intake"} <= expanded.keys()
    assert {f"status.{source}" for source in topics.sources()} <= expanded.keys()
    assert not [name for name in expanded if "{" in name]


def test_a_topic_file_with_a_key_nobody_knows_is_refused(tmp_path: Path) -> None:
    text = (paths.schemas() / "topics" / "contacts.yaml").read_text()
    (tmp_path / "contacts.yaml").write_text(text + "retention: 7\n")
    with pytest.raises(topics.TopicFileError, match=r"(?s)contacts\.yaml.*retention"):
        topics.load(tmp_path)


def test_a_mistake_in_a_topic_file_is_told_with_its_place_and_what_was_meant(tmp_path: Path) -> None:
    text = (paths.schemas() / "topics" / "contacts.yaml").read_text()
    wrong = text.replace("personal_data: identifying", "personal_data: identifing")
    assert wrong != text
    (tmp_path / "contacts.yaml").write_text(wrong)
    with pytest.raises(
        topics.TopicFileError,
        match=r"contacts\.yaml:\d+:\d+: .*`identifing` is not one of .*did you mean `identifying`",
    ):
        topics.load(tmp_path)


def test_a_topic_file_is_called_after_its_topic(tmp_path: Path) -> None:
    text = (paths.schemas() / "topics" / "contacts.yaml").read_text()
    (tmp_path / "contact.yaml").write_text(text)
    with pytest.raises(topics.TopicFileError, match="called after its topic"):
        topics.load(tmp_path)


@pytest.mark.parametrize("source", topics.sources())
def test_a_partner_is_asked_only_at_contacts_of_its_own_and_for_what_it_is_believed_about(source: str) -> None:
    topic = FILES[f"in.{source}"]
    if topic.asked is None:
        return
    assert set(topic.asked.at) <= set(adapters()[source].makes)
    for path in (path for path in (*FACTS, *ASKABLE_ONLY) if topic.is_asked(path, topic.asked.at[0])):
        assert topic.answers_for(path), path


def test_courts_and_the_event_bus_of_prisons_are_asked_nothing() -> None:
    assert {source for source in topics.sources() if FILES[f"in.{source}"].asked is None} == {"courts", "hmpps"}
