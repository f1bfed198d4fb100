"""What one contact said, as rows of the table `contact`, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from onward.chassis.sealing import UnsealableError, open_sealed, seal
from onward.contracts.contact import Consent, Identity
from onward.people.domain import Declared, Said

_NOBODY = Identity()


class Row(NamedTuple):
    """The columns that `sql/queries/load.sql` selects, in its order."""

    contact_id: UUID
    person: str
    recorded: int
    occurred_at: datetime
    received_at: datetime
    revision: int
    sealed: str | None
    said: dict[str, Any]


def read(rows: Iterable[Row], keys: Mapping[str, bytes]) -> list[Said]:
    """What was said, with identities opened; those of a person whose key was destroyed are gone."""
    opened: dict[tuple[str, str], Identity] = {}
    found: list[Said] = []
    for row in rows:
        identity = _NOBODY
        if row.sealed is not None:
            # One identity told many times is one text: it is opened once.
            named = (row.person, row.sealed)
            if named not in opened:
                opened[named] = _open(keys.get(row.person), *named)
            identity = opened[named]
        found.append(_said(row, identity))
    return found


def columns(said: Sequence[Said], *, clusters: Mapping[UUID, UUID], keys: Mapping[str, bytes]) -> dict[str, list[Any]]:
    """The parameters of `sql/queries/add.sql`."""
    return {
        **changed_columns(said, keys=keys),
        "cluster": [clusters[one.contact_id] for one in said],
        "recorded": [one.recorded for one in said],
        "occurred_at": [one.occurred_at for one in said],
        "received_at": [one.received_at for one in said],
        "said": [Jsonb(_rest(one)) for one in said],
    }


def changed_columns(said: Sequence[Said], *, keys: Mapping[str, bytes]) -> dict[str, list[Any]]:
    """The parameters of `sql/queries/change.sql`: all of a contact that can change."""
    return {
        "contact_id": [one.contact_id for one in said],
        "person": [one.person for one in said],
        "revision": [one.revision for one in said],
        "sealed": [
            None if one.identity == _NOBODY else seal(keys[one.person], one.person, one.identity) for one in said
        ],
    }


def _open(key: bytes | None, person: str, sealed: str) -> Identity:
    if key is None:
        return _NOBODY
    try:
        return open_sealed(key, person, sealed)
    except UnsealableError:
        # The person was forgotten and has come to notice again, with a new key: what was sealed before stays shut.
        return _NOBODY


def _rest(said: Said) -> dict[str, Any]:
    rest: dict[str, Any] = {"source": said.source, "type": said.type, "facts": said.facts, "numbers": said.numbers}
    if said.reference:
        rest["reference"] = _reference(said)
    if said.in_reply_to:
        rest["in_reply_to"] = str(said.in_reply_to)
    if said.declared:
        rest["declared"] = [[link.kind, link.kept, link.other] for link in said.declared]
    if said.consents:
        rest["consents"] = [consent.model_dump(mode="json") for consent in said.consents]
    return rest


def _reference(said: Said) -> str | int:
    """A partner that refers to people by a number of theirs: its place in the sealed identity, not the number."""
    values = [identifier.value for identifier in said.identity.identifiers]
    return values.index(said.reference) if said.reference in values else said.reference


def _referred(reference: str | int, identity: Identity) -> str:
    if isinstance(reference, str):
        return reference
    # It went with the identity where that can no longer be opened.
    return identity.identifiers[reference].value if reference < len(identity.identifiers) else ""


def _said(row: Row, identity: Identity) -> Said:
    rest = row.said
    answered = rest.get("in_reply_to")
    return Said(
        contact_id=row.contact_id,
        recorded=row.recorded,
        person=row.person,
        source=rest["source"],
        type=rest["type"],
        reference=_referred(rest.get("reference", ""), identity),
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        in_reply_to=UUID(answered) if answered else None,
        numbers=tuple(rest["numbers"]),
        declared=tuple(Declared(*link) for link in rest.get("declared", ())),
        facts=rest["facts"],
        consents=tuple(Consent.model_validate(consent) for consent in rest.get("consents", ())),
        identity=identity,
        revision=row.revision,
    )
