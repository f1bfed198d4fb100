"""A provider that reads its own topic, `referrals.<provider>`."""

from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import ProviderReferral
from onward.directory.model import Provider


def send(referral: ProviderReferral, provider: Provider) -> tuple[Outgoing[Message], ...]:
    """One message, keyed by the provider's own pseudonym of the person: its order is kept for each person."""
    return (topics.REFERRALS.message(referral, key=referral.person, of=provider.id),)
