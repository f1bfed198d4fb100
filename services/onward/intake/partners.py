"""Every partner: found by its file in `intake/sources/` and its topic file, once, and handed to the core."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import ModuleType

from onward.contracts import topics
from onward.contracts.cloud_events import Headers
from onward.intake import sources
from onward.intake.domain.partner import Adapter, partners_of
from onward.intake.domain.partner_message import Read
from onward.intake.domain.reader import Reader, Told


class SourceFileError(Exception):
    """A file in `intake/sources/` is not an adapter."""


def adapter_of(module: ModuleType) -> Adapter:
    """
    The adapter that *module* declares with `SOURCE`, `read` and `CATALOGUE`.

    Raises:
        SourceFileError: One of them is missing.
    """
    missing = [name for name in ("SOURCE", "read", "CATALOGUE") if not hasattr(module, name)]
    if missing:
        raise SourceFileError(f"{module.__name__}: declares no {', '.join(missing)}; see docs/guides/add-a-partner.md")
    return Adapter(module.SOURCE, module.read, module.CATALOGUE)


@cache
def adapters() -> Mapping[str, Adapter]:
    """
    Every adapter by its source, in the order of their files.

    Raises:
        SourceFileError: A file is none, or two read one source.
    """
    names = [found.name for found in pkgutil.iter_modules(sources.__path__)]
    found: dict[str, Adapter] = {}
    for adapter in (adapter_of(importlib.import_module(f"{sources.__name__}.{name}")) for name in names):
        if adapter.source in found:
            raise SourceFileError(f"two files read source `{adapter.source}`; keep one")
        found[adapter.source] = adapter
    return found


@cache
def reader() -> Reader:
    """
    Reads the messages of every partner that has an adapter and a topic file.

    Raises:
        SourceFileError, TopicFileError: A file cannot be used.
    """
    return Reader(partners_of(adapters(), topics.files()))


def read(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Read:
    """`Reader.read`, of every partner of the project."""
    return reader().read(source, value, headers, received_at=received_at)


def understand(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> Told:
    """`Reader.understand`, of every partner of the project."""
    return reader().understand(source, value, headers, received_at=received_at)


def unknown_type(source: str, value: bytes | None, headers: Headers, *, received_at: datetime) -> str | None:
    """`Reader.unknown_type`, of every partner of the project."""
    return reader().unknown_type(source, value, headers, received_at=received_at)


def near_type(source: str, named: str) -> str:
    """`Reader.near_type`, of every partner of the project."""
    return reader().near_type(source, named)
