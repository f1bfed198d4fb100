"""
The decision: who should help, on what legal basis, and why; what is missing; what must not happen, and why not.

Nothing here reads a clock, a file or a random number, and no valid situation makes it raise.
"""

from datetime import UTC, datetime
from uuid import UUID

from onward.contracts import ids
from onward.contracts.decision import Decision, RuleVersion
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.case import Case, Prepared
from onward.routing.domain.derived import complete
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.index import Index
from onward.routing.domain.language import EVENT_DAY, RuleSet
from onward.routing.domain.overlapping import Overlapping
from onward.routing.domain.waiting import WaitingRoom


def decide(situation: Situation, rules: RuleSet, directory: Directory) -> Decision:
    """
    The decision on one situation; the same three give the same decision, byte for byte.

    For many situations make one `Router`, which prepares rules and directory once.
    """
    return Router(rules, directory).decide(situation)


class Router:
    """Rules and directory, made ready to decide on any number of situations."""

    def __init__(self, rules: RuleSet, directory: Directory) -> None:
        self._rules = rules.rules
        version = RuleVersion(name="directory", version=directory.version, sha256=directory.sha256)
        self._versions = rules.version.sha256 + directory.sha256
        self._blank = _blank(rules.version, version)
        self._index = Index(rules.rules)
        self._prepared = {
            rule.id: Prepared.of(rule, self._index.rows_of(number)) for number, rule in enumerate(rules.rules)
        }
        self._destinations = Destinations(directory)
        self._waiting = WaitingRoom(rules.rules)
        self._overlapping = Overlapping(rules)

    def decide(self, situation: Situation) -> Decision:
        """
        The decision on one situation.

        Every rule that matches acts, in the order of classes (suppress, safety, statutory, need, logistics), then of
        ids. A rule that only something unknown keeps from matching asks for it; one that only a prerequisite keeps from
        matching is said to wait. Where a file promises one match at most, all that match act, and are named.
        """
        facts, day = complete(situation, self._destinations.offices)
        seen = {**facts, EVENT_DAY: day}
        matches = self._index.match(seen)
        case = Case(situation, facts, seen, matches.rows, self._prepared, self._destinations)
        matched = [self._rules[number] for number in matches.definite]
        possible = [self._rules[number] for number in matches.possible]
        case.suppress(matched, possible)
        for rule in matched:
            case.act(rule)
        for rule in possible:
            case.ask(rule)
        for waiter in self._waiting.keeps(seen, matches):
            case.wait(waiter)
        return self._decision(situation, case, self._overlapping.among(matches.definite))

    def _decision(self, situation: Situation, case: Case, overlaps: tuple[tuple[str, ...], ...]) -> Decision:
        # Every value has been checked already, in the situation or when its own part was made.
        return self._blank.model_copy(
            update={
                "decision_id": ids.derived_id(
                    "decision", str(situation.situation_id), str(situation.revision), self._versions
                ),
                "situation_id": situation.situation_id,
                "contact_id": situation.contact_id,
                "revision": situation.revision,
                "person": situation.person,
                "formerly": situation.formerly,
                "source": situation.source,
                "contact_type": situation.type,
                "occurred_at": situation.occurred_at,
                "received_at": situation.received_at,
                "in_reply_to": situation.in_reply_to,
                "references": situation.references,
                "referrals": case.linked_referrals(),
                "notices": tuple(case.notices),
                "needs_information": tuple(case.needs),
                "suppressed": case.suppressions(),
                "covered": tuple(case.covered),
                "unmet": tuple(case.unmet),
                "waiting": tuple(case.waiting),
                "overlaps": overlaps,
                "facts": case.facts,
                "sealed": situation.sealed,
            }
        )


def _blank(rules: RuleVersion, directory: RuleVersion) -> Decision:
    """A decision with nothing in it but its versions."""
    return Decision(
        decision_id=_NOBODY,
        situation_id=_NOBODY,
        contact_id=_NOBODY,
        revision=0,
        person="",
        source="",
        contact_type="",
        occurred_at=_NEVER,
        received_at=_NEVER,
        rules=rules,
        directory=directory,
    )


_NOBODY = UUID(int=0)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
