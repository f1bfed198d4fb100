"""
Any situation of a described year, made when it is asked for: number *n* is the same whenever and wherever it is made.

Nothing in it is real. What is of the person (age, area, needs) is drawn for the person, so that somebody who is met
again is recognised; what is of the contact is drawn for the contact.
"""

from bisect import bisect_right
from calendar import isleap
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, TypeAlias, cast

from bench.national_year.description import DescribedYear, Needs, Source, Spread
from onward.calendar.times import london_day
from onward.contracts import ids
from onward.contracts.contact import Consent, ConsentPurpose
from onward.contracts.situation import Situation
from onward.workbench.impact.archive import WholeYear

_Draw: TypeAlias = Callable[[Random, date], Any]
_DAY_MINUTES = 24 * 60


class Year:
    """A described year, made ready to make its situations."""

    def __init__(self, described: DescribedYear) -> None:
        self._told = described
        year = described.description
        self._start = datetime(year.year, 1, 1, tzinfo=UTC)
        self._days = 366 if isleap(year.year) else 365
        self._names = tuple(year.sources)
        self._ends = tuple(accumulate(source.situations for source in year.sources.values()))
        self._person = _Facts(year.person)
        self._needs = _Needs(year.needs)
        self._sources = tuple(_Source(source) for source in year.sources.values())

    @property
    def situations(self) -> int:
        """How many situations the year has."""
        return self._ends[-1]

    def whole(self) -> WholeYear:
        """The year, for the manifest of an archive that holds a part of it."""
        year = self._told.description
        counts = {name: source.situations for name, source in year.sources.items()}
        return WholeYear(year=year.year, situations=self.situations, sources=counts, description=self._told.sha256)

    def sample(self, count: int) -> Iterator[Situation]:
        """
        *count* situations at equal distances through the year: every source and month in its proportion.

        Raises:
            ValueError: The year has not so many.
        """
        if not 0 < count <= self.situations:
            raise ValueError(f"the year has {self.situations} situations; ask for 1 to so many")
        return (self.situation(number * self.situations // count) for number in range(count))

    def situation(self, number: int) -> Situation:
        """Situation *number* of the year, from 0."""
        year = self._told.description
        place = bisect_right(self._ends, number)
        source = self._sources[place]
        first = self._ends[place - 1] if place else 0
        draw = Random((year.seed << 64) | number)
        # Spread evenly over the year, so that each month has its share exactly; the time of day is by chance.
        day = (number - first) * self._days // (self._ends[place] - first)
        occurred = self._start + timedelta(days=day, minutes=draw.randrange(_DAY_MINUTES))
        person = draw.randrange(year.people)
        key = ids.pseudonym(b"synthetic", "year", str(year.seed), str(person))
        character = Random((year.seed << 64 | 1 << 63) | person)
        facts, consents = self._facts(source, character, draw, occurred)
        return Situation.model_construct(
            situation_id=ids.derived_id("synthetic-situation", str(year.seed), str(number)),
            contact_id=ids.derived_id("synthetic-contact", str(year.seed), str(number)),
            revision=1,
            person=key,
            formerly=(),
            source=self._names[place],
            type=source.type(draw),
            occurred_at=occurred,
            received_at=occurred + timedelta(minutes=draw.randrange(1, 240)),
            in_reply_to=None,
            references={},
            facts=facts,
            observed={},
            consents=consents,
            identity_fields=("name", "date_of_birth"),
            sealed="",
        )

    def _facts(
        self, source: "_Source", person: Random, contact: Random, occurred: datetime
    ) -> tuple[dict[str, Any], tuple[Consent, ...]]:
        day = london_day(occurred)
        found: dict[str, Any] = {}
        self._person.draw(person, day, found)
        consents = self._needs.draw(person, occurred, found) if contact.random() < source.screened else ()
        source.facts.draw(contact, day, found)
        return found, consents


class _Source:
    """One partner, made ready."""

    def __init__(self, source: Source) -> None:
        self.facts = _Facts(source.facts)
        self.screened = source.screened
        self._types = _weighted([(weight, name) for name, weight in source.types.items()])

    def type(self, draw: Random) -> str:
        """What happened."""
        return cast("str", self._types(draw))


class _Facts:
    """Facts to draw, in order."""

    def __init__(self, spreads: Mapping[str, Spread]) -> None:
        self._spreads = [
            (path, spread.known, tuple((at, frozenset(values)) for at, values in spread.where.items()), _values(spread))
            for path, spread in spreads.items()
        ]

    def draw(self, draw: Random, day: date, found: dict[str, Any]) -> None:
        """Add what is known to *found*."""
        for path, known, where, value in self._spreads:
            if draw.random() < known and all(found.get(at) in values for at, values in where):
                found[path] = value(draw, day)


def _values(spread: Spread) -> _Draw:
    """How to draw a value of a fact that is known."""
    yes, days = spread.yes, spread.days
    if yes is not None:
        return lambda draw, _: draw.random() < yes
    if days is not None:
        first, last = days
        return lambda draw, day: day + timedelta(days=draw.randint(first, last))
    pick = _weighted(list(spread.weighted()))
    if spread.bands is None:
        return lambda draw, _: pick(draw)

    def whole(draw: Random, _: date) -> int:
        first, last = cast("tuple[int, int]", pick(draw))
        return first + int(draw.random() * (last - first + 1))

    return whole


def _weighted(pairs: list[tuple[int, Any]]) -> Callable[[Random], Any]:
    """Draws a value by its weight."""
    ends = list(accumulate(weight for weight, _ in pairs))
    values = [value for _, value in pairs]
    total = ends[-1]
    return lambda draw: values[bisect_right(ends, draw.random() * total)]


class _Needs:
    """Needs and consents to draw."""

    def __init__(self, needs: Needs) -> None:
        self._told = needs
        self._severity = _weighted([(weight, value) for value, weight in needs.severity.items()])
        self._others = tuple(needs.others.items())
        # Of those with neither, so many have another need that together `any` have at least one.
        self._otherwise = 1 - (1 - needs.any) / needs.neither if needs.neither else 0.0

    def draw(self, draw: Random, occurred: datetime, found: dict[str, Any]) -> tuple[Consent, ...]:
        """Add needs and consents to *found*; what the person said of being referred."""
        needs = self._drawn(draw)
        for need in needs:
            found[f"needs.{need}"] = self._severity(draw)
        for need in ("mental_health", "substance_drugs", "substance_alcohol"):
            found.setdefault(f"needs.{need}", 0)
        consents: list[Consent] = []
        for need in needs:
            if draw.random() >= self._told.consent_known:
                continue
            given = draw.random() < self._told.consent_given
            found[f"consent.{need}"] = given
            purpose = cast("ConsentPurpose", need.upper())
            consents.append(_consent(purpose, given, None, occurred))
            if given and draw.random() < self._told.recipient_refused:
                consents.append(_consent(purpose, False, self._told.recipient, occurred))
        return tuple(consents)

    def _drawn(self, draw: Random) -> list[str]:
        told = self._told
        needs: list[str] = []
        if draw.random() < told.mental_health:
            needs.append("mental_health")
        if draw.random() < told.substance:
            drugs = draw.random() < told.drugs_of_substance
            if drugs:
                needs.append("substance_drugs")
            if not drugs or draw.random() < told.alcohol_of_substance:
                needs.append("substance_alcohol")
        if needs or draw.random() < self._otherwise:
            others = [need for need, share in self._others if draw.random() < share]
            needs += others if others or needs else [self._others[draw.randrange(len(self._others))][0]]
        return needs


def _consent(purpose: ConsentPurpose, given: bool, recipient: str | None, said_at: datetime) -> Consent:
    return Consent.model_construct(purpose=purpose, given=given, recipient=recipient, said_at=said_at, how="verbal")
