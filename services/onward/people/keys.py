"""Which persons a batch may be about, so that their keys are there when its situations are sealed."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from onward.people.domain import Said, person_key
from onward.people.domain.groups import Node
from onward.people.domain.said import nodes_of
from onward.people.domain.who import calm


def persons_needed(
    known: Mapping[UUID, Sequence[Said]], batch: Iterable[Said], clusters: Mapping[UUID, UUID], *, pepper: bytes
) -> set[str]:
    """
    Every key that taking the *batch* can lead to.

    A person's key is that of their first contact. Where nothing contradicts, that is somebody known or the first
    contact of a stranger; where something does, any contact may turn out to be the first of somebody's.

    Args:
        known: By cluster, what was said before.
        batch: The contacts to be taken, in order.
        clusters: The cluster of each of them.
        pepper: The secret that pseudonyms are made with.
    """
    new: dict[UUID, list[Said]] = {}
    for one in batch:
        new.setdefault(clusters[one.contact_id], []).append(one)
    needed: set[str] = set()
    for cluster, theirs in new.items():
        before = known.get(cluster, ())
        needed.update(one.person for one in before)
        firsts = _firsts(before, theirs) if calm([*before, *theirs]) else [*before, *theirs]
        needed.update(person_key(one.contact_id, pepper) for one in firsts)
    return needed


def _firsts(before: Iterable[Said], new: Iterable[Said]) -> list[Said]:
    """The contacts that connect with nothing before them."""
    seen: set[Node] = set()
    for one in before:
        seen.update(nodes_of(one))
    firsts: list[Said] = []
    for one in new:
        nodes = nodes_of(one)
        # An answer may turn out to answer nothing, or somebody else: then it stands by itself.
        if one.in_reply_to or seen.isdisjoint(nodes):
            firsts.append(one)
        seen.update(nodes)
    return firsts
