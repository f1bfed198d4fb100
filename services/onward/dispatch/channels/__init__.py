"""The ways a referral can reach a provider. A channel is one file here: its module name is the channel's name.

Each module has a function `send` of the form of `Channel`. Nothing else names the channels of this folder but
`Provider.channel`, which says which words the directory may use.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import Protocol, TypeAlias, cast

from onward.contracts.base import Message
from onward.contracts.outcome import Outgoing
from onward.contracts.paths import ProjectFileError
from onward.contracts.referral import ProviderReferral, ProviderWithdrawal
from onward.directory.model import Provider

ToProvider: TypeAlias = ProviderReferral | ProviderWithdrawal
"""What a provider is told: a referral, or that it has ended."""


class Channel(Protocol):
    """Turns a referral that is already cut down, or its withdrawal, into the messages that carry it to its provider."""

    def __call__(self, told: ToProvider, provider: Provider) -> tuple[Outgoing[Message], ...]:
        """The messages; a pure function, so that a re-run sends the same."""
        ...


class ChannelFileError(ProjectFileError):
    """A file of this folder is not a channel."""


def channel_of(module: ModuleType) -> Channel:
    """
    The channel that *module* is.

    Raises:
        ChannelFileError: it has no function `send`.
    """
    send = getattr(module, "send", None)
    if not callable(send):
        raise ChannelFileError(f"{module.__name__}: has no function `send`; see `Channel` in {__name__}")
    return cast("Channel", send)


def load() -> Mapping[str, Channel]:
    """
    Every channel of this folder by its name.

    Raises:
        ChannelFileError: a file of it is not a channel.
    """
    files = (module.name for module in pkgutil.iter_modules(__path__))
    return {name: channel_of(importlib.import_module(f"{__name__}.{name}")) for name in files}
