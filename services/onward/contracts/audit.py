"""The audit chain: what was done, by which service or person, each record bound to the one before it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from onward.contracts.base import Message, Moment, StaffName

Act: TypeAlias = Literal[
    "decision",
    "disclosure",
    "reveal",
    "approval",
    "match-answer",
    "redrive",
    "publication",
    "key-use",
    "erasure",
]
"""
What is on the audit chain.

A decision was made; something went out to a provider or a partner; somebody was shown what is sealed; a person said
yes or no, or who is who; a parked record went back; rules were published; a person used a key; somebody was erased.
"""

Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256, as lower-case hexadecimal digits."""
HeadOrNone: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Writer: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9._-]{0,260}$")]
"""Who writes a chain: a service with the input partition it handled, such as `routing.situations.0`; or `people`."""


class AuditEntry(Message):
    """
    One act. It holds nothing of a person referred: ids that tell nothing, codes, digests, and which member of staff.

    What is blank is left out where it is written.
    """

    act: Act
    id: Annotated[str, StringConstraints(max_length=200)] = ""
    """What it was done to: the id of a decision, a referral, a question, an erasure; the place of a parked record."""
    topic: Annotated[str, StringConstraints(max_length=249)] = ""
    """The topic of the record that it is about; blank where there is none."""
    sha256: HeadOrNone = ""
    """The SHA-256 of that record's value."""
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./-]{0,100}$")] = ""
    """Why, or what came of it: a reason under which a service counts, or what a command was for."""
    by: StaffName | None = None
    """The user name of the member of staff, where a person did it."""
    role: StaffName | None = None
    """The role that they acted in, where they acted in one."""
    said: HeadOrNone = ""
    """The SHA-256 of the id, a line feed and the reason in their own words, which stand elsewhere."""


class AuditRecord(Message):
    """Acts of one writer that became durable together; on `audit.<service>` and `audit-acts`."""

    writer: Writer
    number: int = Field(ge=1)
    """One more than that of the writer's record before."""
    previous: HeadOrNone
    """The SHA-256 of the writer's record before, as its bytes stand on the topic; blank in the first."""
    at: Moment
    entries: tuple[AuditEntry, ...] = Field(min_length=1)


class ChainHead(Message):
    """The newest record of one writer."""

    number: int = Field(ge=1)
    sha256: Sha256


class AcceptedBreak(Message):
    """A break of a writer's chain that a person looked into before this checkpoint was signed."""

    writer: Writer
    number: int = Field(ge=1)
    """Of the record that does not follow the one before it."""
    expected: int = Field(ge=1)
    """The number that should have come."""


class AuditCheckpoint(Message):
    """What stood on every chain at one moment, signed; on `audit-checkpoints`."""

    number: int = Field(ge=1)
    previous: HeadOrNone
    """The SHA-256 of the checkpoint before, as its bytes stand on the topic; blank in the first."""
    at: Moment
    records: int = Field(ge=0)
    """How many records came since the checkpoint before."""
    entries: int = Field(ge=0)
    """How many acts are in them: the leaves of the tree."""
    root: Sha256
    """Of the Merkle tree over those acts (RFC 9162, 2.1.1)."""
    heads: dict[str, ChainHead]
    """The newest record of every writer that there ever was, by the writer."""
    positions: dict[str, int]
    """For each topic of chains, the offset of the first record that is not under this checkpoint."""
    passed_over: int = Field(default=0, ge=0)
    """How many records stood on those topics that are none of a chain; a person looked into them."""
    accepted: tuple[AcceptedBreak, ...] = ()
    accepted_by: StaffName | None = None
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    """The short name of the public key."""
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
    """Ed25519, over everything else in it."""


class InclusionProof(Message):
    """That one act is under a checkpoint, without any other act: what `onward audit prove` writes."""

    writer: Writer
    number: int = Field(ge=1)
    place: int = Field(ge=0)
    """Of the act in its record, from 0."""
    entry: AuditEntry
    index: int = Field(ge=0)
    """Of the act among the leaves of the tree, from 0."""
    path: tuple[Sha256, ...]
    checkpoint: AuditCheckpoint
