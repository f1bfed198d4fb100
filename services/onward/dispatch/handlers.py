"""From a delivery or a withdrawal to what is published for it: the message and its receipt, or a refusal."""

from collections.abc import Mapping

from onward.chassis.record import Received
from onward.chassis.releases.directories import Directories
from onward.chassis.security import sealing
from onward.chassis.security.envelope import UnsealableError
from onward.contracts import topics
from onward.contracts.contact import Identity
from onward.contracts.ids import pseudonym
from onward.contracts.outcome import Outgoing, Published
from onward.contracts.referral import Delivery, Receipt, Withdrawal
from onward.dispatch import domain
from onward.dispatch.channels import Channel
from onward.dispatch.domain import RefusalReason


def delivery_awaits(record: Received[Delivery], *, directories: Directories) -> str | None:
    """What a delivery waits for: the directory that it was decided with, and what was published by then."""
    return directories.waits_for(record.body.directory, record.body.release_number)


def handle_delivery(
    record: Received[Delivery],
    keys: Mapping[str, bytes],
    *,
    directories: Directories,
    channels: Mapping[str, Channel],
    id_key: bytes,
) -> Published:
    """
    Send one delivery, or refuse it; both are published, and counted by result.

    Args:
        record: The delivery.
        keys: The person keys of its batch; a person without one has been forgotten.
        directories: Who may see what: as it was decided with, and now.
        channels: The ways to reach a provider, by name.
        id_key: The secret that providers' pseudonyms are made with.
    """
    delivery = record.body
    to = domain.recipient(delivery, directories.of(delivery.directory), directories.live)
    if isinstance(to, str):
        return _refuse(delivery, to)
    provider, profile = to
    channel = channels.get(provider.channel)
    if channel is None:
        return _refuse(delivery, "channel_unknown")
    identity = _open(delivery, keys)
    if isinstance(identity, str):
        return _refuse(delivery, identity)
    theirs = pseudonym(id_key, "provider", provider.id, delivery.person)
    referral = domain.project(delivery, identity, profile, pseudonym=theirs, id_key=id_key)
    reason = domain.unlawful(referral.disclosed, delivery.legal_basis)
    if reason is not None:
        return _refuse(delivery, reason)
    receipt = _on_receipts(domain.sent(delivery, referral))
    return Published((*channel(referral, provider), receipt), result="sent")


def handle_withdrawal(
    record: Received[Withdrawal], *, directories: Directories, channels: Mapping[str, Channel], id_key: bytes
) -> Published:
    """
    Tell a provider that a referral which it has been sent has ended, or refuse to; counted by result.

    It went out before: `tracking` asks for it only once the referral's receipt is there. It holds nothing that is
    sealed, so that a person who was forgotten since can still be left in peace.
    """
    withdrawal = record.body
    provider = directories.live.providers.get(withdrawal.provider)
    channel = None if provider is None else channels.get(provider.channel)
    if provider is None or channel is None:
        return _refuse(withdrawal, "provider_unknown" if provider is None else "channel_unknown")
    theirs = pseudonym(id_key, "provider", provider.id, withdrawal.person)
    told = channel(domain.told_to_stop(withdrawal, pseudonym=theirs), provider)
    return Published((*told, _on_receipts(domain.told(withdrawal))), result="withdrawn")


def _open(delivery: Delivery, keys: Mapping[str, bytes]) -> Identity | RefusalReason:
    """The person's identity, or why it cannot be had. A person of whom no identity is known needs no key."""
    if not delivery.sealed:
        return Identity()
    whose = delivery.sealed_for or delivery.person
    key = keys.get(whose)
    if key is None:
        return "key_destroyed"
    try:
        return sealing.open_sealed(key, whose, delivery.sealed)
    except UnsealableError:
        return "identity_unreadable"


def _refuse(asked: Delivery | Withdrawal, reason: RefusalReason) -> Published:
    return Published((_on_receipts(domain.refused(asked, reason)),), result=f"refused_{reason}")


def _on_receipts(receipt: Receipt) -> Outgoing[Receipt]:
    return topics.RECEIPTS.message(receipt, key=receipt.person)
