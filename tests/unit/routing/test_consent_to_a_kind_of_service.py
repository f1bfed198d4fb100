"""A yes to one kind of service, or one provider, is no yes to another."""

from datetime import UTC, datetime

import pytest

from onward.contracts.codes import LegalBasisKind, Service
from onward.contracts.contact import Consent
from onward.routing.domain.recipient_consent import RecipientConsent

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE: Service = "community_mental_health"


def said(recipient: str | None, *, given: bool = True) -> Consent:
    return Consent(purpose="MENTAL_HEALTH", given=given, recipient=recipient, said_at=NOON)


def against(*consents: Consent, kind: LegalBasisKind = "consent", provider: str = "a-team") -> str:
    return RecipientConsent.of("MENTAL_HEALTH", kind, consents, service=HERE).objection(provider)


@pytest.mark.parametrize("word", ["community_mental_health", "community mental health", "Community Mental Health"])
def test_a_yes_to_a_kind_of_service_is_one_to_whoever_gives_it(word: str) -> None:
    assert against(said(word)) == ""


def test_a_yes_to_another_kind_of_service_is_none_to_this_one() -> None:
    assert against(said("dual_diagnosis")) == "the person agreed to another kind of service only"
    assert against(said("dual_diagnosis"), said(None)) == ""
    assert against(said("dual_diagnosis"), kind="vital_interests") == ""


def test_a_no_to_a_kind_of_service_leaves_only_whom_the_person_named() -> None:
    consents = (said(None), said(HERE, given=False), said("b-team"))
    assert against(*consents) == "the person refused this kind of service"
    assert against(*consents, provider="b-team") == ""


def test_a_yes_for_one_need_is_none_for_another() -> None:
    other = said(HERE).model_copy(update={"purpose": "SUBSTANCE_DRUGS", "given": False})
    assert against(said(None), other) == ""
