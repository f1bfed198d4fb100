"""One file for each partner's format. A new file is enough: it is found here by being here."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from onward.intake.message import PartnerMessage, Read
from onward.intake.reading import Catalogue


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one partner's messages are read."""

    source: str
    """The partner: the adapter reads the topic `in.<source>`."""
    read: Callable[[PartnerMessage], Read]
    """Never raises, and looks at nothing but the message."""
    catalogue: Catalogue
    """The event types that we know."""


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


def _discovered() -> Mapping[str, Adapter]:
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    adapters: dict[str, Adapter] = {}
    for adapter in map(adapter_of, modules):
        if adapter.source in adapters:
            raise SourceFileError(f"two files read source `{adapter.source}`; keep one")
        adapters[adapter.source] = adapter
    return adapters


ADAPTERS: Mapping[str, Adapter] = _discovered()
"""Every adapter by its source."""
