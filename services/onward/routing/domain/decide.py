"""
The decision: who should help, on what legal basis, and why; what is missing; what must not happen, and why not.

Nothing here reads a clock, a file or a random number, and no valid situation makes it raise.
"""

from collections.abc import Sequence

from onward.contracts import ids
from onward.contracts.asking import worth_asking
from onward.contracts.decision import Decision, RuleVersion
from onward.contracts.situation import Situation
from onward.directory.model import Directory
from onward.routing.domain.derived import complete
from onward.routing.domain.destinations import Destinations
from onward.routing.domain.explained import Explained
from onward.routing.domain.index import Index, Matches
from onward.routing.domain.judgement import Judgement, Prepared
from onward.routing.domain.language import EVENT_DAY, RuleSet
from onward.routing.domain.planning import gathered
from onward.routing.domain.reaching import parted
from onward.routing.domain.waiting import PrerequisiteIndex


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
        self._rules_version = rules.version
        self._directory_version = RuleVersion(name="directory", version=directory.version, sha256=directory.sha256)
        self._versions = rules.version.sha256 + directory.sha256
        self._index = Index(rules.rules)
        self._prepared = {
            rule.id: Prepared.of(rule, self._index.rows_of(number)) for number, rule in enumerate(rules.rules)
        }
        self._destinations = Destinations(directory)
        self._prerequisites = PrerequisiteIndex(rules.rules)
        self._overlapping = Overlapping(rules)

    def decide(self, situation: Situation) -> Decision:
        """
        The decision on one situation.

        Every rule that matches acts, in the order of classes (suppress, safety, statutory, need, logistics), then of
        ids. A rule that only something unknown keeps from matching asks for it; one that only a prerequisite keeps from
        matching is said to wait. Where a file promises one match at most, all that match act, and are named.
        """
        judgement, matches = self._judge(situation)
        for blocked in self._prerequisites.keeps(judgement.seen, matches):
            judgement.wait(blocked)
        to_ask = self._to_ask(situation, judgement)
        return self._decision(judgement, self._overlapping.among(matches.definite), to_ask)

    def _judge(self, situation: Situation) -> tuple[Judgement, Matches]:
        """What rules do and lack, but for those that wait."""
        facts, day = complete(situation, self._destinations.offices)
        seen = {**facts, EVENT_DAY: day}
        matches = self._index.match(seen)
        judgement = Judgement(situation, facts, seen, matches.rows, self._prepared, self._destinations)
        matched = [self._rules[number] for number in matches.definite]
        possible = [self._rules[number] for number in matches.possible]
        judgement.suppress(matched, possible)
        for rule in matched:
            judgement.act(rule)
        for rule in possible:
            judgement.ask(rule)
        return judgement, matches

    def _to_ask(self, situation: Situation, judgement: Judgement) -> tuple[str, ...]:
        """What the contact's partner is asked for: judged as if it alone had spoken."""
        own = situation.own
        if own is not None:
            alone = {"facts": own.facts, "consents": own.consents}
            judgement, _ = self._judge(situation.model_copy(update=alone))
        return worth_asking(judgement.needs, judgement.facts)

    def _decision(
        self, judgement: Judgement, overlaps: tuple[tuple[str, ...], ...], to_ask: tuple[str, ...]
    ) -> Decision:
        situation, explained = judgement.situation, Explained(judgement)
        going, held = parted(explained.referrals())
        referrals, met = gathered(going, judgement.facts)
        # Not validated again: every value was, in the situation or when its own part was made. A test compares.
        return Decision.model_construct(
            decision_id=ids.derived_id(
                "decision", str(situation.situation_id), str(situation.revision), self._versions
            ),
            situation_id=situation.situation_id,
            contact_id=situation.contact_id,
            revision=situation.revision,
            person=situation.person,
            formerly=situation.formerly,
            source=situation.source,
            contact_type=situation.type,
            occurred_at=situation.occurred_at,
            received_at=situation.received_at,
            in_reply_to=situation.in_reply_to,
            episode=situation.episode,
            references=situation.references,
            referrals=referrals,
            notices=explained.notices(),
            needs_information=tuple(judgement.needs),
            to_ask=to_ask,
            suppressed=explained.suppressed(),
            covered=(*explained.covered(), *met),
            unmet=explained.unmet(),
            waiting=(*explained.waiting(), *held),
            overlaps=overlaps,
            rules=self._rules_version,
            directory=self._directory_version,
            facts=judgement.facts,
            history=situation.history,
            risk_unread=situation.risk_unread,
            disputed=situation.disputed,
            parted=situation.parted,
            sealed=situation.sealed,
        )


class Overlapping:
    """The promises of a bundle; without any, looking costs nothing."""

    def __init__(self, rules: RuleSet) -> None:
        self._ids = tuple(rule.id for rule in rules.rules)
        numbers = {name: number for number, name in enumerate(self._ids)}
        self._files = tuple(frozenset(numbers[name] for name in file) for file in rules.unique)

    def among(self, matched: Sequence[int]) -> tuple[tuple[str, ...], ...]:
        """For each file of which more than one rule is among those *matched*, by number, their ids."""
        if not self._files:
            return ()
        found = ([number for number in matched if number in file] for file in self._files)
        return tuple(tuple(self._ids[number] for number in numbers) for numbers in found if len(numbers) > 1)
