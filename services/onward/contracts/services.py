"""The one list of services. Everything that names them reads it; `tests/architecture` demands the rest."""

from typing import Final

SERVICES: Final = ("intake", "people", "routing", "tracking", "dispatch")
"""Every service of a deployment, in the order of the flow. Each is started as `python -m onward.<name>`."""

STATEFUL_SERVICES: Final = frozenset({"people", "tracking"})
"""Those that keep state: their positions in their input are in PostgreSQL, in the transaction of their rows."""
