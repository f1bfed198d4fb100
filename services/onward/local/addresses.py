"""Where everything of a running stack is: told to programs in a file, and kept the same from one start to the next."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from onward.local import ports

FILE = "addresses.json"
_PORTS_FILE = "ports.json"
KAFKA, POSTGRES = "kafka", "postgres"
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Addresses:
    """What another program needs to find a stack."""

    kafka: str
    """Host and port of the broker."""
    postgres: str
    """For psycopg and libpq. With the password only if the server is the stack's own."""
    services: Mapping[str, str]
    """For each service `http://HOST:PORT`; `/live`, `/ready` and `/metrics` are below it."""
    logs: Path
    secrets: Path | None = None
    """Of a secured stack: where logins and the authority are. The address of PostgreSQL is then its host and port."""

    def document(self) -> dict[str, object]:
        """As it stands in the file: every URL written out, and the process that removes the file at its end."""
        return {
            "kafka": self.kafka,
            "postgres": self.postgres,
            "services": {
                name: {"live": f"{base}/live", "ready": f"{base}/ready", "metrics": f"{base}/metrics"}
                for name, base in self.services.items()
            },
            "logs": str(self.logs),
            **({} if self.secrets is None else {"secrets": str(self.secrets)}),
            "pid": os.getpid(),
        }


def write(path: Path, document: Mapping[str, object]) -> None:
    """
    Write *document* so that a reader finds all of it or nothing; readable by its owner only (it holds a password).

    Raises:
        OSError: it cannot be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def kept_ports(data: Path) -> dict[str, int]:
    """The ports of the last run with this data directory, by name; none when there is no record that can be read."""
    try:
        kept = json.loads((data / _PORTS_FILE).read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_ports(data: Path, wanted: Mapping[str, int]) -> None:
    """Write the ports of this run down for the next one."""
    write(data / _PORTS_FILE, wanted)


def wanted_ports(names: Sequence[str], asked: Mapping[str, int], kept: Mapping[str, int]) -> dict[str, int]:
    """
    The ports to insist on: those asked for, and otherwise those of the last run that nobody else has taken meanwhile.

    A name that is left out gets a free port.
    """
    still = {name: port for name, port in kept.items() if port not in asked.values() and ports.is_free(port)}
    return {name: port for name in names if (port := asked.get(name, still.get(name))) is not None}


def counted_from(base: int, services: Sequence[str]) -> dict[str, int]:
    """
    A port for each service, from *base* on, in their order.

    Raises:
        ValueError: the last would be no port.
    """
    if base + len(services) - 1 > _HIGHEST_PORT:
        raise ValueError(f"{base} is too high: {len(services)} services need as many ports from there on")
    return {name: base + number for number, name in enumerate(services)}
