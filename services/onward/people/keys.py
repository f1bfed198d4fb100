"""Which persons a batch may be about: their keys, where they have one, are there when its situations are sealed."""

from collections.abc import Iterable
from uuid import UUID

from onward.people.domain.join import person_key


def persons_concerned(known: Iterable[tuple[str, UUID]], batch: Iterable[UUID], *, pepper: bytes) -> set[str]:
    """
    Every person that taking a batch can lead to, whoever turns out to be whom, and whatever is parked on the way.

    A person's name follows from the first of their contacts; which is the first is only known once all are taken.

    Args:
        known: Each contact that is connected with the batch, after the person it was about.
        batch: The contacts to be taken.
        pepper: The secret that pseudonyms are made with.
    """
    persons = {person_key(contact, pepper) for contact in batch}
    for person, contact in known:
        persons |= {person, person_key(contact, pepper)}
    return persons
