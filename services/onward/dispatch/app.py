"""Dispatch, put together."""

from onward.chassis.errors import ConfigurationError
from onward.chassis.hop import LookupHop
from onward.chassis.service import Service
from onward.contracts import directory_files, topics
from onward.dispatch import channels
from onward.dispatch.adapters import KeyringLookup
from onward.dispatch.handlers import Sender
from onward.dispatch.settings import Settings


def build(settings: Settings) -> Service:
    """
    Deliveries in, referrals and receipts out.

    Raises:
        ConfigurationError: no database is named: without the keyring no identity can be opened.
        DirectoryError: the directory cannot be used.
    """
    if settings.database_url is None:
        raise ConfigurationError("dispatch reads person keys from PostgreSQL: set ONWARD_DATABASE_URL")
    sender = Sender(directory_files.load(), channels.load(), settings.pepper.get_secret_value().encode())
    lookup = KeyringLookup(settings.database_url, master=settings.master)
    return Service(
        "dispatch",
        settings=settings,
        hops=[LookupHop(topics.DELIVERIES, sender.take, lookup=lookup)],
        on_start=lookup.prepare,
        on_stop=lookup.close,
    )
