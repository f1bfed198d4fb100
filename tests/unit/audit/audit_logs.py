"""Audit logs made up for tests, as `onward audit export` writes them."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onward.audit import chain, checkpoint
from onward.audit.chain import BEGINNING, Head
from onward.audit.verifying import Chains
from onward.contracts.audit import AuditCheckpoint, AuditRecord
from onward.releases.signing import TrustedKey, TrustedKeys

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def trusting(private: Ed25519PrivateKey = KEY, *, role: str = "auditor", until: datetime | None = None) -> TrustedKeys:
    """The trusted keys, with that of *private* as the only one."""
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    key = TrustedKey.model_validate({"name": "auditor-1", "role": role, "public": public, "until": until})
    return {key.id: key}


def decided(number: int) -> dict[str, str]:
    """An entry of a decision."""
    return {
        "act": "decision",
        "id": f"6f0c9a52-5c0d-5f0e-9a53-{number:012x}",
        "topic": "decisions",
        "sha256": "ab" * 32,
    }


class LogMaker:
    """Makes a log: records and checkpoints, one after the other."""

    def __init__(self, key: Ed25519PrivateKey = KEY) -> None:
        self.lines: list[bytes] = []
        self.heads: dict[str, Head] = {}
        self._chains = Chains()
        self._key = key
        self._last: bytes | None = None
        self._number = 0

    def record(self, writer: str, entries: Sequence[Mapping[str, str]]) -> None:
        """The writer's next record."""
        value, head = chain.follow(
            self.heads.get(writer, BEGINNING),
            writer=writer,
            at="2026-03-02T11:00:00Z",
            entries=[dict(each) for each in entries],
        )
        self.heads[writer] = head
        self._chains.take(value, AuditRecord.model_validate_json(value))
        self.lines.append(value + b"\n")

    def checkpoint(self) -> None:
        """A checkpoint over what came since the last."""
        self._number += 1
        window = self._chains.window
        value = checkpoint.sign(
            {
                "number": self._number,
                "previous": chain.digest(self._last) if self._last else "",
                "at": NOON + timedelta(minutes=self._number),
                "records": window.records,
                "entries": window.tree.size,
                "root": window.root,
                "heads": {
                    writer: {"number": each.number, "sha256": each.sha256} for writer, each in self.heads.items()
                },
                "positions": {"audit.routing": self._number},
            },
            self._key,
        )
        self._chains = Chains(dict(self.heads))
        self._last = value
        self.lines.append(value + b"\n")


def small(*, windows: int = 2, records: int = 2) -> list[bytes]:
    """A log of two writers: *records* of each before each of so many checkpoints."""
    made = LogMaker()
    for window in range(windows):
        for number in range(records):
            made.record("routing.situations.0", [decided(100 * window + number)])
            made.record("people", [{"act": "reveal", "id": f"case-{window}-{number}", "by": "duty-1"}])
        made.checkpoint()
    return made.lines


def checkpoints(lines: Iterable[bytes]) -> list[AuditCheckpoint]:
    """Those in a log."""
    return [AuditCheckpoint.model_validate_json(line) for line in lines if b'"signature":' in line]
