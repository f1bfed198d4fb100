"""Dispatch, put together."""

from onward.chassis.errors import ConfigurationError
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.service import Service
from onward.contracts import topics
from onward.directory import files as directory_files
from onward.directory.files import DirectoryError
from onward.dispatch import channels
from onward.dispatch.adapters import KeyringLookup
from onward.dispatch.handlers import Sender
from onward.dispatch.reasons import REASONS
from onward.dispatch.settings import Settings


def build(settings: Settings) -> Service:
    """
    Deliveries in, referrals and receipts out.

    Raises:
        ConfigurationError: no database is named, without whose keyring no identity can be opened; or the directory
            cannot be used.
    """
    if settings.database_url is None:
        raise ConfigurationError("dispatch reads person keys from PostgreSQL: set ONWARD_DATABASE_URL")
    try:
        directory = directory_files.load()
    except DirectoryError as error:
        raise ConfigurationError(f"the provider directory cannot be used:\n{error}") from error
    sender = Sender(directory, channels.load(), settings.pepper.get_secret_value().encode())
    lookup = KeyringLookup(settings.database_url, master=settings.master, answer_within=settings.request_timeout_s)
    return Service(
        "dispatch",
        settings=settings,
        hops=[StatelessHop(topics.DELIVERIES, sender.take, lookup=lookup)],
        on_start=lookup.prepare,
        reasons=REASONS,
        on_stop=lookup.close,
    )
