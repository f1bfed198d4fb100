"""What a person agreed to: each purpose apart."""

from collections.abc import Iterable
from datetime import datetime

from onward.contracts.contact import Consent
from onward.contracts.facts import Facts
from onward.intake.domain.parts import ConsentGroup, ConsentIn


def consents_of(told: tuple[ConsentIn, ...] | ConsentGroup | None, occurred_at: datetime) -> tuple[Consent, ...]:
    """Each consent by its purpose. One with no time of its own was said at the event."""
    if isinstance(told, ConsentGroup):
        told = tuple(
            ConsentIn.model_construct(
                purpose=purpose, given=told.given, recipient=told.recipient, said_at=told.said_at, how=told.how
            )
            for purpose in told.purposes
        )
    return tuple(
        Consent(
            purpose=one.purpose,
            given=one.given,
            recipient=one.recipient,
            said_at=one.said_at or occurred_at,
            how=one.how or "",
        )
        for one in told or ()
    )


def consent_facts(consents: Iterable[Consent]) -> Facts:
    """Consent by purpose for any recipient: what was said last, and no where two were said at one time."""
    last: dict[str, Consent] = {}
    for consent in consents:
        before = last.get(consent.purpose)
        if consent.recipient is None and (before is None or _later(consent, before)):
            last[consent.purpose] = consent
    return {f"consent.{purpose.lower()}": consent.given for purpose, consent in last.items()}


def _later(consent: Consent, before: Consent) -> bool:
    return (consent.said_at, before.given) > (before.said_at, consent.given)
