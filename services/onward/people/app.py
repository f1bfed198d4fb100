"""People, put together."""

from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.security import keyring
from onward.chassis.service import Service
from onward.contracts import topics
from onward.people.adapters import MIGRATIONS, PostgresPeople
from onward.people.handlers import Taker
from onward.people.reasons import REASONS
from onward.people.settings import Settings


def build(settings: Settings) -> Service:
    """
    Contacts in, situations out.

    Raises:
        ConfigurationError: no database is named: there would be nowhere to remember anybody.
    """
    url = settings.database_url
    if url is None:
        raise ConfigurationError("people remembers contacts in PostgreSQL: set ONWARD_DATABASE_URL")
    pepper = settings.pepper.get_secret_value().encode()

    async def prepare() -> None:
        async with await database.connect(url, "people", purpose="keyring") as connection:
            await keyring.prepare(connection)

    store = PostgresPeople(pepper=pepper, master=settings.master)
    return Service(
        "people",
        settings=settings,
        hops=[StatefulHop(topics.CONTACTS, Taker(pepper).take, store=store)],
        migrations=MIGRATIONS,
        on_start=prepare,
        reasons=REASONS,
    )
