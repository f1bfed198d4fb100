"""People, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.security import keyring
from onward.chassis.security.cause import Sealer
from onward.chassis.service import Service
from onward.contracts import topics
from onward.people import metrics
from onward.people.adapters import MIGRATIONS, PostgresPeople
from onward.people.erasing import PostgresErasures, reconcile
from onward.people.handlers import feedback_to_partner, handle_contact, handle_erasure, handle_match_decision
from onward.people.reasons import REASONS
from onward.people.settings import Settings


def build(settings: Settings) -> Service:
    """
    Contacts, answers to who is who and erasures in; situations, questions, feedback and what was erased out.

    Raises:
        ConfigurationError: no database is named: there would be nowhere to remember anybody; or the file of trusted
            keys cannot be used.
    """
    url = settings.database_url
    if url is None:
        raise ConfigurationError("people remembers contacts in PostgreSQL: set ONWARD_DATABASE_URL")

    async def prepare() -> None:
        async with await database.connect(url, "people", purpose="keyring") as connection:
            await keyring.prepare(connection)
            # A database that was restored has whom we erased since: before the first record.
            await reconcile(connection, settings.kafka, within=3 * settings.request_timeout_s)

    store = PostgresPeople(
        pepper=settings.pseudonyms, id_key=settings.ids, master=settings.master, reference=settings.reference
    )
    return Service(
        "people",
        settings=settings,
        hops=[
            StatefulHop(
                topics.CONTACTS,
                partial(handle_contact, id_key=settings.ids),
                store=store,
                feedback=partial(feedback_to_partner, sealer=Sealer(settings.ids)),
            ),
            StatefulHop(
                topics.MATCH_DECISIONS,
                partial(handle_match_decision, id_key=settings.ids, trusted=settings.trusted),
                store=store,
            ),
            StatefulHop(topics.ERASURES, partial(handle_erasure, trusted=settings.trusted), store=PostgresErasures()),
        ],
        migrations=MIGRATIONS,
        on_start=prepare,
        reasons=REASONS,
        counters=metrics.ALL,
    )
