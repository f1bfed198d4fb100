"""The `--facts` file: what earlier contacts have said of the person, as YAML or JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from onward.calendar.times import read_day, read_moment
from onward.contracts.base import Message
from onward.contracts.contact import Consent, Identity
from onward.contracts.fact_kinds import FactValue
from onward.contracts.facts import Fact
from onward.diagnostics.spelling import did_you_mean
from onward.diagnostics.yaml_tree import Node, YamlList, YamlMapping, YamlScalar
from onward.intake.domain.consent import consent_facts
from onward.routing.domain.diagnostics import BundleError, ProblemReport, SourceFile, read
from onward.routing.domain.shape import entries, items
from onward.routing.domain.values import fact_at, fact_value

_M = TypeVar("_M", bound=Message)
_QUOTED = re.compile(r"^`.*` is no value of ", re.DOTALL)
_THIS = "this is no value of "
_EVERY = "facts"
"""Under `said_on`: every fact that has no day of its own."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a person before the message."""

    facts: Mapping[str, FactValue] = field(default_factory=dict[str, FactValue])
    identity: Identity = field(default_factory=Identity)
    consents: tuple[Consent, ...] = ()
    said_on: Mapping[str, date] = field(default_factory=dict[str, date])
    """The day of each fact that was not said just before the message."""


class FactsFileError(Exception):
    """The file cannot be used; the message names every problem with its line and column."""


def read_earlier(name: str, content: bytes, *, said_at: datetime) -> Earlier:
    """
    Read a facts file.

    A mapping of fact paths (`person.age: 34`) to values, each read by its own kind as in the tests of rules. Beside
    them, `identity:` takes the fields of an identity and `consents:` a list of what was said about being referred; a
    consent to no one recipient is the fact `consent.…` too, as it is in a partner's message. `said_on:` takes the day
    on which a fact was said (`risk.self_harm: 2024-01-10`), under `facts` that of all that have none of their own.

    Args:
        name: The file's name, for problems.
        content: YAML, or JSON, which is YAML too.
        said_at: When a consent was said that does not say so itself.

    Raises:
        FactsFileError: anything at all is wrong.
    """
    if content.lstrip()[:1] in (b"{", b""):
        content = content.replace(b"\t", b" ")  # JSON is often indented with tabs, and cannot hold one in a text
    report = ProblemReport()
    try:
        root = read(SourceFile(name, content), report)
        report.finish()
        earlier = _earlier(root, report, said_at) if root is not None else Earlier()
        report.finish()
    except BundleError as error:
        raise FactsFileError(str(error)) from None
    return earlier


def _earlier(root: Node, report: ProblemReport, said_at: datetime) -> Earlier:
    facts: dict[str, FactValue] = {}
    identity = Identity()
    consents: tuple[Consent, ...] = ()
    said_on: dict[str, date] = {}
    listed = root.entries if isinstance(root, YamlMapping) else entries(root, "the facts file", report)
    for key, value in listed:
        if key.text == "identity":
            identity = _model(Identity, value, report, "identity") or identity
        elif key.text == "consents":
            consents = _consents(value, report, said_at)
        elif key.text == "said_on":
            said_on = _said_on(value, report)
        elif key.text.startswith("event."):
            report.add(key.place, "T001", f"`{key.text}` is said by the message itself; take it out")
        elif (fact := fact_at(key.text, key.place, report)) is not None:
            if fact.derived:
                report.add(key.place, "T001", f"`{key.text}` is worked out, never told; give `{fact.asked_as}`")
            elif (known := _value(value, fact, report)) is not None:
                facts[key.text] = known
    facts = {**consent_facts(consents), **facts}
    every = said_on.pop(_EVERY, None)
    days = {path: day for path in facts if (day := said_on.get(path, every)) is not None}
    return Earlier(facts, identity, consents, days)


def _said_on(node: Node, report: ProblemReport) -> dict[str, date]:
    found: dict[str, date] = {}
    for key, value in entries(node, "`said_on`", report):
        day = read_day(value.text) if isinstance(value, YamlScalar) else None
        if key.text != _EVERY and fact_at(key.text, key.place, report) is None:
            continue
        if day is None:
            report.add(value.place, "T002", f"said_on.{key.text}: expected a day such as 2024-01-10")
        else:
            found[key.text] = day
    return found


def _value(node: Node, fact: Fact, report: ProblemReport) -> FactValue | None:
    """The value of a fact; a mistake in one that may be personal is told by its place, never by what was written."""
    told = ProblemReport()
    value = fact_value(node, fact, told)
    personal = fact.data_class != "logistics"
    for each in told.found:
        report.found.append(replace(each, message=_QUOTED.sub(_THIS, each.message)) if personal else each)
    return value


def _consents(node: Node, report: ProblemReport, said_at: datetime) -> tuple[Consent, ...]:
    made = [_model(Consent, item, report, "consents", said_at=said_at) for item in items(node, "`consents`", report)]
    return tuple(consent for consent in made if consent is not None)


def _model(model: type[_M], node: Node, report: ProblemReport, what: str, **absent: object) -> _M | None:
    if not isinstance(node, YamlMapping):
        report.add(node.place, "R001", f"`{what}` must be `key: value` pairs")
        return None
    for key, _ in node.entries:
        if key.text not in model.model_fields:
            report.add(
                key.place, "R002", f"`{key.text}` is no key of `{what}`{did_you_mean(key.text, model.model_fields)}"
            )
    try:
        return model.model_validate({**absent, **_plain(node)})
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            place = next((value.place for key, value in node.entries if key.text in problem["loc"][:1]), node.place)
            where = ".".join(map(str, (what, *problem["loc"])))
            report.add(place, "T002", f"{where}: {problem['msg']}")
        return None


def _plain(node: Node) -> Any:
    """Texts, lists and mappings; a time without an offset is London's."""
    match node:
        case YamlMapping(entries=listed):
            plain = {key.text: _plain(value) for key, value in listed}
            said = read_moment(plain.get("said_at"))
            return plain if said is None else plain | {"said_at": said}
        case YamlList(items=members):
            return [_plain(item) for item in members]
        case YamlScalar(text=text):
            return text
