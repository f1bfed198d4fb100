"""A provider that reads its own topic, `referrals.<provider>`."""

from onward.contracts import topics
from onward.contracts.base import Message
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import ProviderReferral, ProviderWithdrawal
from onward.directory.model import Provider


def send(told: ProviderReferral | ProviderWithdrawal, provider: Provider) -> tuple[Outgoing[Message], ...]:
    """One message, keyed by the provider's own pseudonym of the person: its order is kept for each person."""
    if isinstance(told, ProviderReferral):
        return (topics.REFERRALS.message(told, key=told.person, of=provider.id),)
    return (topics.PROVIDER_WITHDRAWALS.message(told, key=told.person, of=provider.id),)
