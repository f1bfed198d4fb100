"""Routing, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka.following import Following
from onward.chassis.processing.hop import StatelessHop
from onward.chassis.releases.settings import ReleaseSettings as Settings
from onward.chassis.service import Service
from onward.contracts import contact_types, paths, topics
from onward.directory import files as directory_files
from onward.routing import metrics
from onward.routing.bundle_files import load_bundle
from onward.routing.bundles import Bundles
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.surroundings import check_surroundings
from onward.routing.handlers import handle_situation
from onward.routing.reasons import REASONS
from onward.routing.ruling import Ruling


def shipped() -> Ruling:
    """
    The rules and the directory of `schemas/`: what decides until something is published.

    Raises:
        BundleError: With every problem of the rules, and of what they name in the directory and among the partners.
        DirectoryError: the directory cannot be used.
    """
    rules = load_bundle(paths.schemas() / "routing")
    directory = directory_files.load()
    check_surroundings(rules, directory, topics.sources(), contact_types.known())
    return Ruling.of(rules, directory)


def build(settings: Settings, *, tried_out: Ruling | None = None) -> Service:
    """
    Situations in, decisions out; rules and directory by whatever release of the topic `rulesets` is the newest.

    Args:
        settings: What it reads from its environment.
        tried_out: What decides until something is published, instead of what it was shipped with.

    Raises:
        ConfigurationError: the shipped rules or directory, or the file of trusted keys, cannot be used; its text names
            every problem.
    """
    try:
        ready = tried_out or shipped()
    except (BundleError, directory_files.DirectoryError, paths.ProjectFileError, FileNotFoundError) as error:
        raise ConfigurationError(f"routing does not start with faulty rules or directory:\n{error}") from error
    bundles = Bundles(ready, settings.trusted, at_least=settings.rules_at_least)
    return Service(
        "routing",
        settings=settings,
        hops=[StatelessHop(topics.SITUATIONS, partial(handle_situation, bundles=bundles))],
        follows=[Following(topics.RULESETS, bundles)],
        reasons=REASONS,
        counters=metrics.COUNTERS,
    )
