"""What an auditor checks: that nothing of an exported log was changed, taken away, put in or moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import ValidationError

from onward.audit import chain, checkpoint
from onward.audit.chain import BEGINNING, Head
from onward.audit.merkle import MerkleTree
from onward.contracts.audit import AcceptedBreak, AuditCheckpoint, AuditRecord
from onward.releases.signing import RefusedError, TrustedKeys

Fault: TypeAlias = Literal["unreadable", "chain", "checkpoint", "signature", "root", "heads", "uncovered", "cut_short"]
"""
What is wrong: a line is no line of a log; a record does not follow its writer's one before; a checkpoint does not
follow the one before; nobody who may signed it; it is of other records; or of other heads; records stand behind the
last checkpoint; or the log ends before a checkpoint that is known.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a log."""

    line: int
    """From 1; one past the last where something is missing at the end."""
    fault: Fault
    detail: str


@dataclass(slots=True)
class Window:
    """What came since the last checkpoint."""

    tree: MerkleTree = field(default_factory=MerkleTree)
    records: int = 0
    breaks: list[AcceptedBreak] = field(default_factory=list[AcceptedBreak])

    @property
    def root(self) -> str:
        """Of the tree over its acts."""
        return self.tree.root().hex()


@dataclass(slots=True)
class Chains:
    """Where every chain stands, and what came since the last checkpoint."""

    heads: dict[str, Head] = field(default_factory=dict[str, Head])
    window: Window = field(default_factory=Window)

    def take(self, value: bytes, record: AuditRecord) -> AcceptedBreak | None:
        """*record*, whose bytes are *value*, is next. Returns how it breaks its writer's chain; None: it does not."""
        head = self.heads.get(record.writer, BEGINNING)
        self.heads[record.writer] = Head(record.number, chain.digest(value))
        for leaf in chain.leaves(record):
            self.window.tree.add(leaf)
        self.window.records += 1
        if chain.follows(record, head):
            return None
        broken = AcceptedBreak(writer=record.writer, number=record.number, expected=head.number + 1)
        self.window.breaks.append(broken)
        return broken


class Verifier:
    """
    Goes through a log, line by line.

    It begins with the first record ever; or, where *after* is the number of a checkpoint, with that checkpoint, whose
    own records are elsewhere.
    """

    def __init__(self, trusted: TrustedKeys, *, after: int = 0) -> None:
        self._trusted = trusted
        self._after = after
        self._chains = Chains()
        self._last: AuditCheckpoint | None = None
        self._last_line = b""
        self._lines = 0
        self.findings: list[Finding] = []
        self.records = self.acts = self.checkpoints = 0
        self.accepted: list[AcceptedBreak] = []
        """Breaks that somebody looked into and signed for."""
        self.digests: list[str] = []
        """The digest of each checkpoint, in their order."""
        self._breaks: list[tuple[int, AcceptedBreak]] = []

    @property
    def newest(self) -> AuditCheckpoint | None:
        """The last checkpoint."""
        return self._last

    def take(self, line: bytes) -> AuditRecord | AuditCheckpoint | None:
        """The next line, with the line feed that ends it. Returns what it is; None: nothing that can be read."""
        self._lines += 1
        read = _read(line)
        if isinstance(read, AuditRecord):
            self._take_record(line[:-1], read)
        elif isinstance(read, AuditCheckpoint):
            self._take_checkpoint(line, read)
        else:
            self._found("unreadable", "it is no record of an audit chain, and no checkpoint")
        return read

    def end(self, *, known: str | None = None) -> list[Finding]:
        """That was all; *known* is the digest of a checkpoint that must be in it. Returns everything that is wrong."""
        self._lines += 1
        self._tell_breaks(())
        if self._chains.window.records:
            self._found("uncovered", f"{self._chains.window.records} records stand behind the last checkpoint")
        if self._last is None:
            self._found("cut_short", "there is no checkpoint")
        if known is not None and known not in self.digests:
            self._found("cut_short", "the checkpoint that was named is not in it")
        return self.findings

    def _found(self, fault: Fault, detail: str, *, line: int | None = None) -> None:
        self.findings.append(Finding(line or self._lines, fault, detail))

    def _take_record(self, value: bytes, record: AuditRecord) -> None:
        if self._after and self._last is None:
            self._found("checkpoint", f"it should begin with checkpoint {self._after}")
        broken = self._chains.take(value, record)
        if broken is not None:
            self._breaks.append((self._lines, broken))
        self.records += 1
        self.acts += len(record.entries)

    def _take_checkpoint(self, line: bytes, read: AuditCheckpoint) -> None:
        self.checkpoints += 1
        self.digests.append(chain.digest(line[:-1]))
        if line[:-1] != checkpoint.content(read):
            self._found("unreadable", "a checkpoint is written in one way only, and this is another")
        try:
            checkpoint.check(read, self._trusted)
        except RefusedError as why:
            self._found("signature", why.detail)
        if self._after and self._last is None:
            if read.number != self._after:
                self._found("checkpoint", f"it should begin with checkpoint {self._after}, not {read.number}")
        else:
            self._check_follows(read)
            self._check_covers(read)
        self._last, self._last_line = read, line
        self._chains = Chains({writer: Head(head.number, head.sha256) for writer, head in read.heads.items()})
        self._breaks = []

    def _check_follows(self, read: AuditCheckpoint) -> None:
        number, before = (self._last.number, self._last.at) if self._last is not None else (0, read.at)
        previous = chain.digest(self._last_line[:-1]) if self._last is not None else ""
        if (read.number, read.previous) != (number + 1, previous) or read.at < before:
            self._found("checkpoint", f"checkpoint {read.number} does not follow checkpoint {number}")

    def _check_covers(self, read: AuditCheckpoint) -> None:
        window, heads = self._chains.window, self._chains.heads
        if (window.records, window.tree.size, window.root) != (read.records, read.entries, read.root):
            self._found("root", f"checkpoint {read.number} is of other records than those before it")
        if {writer: (each.number, each.sha256) for writer, each in heads.items()} != {
            writer: (each.number, each.sha256) for writer, each in read.heads.items()
        }:
            self._found("heads", f"checkpoint {read.number} names other newest records than those before it")
        self._tell_breaks(read.accepted)
        self.accepted += read.accepted

    def _tell_breaks(self, accepted: tuple[AcceptedBreak, ...]) -> None:
        for line, broken in self._breaks:
            if broken not in accepted:
                self._found("chain", told(broken), line=line)
        self._breaks = []


def told(broken: AcceptedBreak) -> str:
    """A break in words."""
    return f"record {broken.number} of {broken.writer} does not follow: number {broken.expected} should have come"


def verify(lines: Iterable[bytes], trusted: TrustedKeys, *, after: int = 0, known: str | None = None) -> list[Finding]:
    """
    Everything that is wrong with a log; nothing: each of its bits is as it was signed.

    Args:
        lines: Each with the line feed that ends it.
        trusted: The trusted keys, of which those of an auditor count.
        after: The number of the checkpoint that it begins with; 0: with the first record ever.
        known: The digest of a checkpoint that must be in it. Without one nobody can see that a log ends too early.
    """
    verifier = Verifier(trusted, after=after)
    for line in lines:
        verifier.take(line)
    return verifier.end(known=known)


def read_value(value: bytes) -> AuditRecord | AuditCheckpoint | None:
    """What *value* is, which stands on a topic or on a line of its own; None: neither a record nor a checkpoint."""
    if value[:1] != b"{" or b"\n" in value:
        return None
    model = AuditCheckpoint if b'"signature":' in value else AuditRecord
    try:
        return model.model_validate_json(value)
    except ValidationError:
        return None


def _read(line: bytes) -> AuditRecord | AuditCheckpoint | None:
    return read_value(line[:-1]) if line[-1:] == b"\n" else None


def records_of(lines: Iterable[bytes]) -> Iterator[tuple[bytes, AuditRecord | AuditCheckpoint]]:
    """Each line that can be read, with what it is."""
    for line in lines:
        read = _read(line)
        if read is not None:
            yield line, read
