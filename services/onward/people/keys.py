"""Which persons a batch may be about, so that their keys are there when its situations are sealed."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from onward.people.domain import Said, person_key
from onward.people.domain.groups import Node
from onward.people.domain.who import calm
from onward.people.unit import Shelf, nodes_of


def persons_needed(
    said: Sequence[Said], batch: Iterable[Said], *, nodes: Mapping[UUID, Sequence[Node]], pepper: bytes
) -> set[str]:
    """
    Every key that joining the *batch* with what was *said* can lead to.

    A person's key is that of their first contact. Where nothing contradicts, that is somebody known or the first
    contact of a stranger; where something does, any contact may turn out to be the first of somebody's.
    """
    batch = list(batch)
    shelf = Shelf((*said, *batch))
    founders: set[UUID] = set()
    seen: set[Node] = {node for one in said for node in nodes_of(one)}
    looked_at: set[UUID] = set()
    for one in batch:
        # An answer may turn out to answer nothing, or somebody else: then it stands by itself.
        if one.in_reply_to or seen.isdisjoint(nodes[one.contact_id]):
            founders.add(one.contact_id)
        seen.update(nodes[one.contact_id])
        if one.contact_id not in looked_at:
            cluster = shelf.connected(nodes[one.contact_id])
            looked_at.update(other.contact_id for other in cluster)
            if not calm(cluster):
                founders.update(other.contact_id for other in cluster)
    return {one.person for one in said} | {person_key(founder, pepper) for founder in founders}
