"""Rules and a directory, ready to decide: from the files of this release, or from what travels on `rulesets`."""

from dataclasses import dataclass

import structlog

from onward.contracts import contact_types, topics
from onward.contracts.ruleset import Content
from onward.directory.model import Directory
from onward.releases.chain import Pair
from onward.releases.contents import SHOWN, read_directory
from onward.releases.signing import RefusedError
from onward.routing.domain.decide import Router
from onward.routing.domain.diagnostics import BundleError
from onward.routing.domain.language import RuleSet
from onward.routing.domain.publishing.contents import read_rules
from onward.routing.domain.surroundings import check_surroundings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ruling:
    """Rules and a directory, ready to decide."""

    router: Router
    pair: Pair

    @classmethod
    def of(cls, rules: RuleSet, directory: Directory) -> "Ruling":
        """Make *rules* and *directory* ready: up to a second for a thousand rules."""
        return cls(Router(rules, directory), (rules.version.sha256, directory.sha256))

    @property
    def names(self) -> tuple[str, str]:
        """The beginnings of the two hashes: what metrics call them."""
        rules, directory = self.pair
        return rules[:SHOWN], directory[:SHOWN]


def make_ready(rules: Content, directory: Content) -> Ruling:
    """
    What travelled, held to its hashes, loaded, and checked against each other. Takes seconds for many rules.

    Raises:
        RefusedError: `content_altered`, `unloadable` with every problem, or `handler_error` (a fault of ours).
    """
    try:
        ruling = Ruling.of(loaded := read_rules(rules), providers := read_directory(directory))
        check_surroundings(loaded, providers, topics.sources(), contact_types.known())
    except BundleError as error:
        raise RefusedError("unloadable", str(error)) from error
    except RefusedError:
        raise
    except Exception as error:
        # Whatever it is, it must not keep the other bundles from being tried.
        log.exception("ruleset.not_loaded", rules=rules.sha256, directory=directory.sha256)
        raise RefusedError("handler_error", type(error).__name__) from error
    return ruling
