"""`onward keys`: new secrets of the installation, and changing one while events flow."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onward.cli.errors import failed, kafka_failed, misused, no_such
from onward.cli.secrets import given_secret
from onward.cli.topics import Bootstrap

if TYPE_CHECKING:
    from onward.chassis.security.fingerprints import Secrets
    from onward.contracts.installation import InstallationSecret, SecretName

keys = typer.Typer(no_args_is_help=True, help="The secrets of the installation: make one, change one.")


def _database_url() -> str:
    return given_secret("database_url") or misused(
        "where the services' PostgreSQL is: set ONWARD_DATABASE_URL or ONWARD_DATABASE_URL_FILE"
    )


Database = Annotated[
    str,
    typer.Option(
        "--database",
        default_factory=_database_url,
        show_default=False,
        help="The address of the services' PostgreSQL, as its owner; ONWARD_DATABASE_URL or its _FILE by default, where"
        " a password is not shown to others of this machine.",
    ),
]
_Name = Annotated[str, typer.Argument(metavar="SECRET", help="Such as master-key, reference-key or parking-key.")]


@keys.command(short_help="Make a secret, into a file.")
def new(
    name: _Name, *, out: Annotated[Path, typer.Option(help="Where to write it; must not be there.", dir_okay=False)]
) -> None:
    """Make a secret, into a file that nobody else can read. Of a mending key, print the parking key: it is public."""
    import os

    from onward.chassis import installation_secrets

    known = [each for each in installation_secrets.NAMES if each != "parking-key"]
    if name not in known:
        no_such("secret that is made by itself", name, known)
    made = installation_secrets.new(name)
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(made + "\n")
    except OSError as error:
        misused(f"{out} cannot be written: {error.strerror}")
    if name == "mending-key":
        typer.echo(installation_secrets.parking_key_of(made))


@keys.command(short_help="Note that a secret is being changed: whoever starts must hold both.")
def begin(name: _Name, *, bootstrap: Bootstrap, database: Database) -> None:
    """
    Note that a change has begun. The secret's variable, or its file, holds the new one and below it the old one.

    From now on a process with the old one alone does not start. Safe to run again.
    """
    from onward.chassis.security.changing import begun

    wanted = _changeable(name)
    _on_record(bootstrap, "keys-begin", wanted)
    _done(bootstrap, _noted(bootstrap, database, wanted, begun))
    typer.echo(f"{name}: its change has begun; restart every service that has it with the new one above the old one")


@keys.command(short_help="Wrap every person's key under the new master or reference key.")
def rewrap(name: _Name, *, bootstrap: Bootstrap, database: Database) -> None:
    """Wrap what stands in the keyring anew, while services work. Exit code 1: some opens with neither key."""
    from onward.chassis.security import changing
    from onward.cli import given_keys
    from onward.cli.subjects import in_database

    wanted = _changeable(name)
    if wanted not in changing.COLUMNS:
        misused(f"nothing is wrapped under the {name}: finish its change")
    by = given_keys.master_key() if wanted == "master-key" else given_keys.reference_key()
    if len(by.held) != 2:
        misused("it must hold two: the new one and, on a line below it, the old one")
    _on_record(bootstrap, "keys-rewrap", wanted)
    # Under a key that services lack nobody would be referred; what `begin` noted in one place only it notes in both.
    _done(bootstrap, _noted(bootstrap, database, wanted, changing.to_rewrap))
    made = in_database(database, "keyring", lambda connection: changing.rewrap(connection, wanted, by))
    typer.echo(f"{made.anew} wrapped anew, {made.already} were already, {made.damaged} open with neither")
    if made.damaged:
        raise typer.Exit(1)


@keys.command(short_help="Note that the old one counts no more.")
def finish(name: _Name, *, bootstrap: Bootstrap, database: Database) -> None:
    """
    Note that the change is finished; of a master or reference key only when nothing is under the old one any more.

    The secret's variable, or its file, holds the new one, alone or above the old one. Safe to run again.
    """
    from onward.chassis.security import changing
    from onward.chassis.security.wrapping import LocalKeys
    from onward.cli import given_keys
    from onward.cli.subjects import in_database

    wanted = _changeable(name)
    _on_record(bootstrap, "keys-finish", wanted)
    if wanted in changing.COLUMNS:
        held = given_keys.master_key() if wanted == "master-key" else given_keys.reference_key()
        if not isinstance(held, LocalKeys):
            misused(f"the {name} is in a key service, which changes it itself")
        new_one = LocalKeys(held.use, held.held[:1])
        left = in_database(database, "keyring", lambda connection: changing.rewrap(connection, wanted, new_one))
        if left.damaged:
            failed(f"{left.damaged} keys do not open with the new {name} alone: `onward keys rewrap {name}` first")
    _done(bootstrap, _noted(bootstrap, database, wanted, changing.finished))
    typer.echo(f"{name}: changed; restart every service that has it with the new one alone")


def _on_record(bootstrap: str, command: str, name: str) -> None:
    import getpass

    from onward.cli.acting import act_of, put_on_record

    put_on_record(bootstrap, act_of("key-use", command, by=getpass.getuser(), id_=name))


def _changeable(name: str) -> "SecretName":
    from onward.chassis.security.changing import CHANGEABLE

    found: SecretName | None = next((each for each in CHANGEABLE if each == name), None)
    if found is None:
        no_such("secret that can be changed", name, CHANGEABLE)
    return found


async def _noted(bootstrap: str, database: str, name: "SecretName", change: Any) -> None:
    from onward.chassis.errors import ConfigurationError
    from onward.chassis.security import installation
    from onward.cli.installed_secrets import kafka_of, secrets_of_environment

    ours: Secrets = secrets_of_environment() or misused(f"the {name} is not set: this needs it")
    kafka = kafka_of(bootstrap)
    noted = {**await installation.noted_in_database(database), **await installation.noted_on_topic(kafka)}
    if name not in noted:
        raise ConfigurationError(f"no {name} was ever noted: has a service started once?")
    changed: InstallationSecret = change(ours, name, noted[name])
    await installation.note_change(kafka, database, changed)


def _done(bootstrap: str, work: Any) -> None:
    import asyncio

    import psycopg
    from aiokafka.errors import KafkaError

    from onward.chassis.errors import ChassisError
    from onward.chassis.kafka import patches
    from onward.chassis.observability.server_errors import told

    patches.install()
    try:
        asyncio.run(work)
    except ChassisError as error:
        failed(str(error))
    except psycopg.Error as error:
        failed(f"PostgreSQL did not do it: {told(error, server='PostgreSQL')}")
    except (KafkaError, TimeoutError) as error:
        kafka_failed(bootstrap, error)
