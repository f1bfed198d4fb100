"""What a person said about single recipients of a referral."""

from collections.abc import Sequence
from dataclasses import dataclass

from onward.contracts.codes import Category, LegalBasisKind
from onward.contracts.contact import Consent

DESPITE_REFUSAL: frozenset[LegalBasisKind] = frozenset({"vital_interests", "safeguarding", "court_order"})
"""Bases that do not depend on the person's wish about one recipient."""


@dataclass(frozen=True, slots=True)
class RecipientConsent:
    """The providers refused, and the only ones agreed to where agreement was given to named providers alone."""

    refused: frozenset[str] = frozenset()
    only: frozenset[str] | None = None

    @classmethod
    def of(cls, category: Category, kind: LegalBasisKind, consents: Sequence[Consent]) -> "RecipientConsent":
        """The last word said to each recipient counts; without a name it is meant for all that are not named."""
        if not consents or kind in DESPITE_REFUSAL:
            return _NONE
        purposes = {category, "DUTY_TO_REFER"} if kind == "statutory_duty" else {category}
        said = [consent for consent in consents if consent.purpose in purposes]
        if not any(consent.recipient for consent in said):
            return _NONE  # nothing was said of anybody in particular
        # Of two things said at the same moment the refusal stands.
        in_order = sorted(said, key=lambda consent: (consent.said_at, not consent.given))
        last = {consent.recipient: consent.given for consent in in_order}
        agreed_to_all = last.pop(None, False)
        refused = frozenset(recipient for recipient, given in last.items() if recipient and not given)
        agreed = frozenset(recipient for recipient, given in last.items() if recipient and given)
        return cls(refused, agreed if kind == "consent" and agreed and not agreed_to_all else None)

    def objection(self, provider: str) -> str:
        """Why the person's wish is against a provider, or ""."""
        if provider in self.refused:
            return "the person refused this provider"
        if self.only is not None and provider not in self.only:
            return "the person agreed to another provider only"
        return ""


_NONE = RecipientConsent()
