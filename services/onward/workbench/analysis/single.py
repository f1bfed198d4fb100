"""Each rule by itself: those that never match, and referrals and notices that something always stops or covers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onward.routing.domain.language import Rule, Suppress
from onward.routing.domain.recipient_consent import DESPITE_REFUSAL
from onward.routing.domain.suppressing import silences
from onward.workbench.analysis.findings import NAMED, AnalysisFinding, Severity, finding
from onward.workbench.analysis.study import Judged, ProviderOffer, Study, made_beside
from onward.workbench.logic import Answer, Formula


def never_matching(study: Study) -> Iterator[AnalysisFinding]:
    """Rules that no situation makes match."""
    for rule in study.rules:
        answer = study.point(rule)
        if answer.outcome == "impossible":
            yield finding(
                "A001", rule.place, f"`{rule.id}` can never match: its conditions exclude each other", rule.id
            )
        elif answer.open:
            yield not_proved(rule, f"whether `{rule.id}` can match", answer)


def without_effect(study: Study, twice: frozenset[str]) -> Iterator[AnalysisFinding]:
    """
    Referrals that are never made: some suppression always stops them, or an earlier rule always makes them.

    *twice* are rules already known to be there twice.
    """
    for offer in study.by_target.values():
        for number, each in enumerate(offer):
            question = _Question.of(study, each, [one for one in offer[:number] if one.rule.id not in twice])
            if each.rule.id in twice and question.earlier:
                continue
            found = question.finding()
            if found is not None:
                yield found


def unheard(study: Study) -> Iterator[AnalysisFinding]:
    """
    Rules that only tell somebody, and that something always silences.

    What a suppression itself tells is always heard.
    """
    for rule in study.rules:
        if rule.refer or rule.suppress is not None or study.point(rule).outcome == "impossible":
            continue
        silencing = [other for other, suppress in study.stopping if silences(suppress, rule)]
        if not silencing:
            continue
        answer = study.implies(rule, silencing)
        if answer.open:
            yield not_proved(rule, f"whether anybody ever hears of `{rule.id}`", answer)
        if answer.outcome == "impossible":
            alone = [each.id for each in silencing if study.implies(rule, [each]).outcome == "impossible"][:1]
            by = f"`{alone[0]}`" if alone else "one suppression or another"
            message = f"`{rule.id}` matches, but {by} always silences what it tells"
            yield finding("A002", rule.place, message, rule.id, *alone, witness=study.point(rule).witness)


def not_proved(rule: Rule, what: str, answer: Answer, *, severity: Severity | None = None) -> AnalysisFinding:
    """A question that was given up, which is never the same as nothing found."""
    return finding("A090", rule.place, f"it is not proved {what}: {answer.why_open}", rule.id, severity=severity)


@dataclass(frozen=True, slots=True)
class _Question:
    """Whether an offer is ever made."""

    study: Study
    offer: ProviderOffer
    stops: dict[str, bool]
    """The rules that may stop it, and whether they do so even while they need information."""
    earlier: tuple[ProviderOffer, ...]
    """Offers of earlier rules with the same target, of which nothing is stopped that is not stopped of this one."""

    @classmethod
    def of(cls, study: Study, offer: ProviderOffer, earlier: Sequence[ProviderOffer]) -> "_Question":
        meeting = {rule.id for rule in study.meeting(offer.rule)}
        stops = {rule.id: held for rule, _, held in study.stops_of(offer)}
        before = (one for one in earlier if one.rule.id in meeting)
        return cls(study, offer, stops, tuple(one for one in before if _no_more(study.stops_of(one), stops)))

    def finding(self) -> AnalysisFinding | None:
        answer = self.ask(self.stops, self.earlier)
        rule = self.offer.rule
        if answer.open:
            return not_proved(rule, f"whether `{rule.id}` ever refers anybody", answer)
        if answer.outcome == "found":
            return None
        if self.ask(self.stops, ()).outcome == "impossible":
            return self._stopped()
        if self.ask({}, self.earlier).outcome == "impossible":
            return self._covered()
        message = f"`{rule.id}` matches, but its referral for {self._target} is always stopped, or made by another rule"
        return finding("A002", rule.place, message, rule.id, witness=self.study.point(rule).witness)

    def ask(self, stops: dict[str, bool], earlier: Sequence[ProviderOffer]) -> Answer:
        """An example in which the rule matches, none of *stops* stops it and none of *earlier* is before it."""
        study, rule = self.study, self.offer.rule

        def free(judged: Judged) -> bool:
            numbers = study.number
            return (
                numbers[rule.id] in judged.matching
                and not any(numbers[one.rule.id] in judged.matching for one in earlier)
                and not any(
                    numbers[name] in judged.matching or (held and numbers[name] in judged.asking)
                    for name, held in stops.items()
                )
            )

        for witness, judged in study.seen(rule):
            if free(judged):
                return Answer("found", witness)
        for witness in study.samples(rule):
            judged = study.judge(witness)
            if free(judged):
                study.remember(rule, witness)
                return Answer("found", witness)
        if any(study.within(rule, one.rule) for one in earlier):
            return Answer("impossible")
        stopping = [study.rules[study.number[name]] for name in stops]
        space = study.space
        wanted: list[Formula] = [space.matches(rule), *(~space.matches(one.rule) for one in earlier)]
        wanted += [~(space.possible(each) if stops[each.id] else space.matches(each)) for each in stopping]
        return space.find(*wanted, check=lambda witness: free(study.judge(witness)))

    @property
    def _target(self) -> str:
        return f"{self.offer.refer.category} to {self.offer.refer.service}"

    def _stopped(self) -> AnalysisFinding:
        rule = self.offer.rule
        alone = [name for name, held in self.stops.items() if self.ask({name: held}, ()).outcome == "impossible"]
        by = f"`{alone[0]}`" if alone else "one suppression or another"
        message = f"`{rule.id}` matches, but {by} always stops its referral for {self._target}"
        return finding("A002", rule.place, message, rule.id, *alone[:1], witness=self.study.point(rule).witness)

    def _covered(self) -> AnalysisFinding | None:
        rule = self.offer.rule
        alone = [one for one in self.earlier if self.study.implies(rule, [one.rule]).outcome == "impossible"]
        covering = alone[:1] or [one for one in self.earlier if self.study.together(rule, one.rule).witness]
        names = [one.rule.id for one in covering]
        shown = " or ".join(f"`{name}`" for name in names[:NAMED]) + (" or others" if len(names) > NAMED else "")
        certain = all(_placed_as_often(one, self.offer) for one in covering)
        message = f"whoever `{rule.id}` refers for {self._target}, {shown} has referred already"
        if not certain:
            message += ", unless no provider of that rule takes them"
        answer = made_beside(self.study, covering, rule)
        if answer.outcome == "impossible" and not certain:
            return None  # no provider ever takes those whom the earlier rules leave to this one
        if certain:
            self.study.covered.add((rule.id, self.offer.target))
        witness = answer.witness or self.study.together(rule, covering[0].rule).witness
        severity: Severity = "error" if certain else "warning"
        return finding("A004", rule.place, message, rule.id, *names, witness=witness, severity=severity)


def _no_more(stopping: Iterable[tuple[Rule, Suppress, bool]], stops: Mapping[str, bool]) -> bool:
    """Whether everything that stops one offer, or holds it up, does so to the other too."""
    return all(rule.id in stops and stops[rule.id] >= held for rule, _, held in stopping)


def _placed_as_often(one: ProviderOffer, other: ProviderOffer) -> bool:
    """Whether the first finds a provider, by directory and wishes, whenever the second does."""
    assert one.rule.legal_basis is not None
    assert other.rule.legal_basis is not None
    kinds = one.rule.legal_basis.kind, other.rule.legal_basis.kind
    named, others = ({name for name, _ in each.refer.providers} for each in (one, other))
    return (
        one.refer.catchment_by == other.refer.catchment_by
        and (kinds[0] == kinds[1] or kinds[0] in DESPITE_REFUSAL)
        and (not named or (bool(others) and others <= named))
    )
