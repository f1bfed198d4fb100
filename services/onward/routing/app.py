"""Routing, put together."""

from functools import partial

from onward.chassis.errors import ConfigurationError
from onward.chassis.hop import Hop
from onward.chassis.service import Service
from onward.contracts import directory_files, paths, topics
from onward.routing.domain.bundle import load_bundle
from onward.routing.domain.decide import Router
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.surroundings import check_surroundings
from onward.routing.handlers import route
from onward.routing.settings import Settings


def router() -> Router:
    """
    The rules and the directory of `schemas/`, made ready.

    Raises:
        BundleError: With every problem of the rules, and of what they name in the directory and among the partners.
        DirectoryError: the directory cannot be used.
    """
    rules = load_bundle(paths.schemas() / "routing")
    directory = directory_files.load()
    check_surroundings(rules, directory, topics.sources())
    return Router(rules, directory)


def build(settings: Settings) -> Service:
    """
    Situations in, decisions out.

    Raises:
        ConfigurationError: the rules or the directory cannot be used; its text names every problem.
    """
    try:
        ready = router()
    except (BundleError, directory_files.DirectoryError, topics.TopicFileError, FileNotFoundError) as error:
        raise ConfigurationError(f"routing does not start with faulty rules or directory:\n{error}") from error
    return Service("routing", settings=settings, hops=[Hop(topics.SITUATIONS, partial(route, router=ready))])
