"""What a service is started as; apart from the starting, so that an image can tell its services without the extra."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServiceSpec:
    """One process to run. Several of one service differ in their name."""

    name: str
    module: str = ""
    """Started with `python -m`; empty: `onward.<name>`."""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    """Added to the environment of all."""
    http_port: int | None = None
    """A fixed port, or None for a free one."""
