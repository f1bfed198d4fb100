"""That one act is under a signed checkpoint, shown without any other act."""

from collections.abc import Iterable

from onward.audit import chain, checkpoint, merkle
from onward.audit.verifying import records_of
from onward.contracts.audit import AuditEntry, AuditRecord, InclusionProof
from onward.releases.signing import TrustedKeys


def prove(lines: Iterable[bytes], wanted: str) -> list[InclusionProof]:
    """A proof for each act on *wanted*, an id, in an exported log; in its order. The log itself is not checked."""
    found: list[InclusionProof] = []
    leaves: list[bytes] = []
    acts: list[tuple[int, AuditRecord, int, AuditEntry]] = []
    for _, read in records_of(lines):
        if isinstance(read, AuditRecord):
            for place, entry in enumerate(read.entries):
                if entry.id == wanted:
                    acts.append((len(leaves), read, place, entry))
                leaves.append(chain.leaf(read.writer, read.number, place, entry))
            continue
        for index, record, place, entry in acts:
            path = tuple(each.hex() for each in merkle.path_of(index, leaves))
            found.append(
                InclusionProof(
                    writer=record.writer, number=record.number, place=place, entry=entry,
                    index=index, path=path, checkpoint=read,
                )
            )  # fmt: skip
        leaves, acts = [], []
    return found


def check_proof(proof: InclusionProof, trusted: TrustedKeys) -> bool:
    """
    Whether the act of *proof* is under its checkpoint.

    Raises:
        RefusedError: Nobody who may signed the checkpoint.
    """
    checkpoint.check(proof.checkpoint, trusted)
    return merkle.leads_to(
        bytes.fromhex(proof.checkpoint.root),
        leaf=chain.leaf(proof.writer, proof.number, proof.place, proof.entry),
        index=proof.index,
        size=proof.checkpoint.entries,
        path=[bytes.fromhex(each) for each in proof.path],
    )
