"""What a person agreed to: each purpose apart."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from onward.contracts.contact import Consent
from onward.contracts.facts import Facts
from onward.intake.domain.parts import ConsentGroup, ConsentIn

_ADULT: Final = 18
"""Years (Children Act 1989 s. 105; Family Law Reform Act 1969 s. 1)."""


def consents_of(told: tuple[ConsentIn, ...] | ConsentGroup | None, occurred_at: datetime) -> tuple[Consent, ...]:
    """Each consent by its purpose. One with no time of its own was said at the event."""
    if isinstance(told, ConsentGroup):
        told = tuple(
            ConsentIn.model_construct(
                purpose=purpose,
                given=told.given,
                recipient=told.recipient,
                agreed_with=told.agreed_with,
                said_at=told.said_at,
                how=told.how,
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


def child_agreement(told: tuple[ConsentIn, ...] | ConsentGroup | None, age: int | None) -> Facts:
    """
    What stands behind the agreement of a child: nobody, unless it is said of every yes of the message.

    Of an adult, and of somebody whose age the message does not tell, only what it says.
    """
    said = (told,) if isinstance(told, ConsentGroup) else told or ()
    agreed = [one.agreed_with for one in said if one.given]
    if not agreed or not (any(agreed) or (age is not None and age < _ADULT)):
        return {}
    weakest = next((each for each in ("nobody", "competence") if each in agreed), "parent")
    return {"person.child_agrees_with": "nobody" if None in agreed else weakest}


def _later(consent: Consent, before: Consent) -> bool:
    return (consent.said_at, before.given) > (before.said_at, consent.given)
