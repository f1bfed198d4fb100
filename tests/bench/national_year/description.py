"""A year of situations as a person describes it: how many from whom, and how often which facts are known."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from onward.contracts.base import Written
from onward.contracts.codes import Need
from onward.contracts.facts import FACTS, FACTS_ADAPTER
from onward.diagnostics.yaml_values import YamlFileError, model_of

NATIONAL = Path(__file__).with_name("national_year.yaml")
"""The year that comes with Onward."""

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[int, Field(ge=0)]


class Spread(Written):
    """How often a fact is known, and which values it then has: exactly one of the five ways to say it."""

    known: Share
    one_of: dict[str, Weight] | None = None
    """Words by weight."""
    one_of_whole: dict[int, Weight] | None = None
    """Whole numbers by weight."""
    bands: tuple[tuple[int, int, Weight], ...] | None = None
    """First and last whole number, and weight."""
    yes: Share | None = None
    """How often a yes-or-no fact is true."""
    days: tuple[int, int] | None = None
    """First and last day, counted from the day of the event."""
    records: tuple[tuple[Weight, list[dict[str, Any]]], ...] | None = None
    """Weight and list of records."""
    where: dict[str, list[str]] = Field(default_factory=dict)
    """Only where these facts, drawn before, have one of these values."""

    @model_validator(mode="after")
    def _one_way(self) -> "Spread":
        ways = (self.one_of, self.one_of_whole, self.bands, self.yes, self.days, self.records)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("say it in one way: one_of, one_of_whole, bands, yes, days or records")
        weights = [weight for weight, _ in self.weighted()]
        if weights and not sum(weights):
            raise ValueError("all weights are 0")
        return self

    def weighted(self) -> Iterator[tuple[int, Any]]:
        """Each weight with its value (for a band: its two ends); none for `yes` and `days`."""
        for word, weight in (self.one_of or {}).items():
            yield weight, word
        for number, weight in (self.one_of_whole or {}).items():
            yield weight, number
        for first, last, weight in self.bands or ():
            yield weight, (first, last)
        for weight, records in self.records or ():
            yield weight, records

    def samples(self) -> list[Any]:
        """Values at the edges of what it can give, to check it by."""
        if self.yes is not None:
            return [True]
        if self.days is not None:
            return [date(2025, 1, 1)]
        values = [value for _, value in self.weighted()]
        return [end for band in values for end in band] if self.bands is not None else values


class Needs(Written):
    """How needs turn out where they are asked about; mental health and substances are drawn independently."""

    any: Share
    """How many have at least one."""
    mental_health: Share
    substance: Share
    """Drugs, alcohol or both."""
    drugs_of_substance: Share
    alcohol_of_substance: Share
    others: dict[str, Share]
    severity: dict[int, Weight]
    consent_known: Share
    """How often it is known, for a need that was found, whether the person agrees to be referred."""
    consent_given: Share
    recipient_refused: Share
    """How often somebody who agrees refuses one provider."""
    recipient: str

    @model_validator(mode="after")
    def _possible(self) -> "Needs":
        names = [need.lower() for need in get_args(Need)]
        unknown = sorted(set(self.others) - set(names))
        if unknown:
            raise ValueError(f"`{unknown[0]}` is no need; there are {', '.join(names)}")
        if self.any < 1 - self.neither:
            raise ValueError(f"`any` is below {1 - self.neither:.3f}, which mental health and substances alone make")
        return self

    @property
    def neither(self) -> float:
        """How many have neither a mental health nor a substance need."""
        return (1 - self.mental_health) * (1 - self.substance)


class Source(Written):
    """What one partner sends in the year."""

    situations: int = Field(ge=1)
    types: dict[str, Weight]
    screened: Share
    """How often needs have been asked about."""
    facts: dict[str, Spread]


class YearDescription(Written):
    """A year of situations."""

    schema_: Literal["onward-year/v1"] = Field(alias="schema")
    year: int = Field(ge=2000, le=2100)
    seed: int = Field(ge=0)
    people: int = Field(ge=1)
    person: dict[str, Spread]
    needs: Needs
    sources: dict[str, Source] = Field(min_length=1)

    @property
    def situations(self) -> int:
        """How many the year has."""
        return sum(source.situations for source in self.sources.values())


class YearError(Exception):
    """A description cannot be used; the message names every problem with its line and column."""


@dataclass(frozen=True, slots=True)
class DescribedYear:
    """A description, with the hash of the file it was read from."""

    description: YearDescription
    sha256: str


def load_year(path: Path = NATIONAL) -> DescribedYear:
    """
    The description in a YAML or JSON file.

    Raises:
        YearError: It cannot be read, or names a fact or a value that there is not.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise YearError(f"{path}: {error.strerror}") from error
    try:
        found = model_of(path.name, content, YearDescription)
    except YamlFileError as error:
        raise YearError(str(error)) from error
    wrong = [f"{path.name}: {problem}" for problem in _wrong_facts(found)]
    if wrong:
        raise YearError("\n".join(wrong))
    return DescribedYear(found, hashlib.sha256(content).hexdigest())


def _wrong_facts(found: YearDescription) -> Iterator[str]:
    parts: dict[str, Mapping[str, Spread]] = {"person": found.person}
    parts |= {f"sources.{name}.facts": source.facts for name, source in found.sources.items()}
    for where, spreads in parts.items():
        for path, spread in spreads.items():
            if path not in FACTS or FACTS[path].derived:
                yield f"{where}: `{path}` is no fact that can be told"
                continue
            for value in spread.samples():
                try:
                    FACTS_ADAPTER.validate_python({path: value}, strict=True)
                except ValidationError:
                    yield f"{where}: {path}: `{value}` is no value of that fact"
