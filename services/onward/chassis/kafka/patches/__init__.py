"""
What the Kafka client library gets wrong, mended from outside: one module for each defect, and nothing else.

Each stands alone, says what is wrong, and goes when the library is mended: its page under `docs/upstream/` has the
proposal, and a reproduction that a test runs against the library as it is. `install` puts them all in place, once for
the process and for all of its clients; it is the one place that knows for which version they were written.
"""

from importlib.metadata import version
from typing import Final

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka.patches import (
    cancelled_bootstrap,
    client_futures,
    client_tasks,
    connection_causes,
    half_open,
    pace,
    rebootstrap,
    tolerant_records,
)

MADE_FOR: Final = "0.14."
"""The version of aiokafka that every patch was written against and is tested with."""

PATCHES: Final = (
    tolerant_records,
    pace,
    cancelled_bootstrap,
    rebootstrap,
    half_open,
    client_tasks,
    client_futures,
    connection_causes,
)
"""In the order in which they go around the same functions: the last is the outermost."""

_installed: list[str] = []


def check() -> None:
    """
    See that the library is the one that the patches were written for.

    Raises:
        ConfigurationError: It is another; says what to do.
    """
    found = version("aiokafka")
    if not found.startswith(MADE_FOR):
        raise ConfigurationError(
            f"aiokafka is {found}, and chassis/kafka/patches was written for {MADE_FOR}x: install that, or follow "
            "docs/upstream/README.md to see which patches the other still needs"
        )


def install() -> None:
    """
    Make every Kafka client of this process behave so, from here on. Safe to call again.

    Raises:
        ConfigurationError: As `check`; nothing was changed.
    """
    if len(_installed) == len(PATCHES):
        return
    check()
    for patch in PATCHES:
        if patch.__name__ not in _installed:
            patch.apply()
            _installed.append(patch.__name__)
