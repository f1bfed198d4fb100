"""Messages to play: those found beside the repository, and the project's own examples; as they are, or changed."""

import itertools
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

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
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
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
    The same message about people, cases and events that no other message is about. Headers are left out.

    Every number that checks becomes another one that does, each the same wherever it stands.
    """
    try:
        text = sample.value.decode()
    except UnicodeDecodeError:
        return replace(sample, headers=())
    return replace(sample, value=Disguise().of(text).encode(), headers=())


class Disguise:
    """Other numbers, names and references for whom and what some messages are about; for one, always the same."""

    def __init__(self) -> None:
        self.mark = f"-{next(_SERIALS)}"
        self._serials: defaultdict[str, int] = defaultdict(_SERIALS.__next__)

    def serial(self, number: str) -> int:
        """Which made-up number stands for *number*."""
        return self._serials[number]

    def of(self, text: str) -> str:
        """The same message about others."""
        for pattern, kind, make in _NUMBERS:
            for number in sorted(set(pattern.findall(text))):
                if read_identifier(kind, number) is not None:
                    text = text.replace(number, make(self.serial(number)))
        try:
            return json.dumps(_renamed(json.loads(text), self.mark))
        except ValueError:
            return text


_REFERENCES = ("reference", "custodyRecordNo", "caseNo", "incidentNo", "cautionNo", "eventId", "name", "lastName")
"""What names a case, an event or somebody: examples share their people's names, birthdays and telephone numbers."""
_OURS = ("inReplyTo", "contact_id")  # ids that we made


def _renamed(value: Any, mark: str, key: str = "") -> Any:
    """*value*, which stands under *key*, with every reference, name and UUID another, in JSON inside JSON too."""
    match value:
        case dict():
            return {name: _renamed(item, mark, name) for name, item in value.items()}
        case list():
            return [_renamed(item, mark, key) for item in value]
        case str() if value and key in _REFERENCES:
            return f"{value}{mark}"
        case str() if _UUID.fullmatch(value) and key not in _OURS:
            return str(uuid5(UUID(value), mark))
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
