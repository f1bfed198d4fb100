"""The only place where intake's parts are put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.service import Service
from onward.chassis.settings import Settings
from onward.contracts import topics
from onward.intake import metrics
from onward.intake.domain.partner import partners_of
from onward.intake.domain.reader import Reader
from onward.intake.handlers import feedback_to_partner, handle_partner_message
from onward.intake.partners import adapters
from onward.intake.reasons import REASONS
from onward.places.areas import installed


def build(settings: Settings) -> Service:
    """
    Intake: partners' messages in, contacts and feedback out. Owns nothing.

    Raises:
        ConfigurationError: A topic file has no adapter, or an adapter no topic file.
        PostcodeTableError: The table of postcodes that is named cannot be used.
    """
    files, known = topics.files(), adapters()
    sources = set(topics.sources(files))
    if unread := sorted(sources - known.keys()):
        raise ConfigurationError(f"no adapter in intake/sources/ reads {', '.join(unread)}; add one for each")
    if nowhere := sorted(known.keys() - sources):
        raise ConfigurationError(f"no topic file for {', '.join(f'in.{name}' for name in nowhere)} in schemas/topics/")
    reader = Reader(partners_of(known, files), installed())
    handle = partial(handle_partner_message, reader=reader, id_key=settings.ids)
    feedback = partial(feedback_to_partner, reader=reader)
    hops = [StatelessHop.of_raw([f"in.{name}" for name in sorted(sources)], handle, feedback=feedback)]
    return Service("intake", settings=settings, hops=hops, counters=metrics.ALL, reasons=REASONS)
