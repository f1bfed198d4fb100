"""Dispatch, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.service import Service
from onward.chassis.settings import Settings
from onward.contracts import topics
from onward.directory import files as directory_files
from onward.directory.files import DirectoryError
from onward.dispatch import channels
from onward.dispatch.adapters import KeyringLookup
from onward.dispatch.handlers import handle_delivery
from onward.dispatch.reasons import REASONS


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
    pepper = settings.pepper.get_secret_value().encode()
    handle = partial(handle_delivery, directory=directory, channels=channels.load(), pepper=pepper)
    lookup = KeyringLookup(settings.database_url, master=settings.master, answer_within=settings.request_timeout_s)
    return Service(
        "dispatch",
        settings=settings,
        hops=[StatelessHop(topics.DELIVERIES, handle, lookup=lookup)],
        on_start=lookup.prepare,
        reasons=REASONS,
        on_stop=lookup.close,
    )
