"""
Merkle trees as in RFC 9162 (Certificate Transparency 2.0), section 2.1, whose hashing is that of RFC 6962.

A leaf is hashed behind a zero byte and a node behind a one, so that neither can be taken for the other.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf (2.1.1)."""
    return hashlib.sha256(b"\x00" + content).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """The root over leaves that come one after the other; holds one hash for each bit of their number."""

    def __init__(self) -> None:
        self._whole: list[bytes] = []
        self.size = 0
        """Leaves so far."""

    def add(self, leaf: bytes) -> None:
        """Add a leaf's hash."""
        bits, self.size = self.size, self.size + 1
        while bits & 1:
            leaf = _node(self._whole.pop(), leaf)
            bits >>= 1
        self._whole.append(leaf)

    def root(self) -> bytes:
        """The hash of the tree; of an empty one, that of nothing (2.1.1)."""
        if not self._whole:
            return hashlib.sha256(b"").digest()
        *others, root = self._whole
        for each in reversed(others):
            root = _node(each, root)
        return root


def _root(leaves: Sequence[bytes]) -> bytes:
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def path_of(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The hashes that lead from the leaf at *index* to the root over *leaves* (2.1.3.1)."""
    if len(leaves) <= 1:
        return ()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return (*path_of(index, leaves[:split]), _root(leaves[split:]))
    return (*path_of(index - split, leaves[split:]), _root(leaves[:split]))


def leads_to(root: bytes, *, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bool:
    """Whether *path* leads from *leaf*, the leaf at *index* of *size*, to *root* (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = _node(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = _node(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root
