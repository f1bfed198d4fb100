"""Merkle trees are those of Certificate Transparency: against its own published values, and every path by counting."""

import hashlib

import pytest

from onward.audit import merkle

# The leaves and roots by which the reference implementation of Certificate Transparency is tested (RFC 6962 hashing).
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_a_root_is_the_one_that_certificate_transparency_has(size: int) -> None:
    tree = merkle.MerkleTree()
    for content in LEAVES[:size]:
        tree.add(merkle.leaf_hash(content))
    assert tree.root().hex() == ROOTS[size]


def test_a_path_leads_from_its_leaf_to_its_root_and_from_nothing_else_to_nothing_else() -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(17)]
    for size in range(1, len(leaves) + 1):
        tree = merkle.MerkleTree()
        for leaf in leaves[:size]:
            tree.add(leaf)
        for index in range(size):
            path = merkle.path_of(index, leaves[:size])
            for other in range(size):
                for at in range(size):
                    right = (other, at) == (index, index)
                    assert merkle.leads_to(tree.root(), leaf=leaves[other], index=at, size=size, path=path) is right


def test_a_path_that_is_longer_or_shorter_leads_nowhere() -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(5)]
    tree = merkle.MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    path = merkle.path_of(2, leaves)
    for wrong in (path[:-1], (*path, leaves[0]), ()):
        assert not merkle.leads_to(tree.root(), leaf=leaves[2], index=2, size=5, path=wrong)
    assert not merkle.leads_to(tree.root(), leaf=leaves[2], index=5, size=5, path=path)


def test_a_node_cannot_be_taken_for_a_leaf() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != hashlib.sha256(b"\x01" + left + right).digest()
