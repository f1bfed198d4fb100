"""What a service remembers in PostgreSQL, in memory: for each of the stores that its hops declare, one of the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from onward.chassis.processing.hop import Lookup
from onward.chassis.record import Received
from onward.chassis.security.sealing import reference_key
from onward.contracts.base import Message
from onward.contracts.referral import Delivery
from onward.dispatch.adapters import KeyringLookup
from onward.people.adapters import PostgresPeople
from onward.people.erasing import PostgresErasures
from onward.rehearsal.memory_ledger import MemoryLedger
from onward.rehearsal.memory_people import MemoryPeople
from onward.tracking.adapters import LedgerQuery, PostgresLedger
from onward.tracking.domain.ledger import UnitOfWork
from onward.tracking.erasing import PostgresLedgerErasures
from onward.tracking.partner_references import open_all

M = TypeVar("M", bound=Message)


class MemoryStore(Protocol):
    """As the chassis' `Store`, without a connection."""

    async def load(self, connection: None, records: Sequence[Received[Any]]) -> Any:
        """What *records* need to know."""
        ...

    async def save(self, connection: None, unit: Any) -> None:
        """Keep what the decisions changed in *unit*."""
        ...


class Memory:
    """All that the services of one rehearsal remember."""

    def __init__(self, *, pepper: bytes) -> None:
        """Nothing yet; pseudonyms are made with *pepper*."""
        self.people = MemoryPeople(pepper=pepper)
        self.ledger = MemoryLedger()

    def store(self, declared: object) -> MemoryStore:
        """
        What stands for the store that a hop declares.

        Raises:
            NotImplementedError: Nothing does.
        """
        match declared:
            case PostgresPeople():
                return self.people
            case PostgresLedger():
                return _LedgerOfRecords(declared.query_for, self.ledger, self.people.keys)
            case PostgresErasures() | PostgresLedgerErasures():
                return _NoErasures()
            case _:
                raise NotImplementedError(f"rehearsal/stores.py has nothing in memory for {type(declared).__name__}")

    def lookup(self, declared: object) -> Lookup[Any, Any]:
        """
        What stands for the lookup that a hop declares.

        Raises:
            NotImplementedError: Nothing does.
        """
        if isinstance(declared, KeyringLookup):
            return self._keys_of
        raise NotImplementedError(f"rehearsal/stores.py has nothing in memory for {type(declared).__name__}")

    async def _keys_of(self, records: Sequence[Received[Delivery]]) -> Mapping[str, bytes]:
        persons = {record.body.sealed_for or record.body.person for record in records if record.body.sealed}
        return {person: key for person, key in self.people.keys.items() if person in persons}


class _NoErasures:
    """No step of a story erases anybody, so nothing is ever asked of this."""

    async def load(self, connection: None, records: Sequence[Received[Any]]) -> Any:
        raise NotImplementedError("nobody is erased in a rehearsal")

    async def save(self, connection: None, unit: Any) -> None:
        raise NotImplementedError("nobody is erased in a rehearsal")


class _LedgerOfRecords(Generic[M]):
    """The ledger as the hop for one kind of record asks it."""

    def __init__(
        self, query_for: Callable[[Sequence[M]], LedgerQuery], ledger: MemoryLedger, keys: Mapping[str, bytes]
    ) -> None:
        self._query_for = query_for
        self._ledger = ledger
        self._keys = keys

    async def load(self, connection: None, records: Sequence[Received[M]]) -> UnitOfWork:
        del connection
        query = self._query_for([record.body for record in records])
        unit = await self._ledger.load(query)
        unit.opened = open_all(
            query.sealed_references.union(unit.sealed_references),
            {person: reference_key(key) for person, key in self._keys.items()},
        )
        return unit

    async def save(self, connection: None, unit: UnitOfWork) -> None:
        del connection
        await self._ledger.save(unit)
