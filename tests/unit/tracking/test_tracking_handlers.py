from datetime import timedelta
from uuid import UUID

import pytest

from installation_keys import OF_EVERY_SERVICE, OF_PEOPLE
from onward.chassis.errors import ConfigurationError
from onward.chassis.record import M, Received
from onward.contracts import topics
from onward.contracts.outcome import Ignored, Noted, Outcome, Parked, Published
from onward.contracts.referral import Approval, Receipt
from onward.directory.model import Directory, Provider
from onward.tracking import app, handlers
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.metrics import PROPOSALS_DROPPED
from onward.tracking.settings import Settings as TrackingSettings
from unit.tracking.ledger_builders import ID_KEY, MONDAY_9AM, OPENED, PARTNERS, PERSON, a_decision, a_proposal, a_reply

PROPOSAL = a_proposal()
REFERRAL: UUID = PROPOSAL.referral_id


def received(body: M, topic: str = "t") -> Received[M]:
    return Received(body, topic, None, MONDAY_9AM + timedelta(seconds=1), 0, 0)


def a_book_with_the_referral() -> UnitOfWork:
    book = UnitOfWork(opened=OPENED)
    outcome = handlers.handle_decision(received(a_decision(PROPOSAL)), book, partners=PARTNERS, id_key=ID_KEY)
    assert isinstance(outcome, Published)
    assert outcome.result == "opened"
    return book


def reply_on(topic: str) -> Outcome:
    return handlers.handle_reply(
        received(a_reply(REFERRAL, "ACCEPTED"), topic), a_book_with_the_referral(), id_key=ID_KEY
    )


def test_who_replies_is_taken_from_the_topic() -> None:
    assert isinstance(reply_on("replies.sandwell-housing"), Published)
    stranger = reply_on("replies.dudley-housing")
    assert isinstance(stranger, Parked)
    assert stranger.reason == "not_their_referral"


def test_steps_are_dated_by_the_broker() -> None:
    outcome = reply_on("replies.sandwell-housing")
    assert isinstance(outcome, Published)
    dates = {message.body.model_dump()["at"] for message in outcome.messages}
    assert dates == {MONDAY_9AM + timedelta(seconds=1)}


def test_a_receipt_and_an_approval_find_their_referral() -> None:
    book = a_book_with_the_referral()
    receipt = Receipt(referral_id=REFERRAL, person=PERSON, provider="sandwell-housing", outcome="sent")
    assert isinstance(handlers.handle_receipt(received(receipt), book, id_key=ID_KEY), Published)
    approval = Approval(referral_id=REFERRAL, approved=True, by="staff-0001", role="x", at=MONDAY_9AM)
    parked = handlers.handle_approval(received(approval), book, id_key=ID_KEY)
    assert isinstance(parked, Parked)
    assert parked.reason == "no_approval_needed"


def test_a_dropped_proposal_is_counted_and_changes_nothing() -> None:
    book = a_book_with_the_referral()
    changed = dict(book.changed_referrals)
    outcome = handlers.handle_decision(received(a_decision(PROPOSAL)), book, partners=PARTNERS, id_key=ID_KEY)
    assert outcome == Ignored("repeat", (Noted(PROPOSALS_DROPPED, ("repeat",)),))
    assert book.changed_referrals == changed


def some_settings(database_url: str | None) -> TrackingSettings:
    return TrackingSettings(
        kafka_bootstrap="localhost:9092",
        database_url=database_url,
        **OF_EVERY_SERVICE,
        reference_key=OF_PEOPLE["reference_key"],
    )


def a_directory(*providers: str) -> Directory:
    made = {
        name: Provider(
            id=name,
            name=name,
            area="west-midlands",
            services=("housing_authority",),
            categories=("ACCOMMODATION",),
            catchment=("*",),
            profile="housing",
        )
        for name in providers
    }
    return Directory(version="1", sha256="0" * 64, providers=made, profiles={})


def test_it_listens_to_every_provider_in_the_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onward.directory.files.load", lambda: a_directory("one-housing", "two-housing"))
    service = app.build(some_settings("postgresql://localhost/onward"))
    assert [hop.names for hop in service.hops] == [
        ("decisions",),
        ("replies.one-housing", "replies.two-housing"),
        ("receipts",),
        ("approvals",),
        ("erased-persons",),
    ]


def test_it_cannot_be_built_without_a_database_or_without_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onward.directory.files.load", a_directory)
    with pytest.raises(ConfigurationError, match="ONWARD_DATABASE_URL"):
        app.build(some_settings(None))
    with pytest.raises(ConfigurationError, match="names no provider"):
        app.build(some_settings("postgresql://localhost/onward"))


def test_it_knows_every_partner_and_what_each_can_be_asked() -> None:
    known = app.partners()
    assert tuple(known) == topics.sources()
    assert known["custody"].asked("accommodation.status", "custody.risk-assessed")
    assert not known["custody"].asked("accommodation.status", "custody.disposed")
    assert not known["custody"].asked("duty_to_refer.status", "custody.risk-assessed")
    assert not known["custody"].asked("risk.self_harm", "custody.risk-assessed")
    assert known["custody"].asked("risk.self_harm", "custody.risk-assessed", risk_unread=True)


def test_the_police_are_told_of_nothing_that_others_raised() -> None:
    known = app.partners()
    for source in ("custody", "control-room", "street-triage", "courts", "cautions"):
        assert known[source].told_of == frozenset(), source
    assert not known["liaison"].told_of & {"DOMESTIC_ABUSE", "GANGS_EXIT"}
