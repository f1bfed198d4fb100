"""Messages to play: those found beside the repository, and the project's own examples; as they are, or changed."""

import itertools
import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from integration.whole.watching import Headers, Sending
from onward.contracts import paths, topics
from onward.contracts.identifiers import IdentifierType, read_identifier
from onward.rehearsal import synthetic

SAMPLES = Path(os.environ.get("ONWARD_SAMPLES") or Path(__file__).resolve().parents[4] / "shared" / "samples")
"""Where real messages are; a folder's name begins with their source."""

_SERIALS = itertools.count(50_000)
_NUMBERS: tuple[tuple[re.Pattern[str], IdentifierType, Callable[[int], str]], ...] = (
    (re.compile(r"\b[A-Za-z]\d{4}[A-Za-z]{2}\b"), "NOMS", synthetic.noms),
    (re.compile(r"\b[A-Za-z]\d{6}\b"), "CRN", synthetic.crn),
    (re.compile(r"\b(?:\d{2}|\d{4})/\d{3,7}[A-Z]\b"), "PNC", synthetic.pnc),
    (re.compile(r"\b\d{1,6}/\d{2}[A-Z]\b"), "CRO", synthetic.cro),
    (re.compile(r"\b\d{3} ?\d{3} ?\d{4}\b"), "NHS", synthetic.nhs),
)
_TIME = re.compile(r'(\\?"occurredAt\\?"\s*:\s*\\?")[^"\\]*')


@dataclass(frozen=True)
class Sample:
    """One message and where it comes from."""

    name: str
    source: str
    value: bytes
    headers: Headers = ()

    @property
    def sending(self) -> Sending:
        return Sending(f"in.{self.source}", self.value, key=self.name.encode(), headers=self.headers)


def found_beside_the_repository() -> list[Sample]:
    """Every file there is, whatever it holds; none where the folder is absent."""
    sources = topics.sources()
    samples: list[Sample] = []
    for path in sorted(path for path in SAMPLES.rglob("*") if path.is_file()):
        folder = path.relative_to(SAMPLES).parts[0]
        source = next((source for source in sources if folder.startswith(source)), "hmpps")
        samples.append(Sample(str(path.relative_to(SAMPLES)), source, path.read_bytes()))
    return samples


def own_examples() -> list[Sample]:
    """Every example under `schemas/examples/in.*/`."""
    samples: list[Sample] = []
    for expected in sorted((paths.schemas() / "examples").glob("in.*/*.expected.yaml")):
        stem = expected.name.removesuffix(".expected.yaml")
        (path,) = (path for path in expected.parent.glob(f"{stem}.*") if path != expected)
        headers = yaml.safe_load(expected.read_text()).get("headers", {})
        given = tuple((name, str(value).encode()) for name, value in headers.items())
        source = expected.parent.name.removeprefix("in.")
        samples.append(Sample(f"{source}/{path.name}", source, path.read_bytes(), given))
    return samples


def of_somebody_else(sample: Sample) -> Sample:
    """
    The same message about people, cases and events that no other message is about.

    Every number that checks becomes another one that does, each the same wherever it stands. Headers are left out.
    """
    try:
        text = sample.value.decode()
    except UnicodeDecodeError:
        return replace(sample, headers=())
    for pattern, kind, make in _NUMBERS:
        for number in sorted(set(pattern.findall(text))):
            if read_identifier(kind, number) is not None:
                text = text.replace(number, make(next(_SERIALS)))
    try:
        document = _renamed(json.loads(text), f"-{next(_SERIALS)}")
    except ValueError:
        return replace(sample, value=text.encode(), headers=())
    return replace(sample, value=json.dumps(document).encode(), headers=())


_REFERENCES = ("reference", "custodyRecordNo", "caseNo", "incidentNo", "cautionNo", "eventId")


def _names(key: str, item: str) -> bool:
    """Whether it is a reference, or the name of somebody in an example of our own, who all share a telephone."""
    return key in _REFERENCES or (key == "name" and item.startswith("Test Person"))


def _renamed(value: Any, mark: str) -> Any:
    """*value* with every reference marked, in JSON inside JSON too."""
    match value:
        case dict():
            return {
                key: f"{item}{mark}" if isinstance(item, str) and item and _names(key, item) else _renamed(item, mark)
                for key, item in value.items()
            }
        case list():
            return [_renamed(item, mark) for item in value]
        case str() if value.startswith("{"):
            try:
                return json.dumps(_renamed(json.loads(value), mark))
            except ValueError:
                return value
        case _:
            return value


def happening_at(sample: Sample, moment: str) -> Sample:
    """The same message, of an event at *moment*."""
    text = _TIME.sub(lambda found: found[1] + moment, sample.value.decode(errors="replace"))
    return replace(sample, value=text.encode(errors="replace"))


def sendings(samples: Iterable[Sample]) -> list[Sending]:
    return [sample.sending for sample in samples]
