"""The one list of services. Everything that names them reads it; `tests/architecture` demands the rest."""

from collections.abc import Mapping
from typing import Final

SERVICES: Final = ("intake", "people", "routing", "tracking", "dispatch")
"""Every service of a deployment, in the order of the flow. Each is started as `python -m onward.<name>`."""

STATEFUL_SERVICES: Final = frozenset({"people", "tracking"})
"""Those that keep state: their positions in their input are in PostgreSQL, in the transaction of their rows."""

SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "intake": ("id-key", "parking-key"),
    "people": ("pepper", "id-key", "master-key", "reference-key", "parking-key"),
    "routing": ("id-key", "parking-key"),
    "tracking": ("id-key", "reference-key", "parking-key"),
    "dispatch": ("id-key", "master-key", "parking-key"),
}
"""
The secrets of the installation that each service is given, and no others: what it does not need it cannot lose.

None has the mending key, which opens what is parked. Their settings say the same, and so does every manifest.
"""
