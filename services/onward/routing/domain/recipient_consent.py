"""What a person said about single recipients of a referral."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from onward.contracts.codes import Category, LegalBasisKind, Service
from onward.contracts.contact import Consent

DESPITE_REFUSAL: frozenset[LegalBasisKind] = frozenset({"vital_interests", "safeguarding", "court_order"})
"""Bases that do not depend on the person's wish about one recipient."""


_OTHER: Final = "the person agreed to another provider only"
_SERVICES: Final = frozenset[str](get_args(Service))


@dataclass(frozen=True, slots=True)
class RecipientConsent:
    """The providers refused, and the only ones agreed to where agreement was given to named recipients alone."""

    refused: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    why_only: str = _OTHER

    @classmethod
    def of(
        cls, category: Category, kind: LegalBasisKind, consents: Sequence[Consent], *, service: Service | None = None
    ) -> "RecipientConsent":
        """
        The last word said to each recipient counts; without a name it is meant for all that are not named.

        A recipient may be a kind of *service* too: a yes to one is none to another, and a no to it leaves only the
        providers of it that were agreed to by name.
        """
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
        services = {word: last.pop(name) for name in [*last] if name and (word := _service(name))}
        here, elsewhere = services.get(service or ""), any(services.values())
        refused = frozenset(recipient for recipient, given in last.items() if recipient and not given)
        agreed = frozenset(recipient for recipient, given in last.items() if recipient and given)
        if here is False:
            return cls(refused, agreed, "the person refused this kind of service")
        if kind != "consent" or agreed_to_all or here or not (agreed or elsewhere):
            return cls(refused)
        return cls(refused, agreed, _OTHER if agreed else "the person agreed to another kind of service only")

    def objection(self, provider: str) -> str:
        """Why the person's wish is against a provider, or ""."""
        if provider in self.refused:
            return "the person refused this provider"
        if self.only is not None and provider not in self.only:
            return self.why_only
        return ""


def _service(recipient: str) -> str | None:
    """The kind of service that a recipient is, if it is no provider's id."""
    word = recipient.strip().lower().replace(" ", "_").replace("-", "_")
    return word if word in _SERVICES else None


_NONE = RecipientConsent()
