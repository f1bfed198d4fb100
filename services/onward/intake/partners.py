"""Every partner: found by its file in `intake/sources/` and its topic file, once, and handed to the core."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import cast

from onward.contracts import contact_types, paths, topics
from onward.contracts.cloud_events import Headers
from onward.contracts.feedback import Feedback
from onward.contracts.outcome import Outcome
from onward.intake import sources
from onward.intake.domain import answers
from onward.intake.domain.feedback import PartnerRecord, feedback_on
from onward.intake.domain.partner import Adapter, partners_of
from onward.intake.domain.partner_message import Read
from onward.intake.domain.reader import MessageRead, Reader
from onward.intake.domain.vocabulary import OwnWords
from onward.intake.words_files import load_words, with_more
from onward.places.areas import installed


class SourceFileError(paths.ProjectFileError):
    """A file in `intake/sources/` is not an adapter."""


def adapter_of(module: ModuleType) -> Adapter:
    """
    The adapter that *module* declares with `SOURCE`, `MAKES`, `CATALOGUE` and `read`.

    Raises:
        SourceFileError: One of them is missing, or `MAKES` holds what is no type of contact.
    """
    missing = [name for name in ("SOURCE", "MAKES", "CATALOGUE", "read") if not hasattr(module, name)]
    if missing:
        raise SourceFileError(f"{module.__name__}: declares no {', '.join(missing)}; see docs/guides/add-a-partner.md")
    makes: object = module.MAKES
    if not isinstance(makes, tuple) or not makes or not all(map(_is_type, cast("tuple[object, ...]", makes))):
        raise SourceFileError(
            f"{module.__name__}: MAKES must be types of contact such as `hostels.asked-to-leave`, not {makes!r}"
        )
    return Adapter(module.SOURCE, module.read, module.CATALOGUE, cast("tuple[str, ...]", makes))


def _is_type(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(contact_types.PATTERN, text) is not None


@cache
def adapters() -> Mapping[str, Adapter]:
    """
    Every adapter by its source, in the order of their files.

    Raises:
        SourceFileError, WordsFileError: A file is none, two read one source, or a file of words cannot be used.
    """
    names = [found.name for found in pkgutil.iter_modules(sources.__path__)]
    found: dict[str, Adapter] = {}
    for adapter in (adapter_of(importlib.import_module(f"{sources.__name__}.{name}")) for name in names):
        if adapter.source in found:
            raise SourceFileError(f"two files read source `{adapter.source}`; keep one")
        found[adapter.source] = adapter
    return with_words(found, load_words())


def with_words(known: Mapping[str, Adapter], words: Mapping[str, OwnWords]) -> Mapping[str, Adapter]:
    """
    The *known* adapters, each with what its partner's file of words says too.

    Raises:
        SourceFileError: There is a file of a partner that there is not.
    """
    if strange := sorted(words.keys() - known.keys()):
        raise SourceFileError(
            f"words/{strange[0]}.yaml: no partner is called `{strange[0]}`; there are {', '.join(sorted(known))}"
        )
    return {
        source: replace(
            adapter,
            catalogue=replace(adapter.catalogue, words=with_more(adapter.catalogue.words, words.get(source, {}))),
        )
        for source, adapter in known.items()
    }


@cache
def reader() -> Reader:
    """
    Reads the messages of every partner that has an adapter and a topic file.

    Raises:
        SourceFileError, TopicFileError, PostcodeTableError, DistrictsFileError: A file cannot be used.
    """
    return Reader(partners_of(adapters(), topics.files()), installed())


def makes() -> frozenset[str]:
    """Every type of contact that is declared: by the adapters, and of answers, which every partner may send."""
    return frozenset(answers.MAKES).union(*(adapter.makes for adapter in adapters().values()))


def read(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Read:
    """`Reader.read`, of every partner of the project."""
    return reader().read(source, value, headers, received_at=received_at)


def understand(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> MessageRead:
    """`Reader.understand`, of every partner of the project."""
    return reader().understand(source, value, headers, received_at=received_at)


def feedback(record: PartnerRecord, outcome: Outcome) -> Feedback | None:
    """`feedback_on`, of every partner of the project."""
    return feedback_on(record, outcome, reader())


def unknown_type(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> str | None:
    """`Reader.unknown_type`, of every partner of the project."""
    return reader().unknown_type(source, value, headers, received_at=received_at)


def near_type(source: str, named: str) -> str:
    """`Reader.near_type`, of every partner of the project."""
    return reader().near_type(source, named)
