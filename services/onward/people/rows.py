"""What one contact said, as rows of the table `contact`, and back."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json

from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.sealing import PersonEnvelopes
from onward.contracts.contact import Consent, Identity
from onward.people.domain.changes import ContactReassigned
from onward.people.domain.remembered import NOBODY, DeclaredLink, RememberedContact, RememberedEntry
from onward.people.unit_of_work import Envelopes


class PeopleRow(NamedTuple):
    """The columns that `sql/queries/load.sql` selects, in its order."""

    contact_id: UUID
    cluster: UUID
    person: str
    recorded: int
    occurred_at: datetime
    received_at: datetime
    revision: int
    sealed: str | None
    said: Mapping[str, Any]
    """The rest of it, out of its JSON."""


def row_of(columns: Sequence[Any]) -> PeopleRow:
    """A row as `sql/queries/load.sql` gives it."""
    return PeopleRow._make((*columns[:-1], from_json(columns[-1])))


def keys_given(rows: Iterable[PeopleRow]) -> Iterator[str]:
    """The keys that these contacts gave, whomever they are about now."""
    return (key for row in rows if (key := row.said.get("gave", "")))


def is_linked(row: PeopleRow) -> bool:
    """Whether it says something of which numbers are one person's."""
    return "declared" in row.said


def read(rows: Iterable[PeopleRow], envelopes: Envelopes) -> dict[UUID, list[RememberedContact]]:
    """What was said, by cluster, opened; what names a person whose key was destroyed is gone."""
    opened: dict[tuple[str, str | None], Identity] = {}
    found: dict[UUID, list[RememberedContact]] = {}
    for row in rows:
        # One identity told many times is one text: it is opened once.
        named = (row.person, row.sealed)
        of_person = envelopes.of(row.person)
        identity = opened.get(named)
        if identity is None:
            identity = opened[named] = _open(of_person, row.sealed)
        found.setdefault(row.cluster, []).append(_contact(row, identity, of_person))
    return found


def added(contacts: Iterable[RememberedContact], *, clusters: Mapping[UUID, UUID], envelopes: Envelopes) -> str:
    """The rows of `sql/queries/add.sql`."""
    rows = [
        {
            **_row(one, envelopes),
            "cluster": str(clusters[one.contact_id]),
            "recorded": one.recorded,
            "occurred_at": one.occurred_at.isoformat(),
            "received_at": one.received_at.isoformat(),
        }
        for one in contacts
    ]
    return json.dumps(rows)


def changed(contacts: Iterable[RememberedContact], *, envelopes: Envelopes) -> str:
    """The rows of `sql/queries/change.sql`: all of a contact that can change."""
    return json.dumps([_row(one, envelopes) for one in contacts])


def reassigned(changes: Sequence[ContactReassigned]) -> dict[str, list[object]]:
    """The columns of `sql/queries/rekey.sql`."""
    return {
        "contact_id": [change.contact.contact_id for change in changes],
        "because": [change.because for change in changes],
        "person": [change.contact.person for change in changes],
        "was": [change.was for change in changes],
    }


def _row(contact: RememberedContact, envelopes: Envelopes) -> dict[str, Any]:
    return {
        "contact_id": str(contact.contact_id),
        "person": contact.person,
        "revision": contact.revision,
        "sealed": None if contact.identity is NOBODY else envelopes.seal(contact.person, contact.identity),
        "said": _rest(contact, envelopes),
    }


def _open(of_person: PersonEnvelopes | None, sealed: str | None) -> Identity:
    if of_person is None or sealed is None:
        return NOBODY
    try:
        return of_person.open_sealed(sealed)
    except UnsealableError:
        # The person was forgotten and has come to notice again, with a new key: what was sealed before stays shut.
        return NOBODY


def _rest(contact: RememberedContact, envelopes: Envelopes) -> dict[str, Any]:
    rest: dict[str, Any] = {
        "source": contact.source,
        "type": contact.type,
        "facts": contact.facts,
        "numbers": contact.numbers,
    }
    more: dict[str, Any] = {
        "reference": _reference(contact, envelopes) if contact.reference else None,
        "gave": contact.gave_key,
        "in_reply_to": str(contact.in_reply_to) if contact.in_reply_to else None,
        "shut": contact.unreadable,
        "force": contact.force,
        "digests": contact.digests,
        "declared": [_declared(link) for link in contact.declared_links],
        "entries": [[one.kind, one.code, one.named, one.stage] for one in contact.entries],
        "withdrawn": contact.withdrawn,
        "consents": [consent.model_dump(mode="json") for consent in contact.consents],
    }
    # Nearly all of it is empty nearly always. A reference may be a place, and the first is 0.
    return rest | {name: value for name, value in more.items() if value or (name == "reference" and value is not None)}


def _declared(link: DeclaredLink) -> list[str]:
    since = [] if link.since is None else [link.since.isoformat()]
    return [link.kind, link.kept, link.other, *since]


def _link(row: list[Any]) -> DeclaredLink:
    kind, kept, other, *since = row
    return DeclaredLink(kind, kept, other, datetime.fromisoformat(since[0]) if since else None)


def _reference(contact: RememberedContact, envelopes: Envelopes) -> str | int:
    """A partner that refers to people by a number of theirs: its place in the sealed identity. Else sealed itself."""
    values = [identifier.value for identifier in contact.identity.identifiers]
    if contact.reference in values:
        return values.index(contact.reference)
    return envelopes.seal_reference(contact.person, contact.source, contact.reference)


def _referred(reference: str | int, source: str, identity: Identity, of_person: PersonEnvelopes | None) -> str:
    if isinstance(reference, int):
        # It went with the identity where that can no longer be opened.
        return identity.identifiers[reference].value if reference < len(identity.identifiers) else ""
    if of_person is None or not reference:
        return ""
    try:
        return of_person.references.open(source, reference)
    except UnsealableError:
        return ""


def _contact(row: PeopleRow, identity: Identity, of_person: PersonEnvelopes | None) -> RememberedContact:
    rest = row.said
    answered = rest.get("in_reply_to")
    return RememberedContact(
        contact_id=row.contact_id,
        recorded=row.recorded,
        person=row.person,
        source=rest["source"],
        type=rest["type"],
        reference=_referred(rest.get("reference", ""), rest["source"], identity, of_person),
        occurred_at=row.occurred_at.astimezone(UTC),
        received_at=row.received_at.astimezone(UTC),
        in_reply_to=UUID(answered) if answered else None,
        numbers=tuple(rest["numbers"]),
        declared_links=tuple(_link(link) for link in rest.get("declared", ())),
        entries=tuple(RememberedEntry(*entry) for entry in rest.get("entries", ())),
        withdrawn=tuple(rest.get("withdrawn", ())),
        facts=rest["facts"],
        consents=tuple(Consent.model_validate(consent) for consent in rest.get("consents", ())),
        identity=identity,
        unreadable=rest.get("shut", False) or (row.sealed is not None and identity is NOBODY),
        force=rest.get("force", ""),
        digests=tuple(rest.get("digests", ())),
        revision=row.revision,
        gave_key=rest.get("gave", ""),
    )
