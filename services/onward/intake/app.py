"""The only place where intake's parts are put together."""

from onward.chassis.errors import ConfigurationError
from onward.chassis.processing.hop import RawHop
from onward.chassis.service import Service
from onward.contracts import topics
from onward.intake import metrics
from onward.intake.handlers import taking
from onward.intake.reasons import REASONS
from onward.intake.settings import Settings
from onward.intake.sources import ADAPTERS


def build(settings: Settings) -> Service:
    """
    Intake: partners' messages in, contacts out. Owns nothing.

    Raises:
        ConfigurationError: A topic file has no adapter, or an adapter no topic file.
    """
    sources = set(topics.sources())
    if unread := sorted(sources - ADAPTERS.keys()):
        raise ConfigurationError(f"no adapter in intake/sources/ reads {', '.join(unread)}; add one for each")
    if nowhere := sorted(ADAPTERS.keys() - sources):
        raise ConfigurationError(f"no topic file for {', '.join(f'in.{name}' for name in nowhere)} in schemas/topics/")
    take = taking(settings.pepper.get_secret_value().encode())
    hops = [RawHop([f"in.{name}" for name in sorted(sources)], take)]
    return Service("intake", settings=settings, hops=hops, counters=metrics.ALL, reasons=REASONS)
