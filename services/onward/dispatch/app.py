"""Dispatch, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.releases.directories import Directories
from onward.chassis.service import Service
from onward.contracts import topics
from onward.dispatch import channels
from onward.dispatch.adapters import KeyringLookup
from onward.dispatch.handlers import delivery_awaits, handle_delivery, handle_withdrawal
from onward.dispatch.reasons import REASONS
from onward.dispatch.settings import Settings


def build(settings: Settings) -> Service:
    """
    Deliveries and withdrawals in, referrals, their withdrawals and receipts out.

    The directory is that of whatever release of `rulesets` is the newest.

    Raises:
        ConfigurationError: no database is named, without whose keyring no identity can be opened; or the shipped
            directory, or the file of trusted keys, cannot be used.
    """
    if settings.database_url is None:
        raise ConfigurationError("dispatch reads person keys from PostgreSQL: set ONWARD_DATABASE_URL")
    directories = Directories.following_from(settings)
    ways = channels.load()
    handle = partial(handle_delivery, directories=directories, channels=ways, id_key=settings.ids)
    withdraw = partial(handle_withdrawal, directories=directories, channels=ways, id_key=settings.ids)
    lookup = KeyringLookup(settings.database_url, master=settings.master, answer_within=settings.request_timeout_s)
    return Service(
        "dispatch",
        settings=settings,
        hops=[
            StatelessHop(
                topics.DELIVERIES, handle, lookup=lookup, awaits=partial(delivery_awaits, directories=directories)
            ),
            StatelessHop(topics.WITHDRAWALS, withdraw),
        ],
        follows=[directories.following()],
        on_start=lookup.prepare,
        reasons=REASONS,
        on_stop=lookup.close,
    )
