"""What one contact said, as rows of the table `contact`, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import from_json

from onward.chassis.security.envelope import UnsealableError
from onward.chassis.security.sealing import open_sealed, open_text
from onward.contracts.contact import Consent, Identity
from onward.people.domain.changes import ContactReassigned
from onward.people.domain.said import NOBODY, Declared, Said
from onward.people.unit import Envelopes


class Row(NamedTuple):
    """The columns that `sql/queries/load.sql` selects, in its order."""

    contact_id: UUID
    cluster: UUID
    person: str
    recorded: int
    occurred_at: datetime
    received_at: datetime
    revision: int
    sealed: str | None
    said: str


def read(rows: Iterable[Row], keys: Mapping[str, bytes]) -> dict[UUID, list[Said]]:
    """What was said, by cluster, opened; what names a person whose key was destroyed is gone."""
    opened: dict[tuple[str, str | None], Identity] = {}
    found: dict[UUID, list[Said]] = {}
    for row in rows:
        # One identity told many times is one text: it is opened once.
        named = (row.person, row.sealed)
        identity = opened.get(named)
        if identity is None:
            identity = opened[named] = _open(keys.get(row.person), *named)
        found.setdefault(row.cluster, []).append(_said(row, identity, keys.get(row.person)))
    return found


def added(said: Iterable[Said], *, clusters: Mapping[UUID, UUID], envelopes: Envelopes) -> str:
    """The rows of `sql/queries/add.sql`."""
    rows = [
        {
            **_row(one, envelopes),
            "cluster": str(clusters[one.contact_id]),
            "recorded": one.recorded,
            "occurred_at": one.occurred_at.isoformat(),
            "received_at": one.received_at.isoformat(),
        }
        for one in said
    ]
    return json.dumps(rows)


def changed(said: Iterable[Said], *, envelopes: Envelopes) -> str:
    """The rows of `sql/queries/change.sql`: all of a contact that can change."""
    return json.dumps([_row(one, envelopes) for one in said])


def reassigned(changes: Sequence[ContactReassigned]) -> dict[str, list[object]]:
    """The columns of `sql/queries/rekey.sql`."""
    return {
        "contact_id": [change.contact.contact_id for change in changes],
        "because": [change.because for change in changes],
        "person": [change.contact.person for change in changes],
        "was": [change.was for change in changes],
    }


def _row(said: Said, envelopes: Envelopes) -> dict[str, Any]:
    return {
        "contact_id": str(said.contact_id),
        "person": said.person,
        "revision": said.revision,
        "sealed": None if said.identity is NOBODY else envelopes.seal(said.person, said.identity),
        "said": _rest(said, envelopes),
    }


def _open(key: bytes | None, person: str, sealed: str | None) -> Identity:
    if key is None or sealed is None:
        return NOBODY
    try:
        return open_sealed(key, person, sealed)
    except UnsealableError:
        # The person was forgotten and has come to notice again, with a new key: what was sealed before stays shut.
        return NOBODY


def _rest(said: Said, envelopes: Envelopes) -> dict[str, Any]:
    rest: dict[str, Any] = {"source": said.source, "type": said.type, "facts": said.facts, "numbers": said.numbers}
    if said.reference:
        rest["reference"] = _reference(said, envelopes)
    if said.gave:
        rest["gave"] = said.gave
    if said.in_reply_to:
        rest["in_reply_to"] = str(said.in_reply_to)
    if said.shut:
        rest["shut"] = True
    if said.digests:
        rest["digests"] = said.digests
    if said.declared:
        rest["declared"] = [[link.kind, link.kept, link.other] for link in said.declared]
    if said.consents:
        rest["consents"] = [consent.model_dump(mode="json") for consent in said.consents]
    return rest


def _reference(said: Said, envelopes: Envelopes) -> str | int:
    """A partner that refers to people by a number of theirs: its place in the sealed identity. Else sealed itself."""
    values = [identifier.value for identifier in said.identity.identifiers]
    if said.reference in values:
        return values.index(said.reference)
    return envelopes.seal_text(said.person, said.reference)


def _referred(reference: str | int, row: Row, identity: Identity, key: bytes | None) -> str:
    if isinstance(reference, int):
        # It went with the identity where that can no longer be opened.
        return identity.identifiers[reference].value if reference < len(identity.identifiers) else ""
    if key is None or not reference:
        return ""
    try:
        return open_text(key, row.person, reference)
    except UnsealableError:
        return ""


def _said(row: Row, identity: Identity, key: bytes | None) -> Said:
    rest: dict[str, Any] = from_json(row.said)
    answered = rest.get("in_reply_to")
    return Said(
        contact_id=row.contact_id,
        recorded=row.recorded,
        person=row.person,
        source=rest["source"],
        type=rest["type"],
        reference=_referred(rest.get("reference", ""), row, identity, key),
        occurred_at=row.occurred_at.astimezone(UTC),
        received_at=row.received_at.astimezone(UTC),
        in_reply_to=UUID(answered) if answered else None,
        numbers=tuple(rest["numbers"]),
        declared=tuple(Declared(*link) for link in rest.get("declared", ())),
        facts=rest["facts"],
        consents=tuple(Consent.model_validate(consent) for consent in rest.get("consents", ())),
        identity=identity,
        shut=rest.get("shut", False) or (row.sealed is not None and identity is NOBODY),
        digests=tuple(rest.get("digests", ())),
        revision=row.revision,
        gave=rest.get("gave", ""),
    )
