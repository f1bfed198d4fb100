"""Tracking, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.postgres import database
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.releases.directories import Directories
from onward.chassis.security import keyring
from onward.chassis.service import Service
from onward.contracts import topics
from onward.contracts.decision import Decision
from onward.contracts.referral import Approval, Receipt, Reply
from onward.tracking import handlers, metrics
from onward.tracking.adapters import MIGRATIONS, PostgresLedger, query_for_answers, query_for_decisions
from onward.tracking.domain.model import KnownPartner, Partners
from onward.tracking.erasing import PostgresLedgerErasures, reconcile
from onward.tracking.reasons import REASONS
from onward.tracking.settings import Settings


def partners() -> Partners:
    """Every partner that sends to us: what it can be asked for, and when; and what it is told of others' referrals."""
    files = topics.files()
    named = {source: files[f"in.{source}"] for source in topics.sources(files)}
    return {source: KnownPartner(file.is_asked, frozenset(file.told_of)) for source, file in named.items()}


def build(settings: Settings) -> Service:
    """
    Decisions, receipts, replies and approvals in; deliveries, status, questions, escalations and events out.

    Raises:
        ConfigurationError: no database is named, or no provider: then there is nobody to hear from; or the shipped
            directory, or the file of trusted keys, cannot be used.
        TopicFileError: a topic file cannot be used.
    """
    url = settings.database_url
    if url is None:
        raise ConfigurationError("tracking keeps the referral ledger in PostgreSQL: set ONWARD_DATABASE_URL")
    directories = Directories.following_from(settings)
    providers = sorted(directories.shipped.providers)
    if not providers:
        raise ConfigurationError("the directory names no provider: add one under schemas/directory/")
    decisions: PostgresLedger[Decision] = PostgresLedger(query_for_decisions, reference=settings.reference)
    replies: PostgresLedger[Reply] = PostgresLedger(query_for_answers, reference=settings.reference)
    receipts: PostgresLedger[Receipt] = PostgresLedger(query_for_answers, reference=settings.reference)
    approvals: PostgresLedger[Approval] = PostgresLedger(query_for_answers, reference=settings.reference)

    async def prepare() -> None:
        """Make the keyring if `people` has not yet: `tracking` may be the first to start. Once made, it only reads."""
        async with await database.connect(url, "tracking", purpose="keyring") as connection:
            if not await keyring.is_there(connection):
                await keyring.prepare(connection)
            # A database that was restored has whom we erased since: before the first record.
            await reconcile(connection, settings.kafka, within=3 * settings.request_timeout_s)

    return Service(
        "tracking",
        settings=settings,
        hops=[
            StatefulHop(
                topics.DECISIONS,
                partial(handlers.handle_decision, partners=partners(), id_key=settings.ids),
                store=decisions,
                awaits=partial(handlers.decision_awaits, directories=directories),
            ),
            StatefulHop(
                topics.REPLIES,
                partial(handlers.handle_reply, id_key=settings.ids),
                store=replies,
                names=[topics.REPLIES.name.replace("{provider}", provider) for provider in providers],
                # A provider that is published while we run answers on a topic that was made for it by then.
                whole_family=True,
            ),
            StatefulHop(topics.RECEIPTS, partial(handlers.handle_receipt, id_key=settings.ids), store=receipts),
            StatefulHop(topics.APPROVALS, partial(handlers.handle_approval, id_key=settings.ids), store=approvals),
            StatefulHop(topics.ERASED_PERSONS, handlers.handle_erased_person, store=PostgresLedgerErasures()),
        ],
        follows=[directories.following()],
        migrations=MIGRATIONS,
        on_start=prepare,
        reasons=REASONS,
        counters=metrics.COUNTERS,
    )
