"""Scenario files, held against what they speak of: examples, placeholders, providers, facts, and the words of rules."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID

from onward.contracts import topics
from onward.contracts.base import Written
from onward.contracts.facts import ASKABLE_ONLY, FACTS
from onward.contracts.services import SERVICES
from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Diagnostic
from onward.diagnostics.yaml_values import YamlFileError
from onward.directory.checks import IDENTITY_FIELDS
from onward.directory.model import Directory
from onward.rehearsal.expectations import ExpectedEffects, ExpectedOutcome
from onward.rehearsal.messages import MessageUnwritableError, contact_of, written
from onward.rehearsal.scenario import ScenarioFile, ScenarioStep, read_scenario
from onward.rehearsal.synthetic import Cast
from onward.routing.domain.actions import ROLES
from onward.routing.domain.language import RuleSet
from onward.tracking.domain import calls

_MOST_CONTACTS = 99


@dataclass(frozen=True)
class KnownWords:
    """Every word that an expectation may use: with one that nobody knows, a ban would never be broken."""

    rules: RuleSet
    directory: Directory

    def of(self, name: str, *, kind: str) -> Collection[str] | None:
        """What the field called *name*, in an expectation of *kind*, may hold; None where its type says so already."""
        match name:
            case "provider":
                return self.directory.providers
            case "fields" | "hides" | "shows":
                return self._fields
            case "asks":
                return self._facts
            case "to" if kind == "escalations":
                return ROLES
            case "to":
                return topics.sources()
            case "rule":
                return self._rules
            case "kind":
                return self._calls
            case "reason" if kind == "suppressed":
                return self._reasons
            case "service" if kind in ("ignored", "parked"):
                return SERVICES
            case _:
                return None

    @cached_property
    def _fields(self) -> Collection[str]:
        return IDENTITY_FIELDS | set(FACTS)

    @cached_property
    def _facts(self) -> Collection[str]:
        return {*FACTS, *ASKABLE_ONLY}

    @cached_property
    def _rules(self) -> Collection[str]:
        return {rule.id for rule in self.rules.rules}

    @cached_property
    def _calls(self) -> Collection[str]:
        return {*calls.KINDS, *(notify.kind for rule in self.rules.rules for notify in rule.notify)}

    @cached_property
    def _reasons(self) -> Collection[str]:
        return {rule.suppress.reason for rule in self.rules.rules if rule.suppress is not None}


def load_scenario(path: Path, known: KnownWords) -> ScenarioFile:
    """
    A scenario that can be played.

    Raises:
        YamlFileError: It cannot; names every problem with its place.
        OSError: It cannot be read.
    """
    file = read_scenario(str(path), path.read_bytes())
    problems = [
        Diagnostic.at(file.place(*steps), "D005", message)
        for check in (_unwritable, _unknown)
        for steps, message in check(file, known)
    ]
    if problems:
        raise YamlFileError.of(problems)
    return file


_Found = Iterator[tuple[tuple[str | int, ...], str]]


def _unwritable(file: ScenarioFile, known: KnownWords) -> _Found:
    """What cannot be sent."""
    contacts = tuple(UUID(int=each) for each in range(_MOST_CONTACTS))
    for number, (step, moment) in enumerate(zip(file.scenario.steps, file.moments, strict=True)):
        cast = Cast(file.name, 1, moment, contacts)
        try:
            if step.message is not None:
                written(step.message, cast, number, key=b"")
            if step.contact is not None:
                contact_of(step.contact, cast)
        except MessageUnwritableError as error:
            yield ("steps", number, "message" if step.message else "contact"), str(error)
        yield from _spoken_of(step, number, known)


def _spoken_of(step: ScenarioStep, number: int, known: KnownWords) -> _Found:
    named = {"reply": step.reply, "approval": step.approval}
    for what, choice in named.items():
        provider = None if choice is None else choice.provider
        if provider is not None and provider not in known.directory.providers:
            yield ("steps", number, what, "provider"), _no_such("provider", provider, known.directory.providers)
    if step.contact is not None and step.contact.source not in topics.sources():
        yield ("steps", number, "contact", "source"), _no_such("source", step.contact.source, topics.sources())


def _unknown(file: ScenarioFile, known: KnownWords) -> _Found:
    """Words of expectations that nobody knows."""
    if file.scenario.never is not None:
        yield from _in_effects(file.scenario.never, ("never",), known)
    for number, step in enumerate(file.scenario.steps):
        if step.expect is None:
            continue
        for block in ("only", "some", "never"):
            effects = getattr(step.expect, block)
            if effects is not None:
                yield from _in_effects(effects, ("steps", number, "expect", block), known)
        for path in step.expect.facts or {}:
            if path not in FACTS:
                yield ("steps", number, "expect", "facts", path), _no_such("fact", path, FACTS)


def _in_effects(effects: ExpectedEffects, where: tuple[str | int, ...], known: KnownWords) -> _Found:
    for kind, patterns in effects.kinds():
        for number, pattern in enumerate(patterns):
            for name, word in _words(pattern):
                words = known.of(name, kind=kind)
                if words is not None and word not in words:
                    yield (*where, kind, number, name), _no_such(name, word, words)


def _words(pattern: Written) -> Iterator[tuple[str, str]]:
    for name in pattern.model_fields_set:
        value = getattr(pattern, name)
        if isinstance(value, str):
            # Which reasons a service has to ignore or to park is its own affair, the chassis' among them.
            if not (isinstance(pattern, ExpectedOutcome) and name == "reason"):
                yield name, value
        elif isinstance(value, tuple | dict):
            yield from ((name, str(each)) for each in value)


def _no_such(name: str, word: str, known: Collection[str]) -> str:
    return f"there is no {name} `{word}`{did_you_mean(word, known)}"
