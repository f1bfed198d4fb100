"""The ways a referral can reach a provider. A channel is one file here: its module name is the channel's name.

Each module has a function `send` of the form of `Channel`. Nothing else names the channels of this folder but
`Provider.channel`, which says which words the directory may use.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Protocol, cast

from onward.contracts.base import Message
from onward.contracts.outcome import Outgoing
from onward.contracts.referral import ProviderReferral
from onward.directory.model import Provider


class Channel(Protocol):
    """Turns a referral that is already cut down into the messages that carry it to its provider."""

    def __call__(self, referral: ProviderReferral, provider: Provider) -> tuple[Outgoing[Message], ...]:
        """The messages; a pure function, so that a re-run sends the same."""
        ...


def load() -> Mapping[str, Channel]:
    """Every channel of this folder by its name."""
    return {
        module.name: cast("Channel", importlib.import_module(f"{__name__}.{module.name}").send)
        for module in pkgutil.iter_modules(__path__)
    }
