"""What is kept of people between batches: only what is still so, no more than there is room for, and not for long."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from onward.people.domain.remembered import RememberedContact, remember
from onward.people.known_clusters import KEPT_FOR_S, WORTH_KEEPING_FROM, KeptClusters, KnownCluster
from unit.people.people_builders import PEPPER, a_contact, a_link, named

KEY = {"her": b"k" * 32}


def told(count: int = WORTH_KEEPING_FROM) -> list[RememberedContact]:
    made = [
        remember(a_contact(f"{place}", "NOMS A1234BC", day=place), recorded=place, pepper=PEPPER)
        for place in range(1, count + 1)
    ]
    return [_of_her(one) for one in made]


def _of_her(one: RememberedContact) -> RememberedContact:
    return replace(one, person="her")


def known(contacts: Sequence[RememberedContact], version: int = 7) -> KnownCluster:
    made = KnownCluster.of(contacts)
    assert made.keep(contacts, version=version, keys=KEY)
    return made


def test_what_is_of_another_version_is_read_anew() -> None:
    kept, cluster = KeptClusters(), named("cluster")
    kept.put(cluster, known(told()))
    assert kept.take(cluster, 8) is None
    assert kept.take(cluster, 7) is None  # and it is gone


def test_a_batch_has_it_alone_until_it_is_kept_again() -> None:
    kept, cluster = KeptClusters(), named("cluster")
    kept.put(cluster, known(told()))
    first = kept.take(cluster, 7)
    assert first is not None
    assert kept.take(cluster, 7) is None
    kept.put(cluster, first)
    assert kept.take(cluster, 7) is first


def test_nothing_of_whoever_was_forgotten_is_used() -> None:
    there = known(told())
    assert there.is_open(KEY)
    assert not there.is_open({})
    assert not there.is_open({"her": b"another".ljust(32)})


def test_there_is_no_more_of_it_than_there_is_room_for() -> None:
    kept, clusters = KeptClusters(most=3 * WORTH_KEEPING_FROM), [named(str(place)) for place in range(5)]
    for cluster in clusters:
        kept.put(cluster, known(told()))
    assert [_is_there(kept, cluster) for cluster in clusters] == [False, False, True, True, True]
    too_large = known(told(3 * WORTH_KEEPING_FROM + 1))
    kept.put(clusters[0], too_large)
    assert not _is_there(kept, clusters[0])


def test_what_nobody_asks_for_is_gone_after_a_day() -> None:
    now = 0.0
    kept, old, new = KeptClusters(now=lambda: now), named("old"), named("new")
    kept.put(old, known(told()))
    now = KEPT_FOR_S + 1
    assert not _is_there(kept, old)
    kept.put(old, known(told()))
    now = 2 * KEPT_FOR_S + 3
    kept.put(new, known(told()))
    now = KEPT_FOR_S + 1  # it is gone, and not only overlooked
    assert not _is_there(kept, old)


def test_people_with_few_contacts_and_linked_records_are_read_each_time() -> None:
    few = told(WORTH_KEEPING_FROM - 1)
    assert not KnownCluster.of(few).keep(few, version=7, keys=KEY)
    link = remember(a_link("link", "same", "NOMS A1234BC", "CRN X111111"), recorded=99, pepper=PEPPER)
    linked = [*told(), _of_her(link)]
    assert not KnownCluster.of(linked).keep(linked, version=7, keys=KEY)


def test_one_identity_told_many_times_is_one_object() -> None:
    there = KnownCluster.of(told())
    again = remember(a_contact("again", "NOMS A1234BC"), recorded=99, pepper=PEPPER)
    (identity,) = {id(there.with_known_identity(one).identity) for one in (*there.contacts.values(), again)}
    assert identity


def _is_there(kept: KeptClusters, cluster: UUID) -> bool:
    found = kept.take(cluster, 7)
    if found is not None:
        kept.put(cluster, found)
    return found is not None
