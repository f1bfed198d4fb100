"""
A secret of the installation is changed while events flow: begun, wrapped anew, finished.

Begun, both the old one and the new one count: whoever starts must hold both, and makes things with the first it holds.
What stands wrapped is then wrapped under the new one, row by row. Finished, the old one counts no more.
"""

from dataclasses import dataclass
from typing import Final, Literal

from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from onward.chassis.errors import ConfigurationError
from onward.chassis.security.fingerprints import VARIABLES, Secrets, compare
from onward.chassis.security.keyring import Connection
from onward.chassis.security.wrapping import LocalKeys, WrappingKeys
from onward.contracts.installation import InstallationSecret, SecretName

Column = Literal["wrapped", "reference_wrapped"]

COLUMNS: Final[dict[SecretName, Column]] = {"master-key": "wrapped", "reference-key": "reference_wrapped"}
"""What is wrapped under which secret, in the keyring."""
CHANGEABLE: Final[tuple[SecretName, ...]] = (*COLUMNS, "parking-key")
_AT_ONCE: Final = 1000


def begun(ours: Secrets, name: SecretName, noted: InstallationSecret) -> InstallationSecret:
    """
    What is noted once a change to the first of our values of *name* has begun; the same where it has begun to it.

    Raises:
        ConfigurationError: We do not hold two, or a change to another has begun and is not finished.
        SecretsDifferError: The second is not the one that counts.
    """
    values = ours.values.get(name, ())
    if len(values) != 2:
        raise ConfigurationError(f"{VARIABLES[name]} must hold two: the new one and, on a line below it, the old one")
    old = Secrets({name: values[1:]})
    compare(old, {"the installation": {name: _without_next(noted)}})
    if len(_without_next(noted).versions) < len(noted.versions):
        compare(ours, {"the installation": {name: noted}})  # the very change that has begun
        return noted
    version = max(each.version for each in noted.versions) + 1
    following = Secrets({name: values[:1]}).note(name, version=version, status="next")
    return InstallationSecret(secret=name, versions=(*noted.versions, following))


def to_rewrap(ours: Secrets, name: SecretName, noted: InstallationSecret) -> InstallationSecret:
    """
    What is noted, the same, where keys may be wrapped anew under the first of our values of *name*.

    Raises:
        ConfigurationError: No change has begun, so services lack the new one; or we do not hold two.
        SecretsDifferError: Ours are not the two of the change that has begun, in their order.
    """
    if all(each.status != "next" for each in noted.versions):
        raise ConfigurationError(f"no change of the {name} has begun: `onward keys begin {name}` first")
    return begun(ours, name, noted)


def finished(ours: Secrets, name: SecretName, noted: InstallationSecret) -> InstallationSecret:
    """
    What is noted once the change of *name* is finished; the same where it is finished.

    Raises:
        ConfigurationError: No change has begun.
        SecretsDifferError: The first of ours is not what it is changed to.
    """
    new = Secrets({name: ours.values.get(name, ())[:1]})
    after = [each for each in noted.versions if each.status == "next"]
    if not after:
        compare(new, {"the installation": {name: noted}})
        return noted
    versions = tuple(
        each.model_copy(update={"status": "current" if each.status == "next" else "previous"})
        for each in noted.versions
    )
    changed = InstallationSecret(secret=name, versions=versions)
    compare(new, {"the installation": {name: changed}})
    return changed


def _without_next(noted: InstallationSecret) -> InstallationSecret:
    kept = tuple(each for each in noted.versions if each.status != "next")
    return InstallationSecret(secret=noted.secret, versions=kept)


@dataclass
class Rewrapped:
    """How many keys of persons were wrapped anew, how many were already, and how many open with neither key."""

    anew: int = 0
    already: int = 0
    damaged: int = 0


async def rewrap(connection: Connection, name: SecretName, by: WrappingKeys) -> Rewrapped:
    """
    Wrap every person's key under the first of the two keys of *by*, a thousand in a transaction; safe to do again.

    Nothing waits: a key that is destroyed meanwhile stays destroyed, and one that is made is counted or found later.
    """
    column, found, after = Identifier(COLUMNS[name]), Rewrapped(), ""
    new = LocalKeys(by.use, by.held[:1]) if isinstance(by, LocalKeys) else by
    read = SQL("select person, {} from keyring.person_key where person > %s order by person limit %s").format(column)
    write = SQL(
        "update keyring.person_key as kept set {column} = each.anew"
        " from unnest(%s::text[], %s::bytea[], %s::bytea[]) as each (person, before, anew)"
        " where kept.person = each.person and kept.{column} = each.before"
    ).format(column=column)
    while True:
        async with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(read, [after, _AT_ONCE])
            rows: dict[str, bytes] = dict(await cursor.fetchall())
            if not rows:
                return found
            after = max(rows)
            done = {person for person, key in (await new.unwrap(rows)).items() if isinstance(key, bytes)}
            opened = await by.unwrap({person: each for person, each in rows.items() if person not in done})
            keys = {person: key for person, key in opened.items() if isinstance(key, bytes)}
            anew = await by.wrap(keys)
            persons = sorted(anew)
            await cursor.execute(write, [persons, [rows[each] for each in persons], [anew[each] for each in persons]])
            found.anew += len(persons)
            found.already += len(done)
            found.damaged += len(opened) - len(keys)
