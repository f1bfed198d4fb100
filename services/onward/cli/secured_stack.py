"""`onward up --secure`: logins, rights, roles and certificates of a stack on this machine."""

import asyncio
import json
import os
import secrets
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from psycopg import sql
from psycopg.conninfo import make_conninfo

from onward.chassis import clock
from onward.chassis.installation_secrets import NAMES
from onward.chassis.kafka.connection import KafkaConnection, KafkaSettings
from onward.chassis.kafka.logins import let_in
from onward.chassis.kafka.rights import give, limit
from onward.chassis.postgres.database import plain
from onward.cli.migrate import bring_up
from onward.contracts import topics
from onward.contracts.services import SECRETS, SERVICES
from onward.deployment.access import Principal, principals
from onward.deployment.postgres_roles import OWNER, ROLES, closing, making
from onward.deployment.secrets import CertificateAuthority
from onward.local.deployment import VARIABLES
from onward.local.errors import LocalStackError
from onward.local.kafka_security import ADMIN, KafkaSecurity
from onward.local.ports import HOST
from onward.local.security import StackSecurity
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack

FOLDER: Final = "secrets"
_PASSWORDS: Final = "passwords.json"
_BROKER: Final = "broker"
_DATABASE_OF: Final[Mapping[str, str]] = {
    **{role.name.removeprefix("onward_"): role.name for role in ROLES if role.name.removeprefix("onward_") in SERVICES},
    "operator": OWNER,
    "people-on-duty": "onward_duty",
}
"""Who comes to the database, and as whom."""
_SECRETS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    **SECRETS,
    "people-on-duty": ("master-key", "reference-key"),
    "menders": ("mending-key",),
    "operator": NAMES,
}
"""Who is given which secrets of the installation; nobody else is given one."""
_SHELL: Final = "# `. {file}`, and what you start from this shell comes in as `{name}`: {purpose}.\n"


def secured(base: Path, installation: Mapping[str, str], providers: Iterable[str]) -> StackSecurity:
    """
    Security for a stack, with every secret in files below *base*, closed to others from their first instant.

    Passwords are made once and kept; certificates are made at every start.

    Args:
        base: The directory of the stack's data.
        installation: Pepper and master key, by their variables.
        providers: Who has a login, beside services, partners, people and tools.

    Raises:
        LocalStackError: There is data that was made without; or what is kept cannot be read.
    """
    return _Secured(base / FOLDER, installation, principals(topics.files(), providers)).security()


def refuse_given(environ: Mapping[str, str]) -> None:
    """
    A secured stack is all its own: its processes have the credentials that it makes, and no others.

    Raises:
        LocalStackError: *environ* names a server, or holds a secret that every process would inherit.
    """
    others = (KAFKA_VARIABLE, DATABASE_VARIABLE, *VARIABLES)
    given = sorted(
        name
        for name in environ
        if name.removesuffix("_FILE") in others or name.startswith(("ONWARD_KAFKA_SASL", "ONWARD_KAFKA_TOKEN"))
    )
    if given:
        raise LocalStackError(
            f"--secure makes its servers, logins and secrets itself, and every process would inherit {given[0]}: "
            f"unset {', '.join(given)}"
        )


class _Secured:
    def __init__(self, folder: Path, installation: Mapping[str, str], everybody: tuple[Principal, ...]) -> None:
        self._folder = folder
        self._everybody = everybody
        if not folder.exists() and (folder.parent / "kafka").exists():
            raise LocalStackError(
                f"the data in {folder.parent} was made without --secure, when anybody on this machine could write it: "
                "choose another directory, or start without --secure"
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._passwords = self._kept()
        authority = CertificateAuthority(clock.now())
        certificate, key = authority.certify("onward", [HOST, "localhost"])
        self._write("ca.pem", authority.certificate)
        self._write("server.pem", key + certificate)
        for name, variable in zip(NAMES, VARIABLES, strict=True):
            self._write(name, installation[variable])
        for each in everybody:
            self._write(f"kafka/{each.name}", self._passwords[each.name])

    def security(self) -> StackSecurity:
        pem = self._folder / "server.pem"
        return StackSecurity(
            folder=self._folder,
            kafka=KafkaSecurity(
                keystore=pem,
                authority=self._folder / "ca.pem",
                admin_password=self._passwords[ADMIN],
                broker_password=self._passwords[_BROKER],
            ),
            certificate=(pem, pem),
            admin=self._admin,
            prepare=self._prepare,
            environment=self._environment,
        )

    def _kept(self) -> dict[str, str]:
        """The passwords of the last time, and new ones for whoever is new."""
        path = self._folder / _PASSWORDS
        try:
            kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (OSError, ValueError) as error:
            raise LocalStackError(f"{path} cannot be read ({type(error).__name__}): restore it, or delete it") from None
        names = (ADMIN, _BROKER, OWNER, *(role.name for role in ROLES), *(each.name for each in self._everybody))
        passwords = {name: kept.get(name) or secrets.token_urlsafe(32) for name in names}
        self._write(_PASSWORDS, json.dumps(passwords))
        return passwords

    def _write(self, name: str, content: str) -> Path:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def _admin(self, bootstrap: str) -> KafkaConnection:
        given: dict[str, Any] = {
            "kafka_bootstrap": bootstrap,
            "kafka_security_protocol": "SASL_SSL",
            "kafka_ca_file": self._folder / "ca.pem",
            "kafka_sasl_mechanism": "PLAIN",
            "kafka_sasl_username": ADMIN,
            "kafka_sasl_password": self._passwords[ADMIN],
        }
        return KafkaSettings(**given).kafka

    def _prepare(self, stack: Stack) -> None:
        asyncio.run(self._let_in(self._admin(stack.kafka_bootstrap)))
        asyncio.run(self._make_roles(stack.database_url))
        list(bring_up(self._database(OWNER, stack)))
        for name, role in _DATABASE_OF.items():
            self._write(f"postgres/{name}", self._database(role, stack))
        for each in self._everybody:
            self._write_login(each, stack)

    async def _make_roles(self, url: str) -> None:
        async with await plain(url) as superuser:
            for name in (OWNER, *(role.name for role in ROLES)):
                await superuser.execute(making(name).encode())
                await superuser.execute(
                    sql.SQL("alter role {} password {}").format(sql.Identifier(name), self._passwords[name])
                )
            for statement in closing(sql.Identifier(superuser.info.dbname).as_string(superuser)):
                await superuser.execute(statement.encode())

    async def _let_in(self, kafka: KafkaConnection) -> None:
        await let_in(kafka, {each.name: self._passwords[each.name] for each in self._everybody})
        rights = [
            (each.name, right.kind, right.name, right.prefixed, right.operation)
            for each in self._everybody
            for right in each.rights
        ]
        await give(kafka, rights)
        await limit(kafka, {each.name: each.quota.settings for each in self._everybody if each.quota is not None})

    def _database(self, role: str, stack: Stack) -> str:
        return make_conninfo(
            stack.database_url,
            host=HOST,
            port=stack.database_port,
            user=role,
            password=self._passwords[role],
            sslmode="verify-full",
            sslrootcert=str(self._folder / "ca.pem"),
        )

    def _environment(self, name: str, stack: Stack) -> dict[str, str]:
        """How *name* comes in: paths of files, and no secret itself."""
        files = {"ONWARD_KAFKA_SASL_PASSWORD_FILE": f"kafka/{name}"}
        if name in _DATABASE_OF:
            files["ONWARD_DATABASE_URL_FILE"] = f"postgres/{name}"
        own = _SECRETS_OF.get(name, ())
        files |= {
            f"{variable}_FILE": secret for secret, variable in zip(NAMES, VARIABLES, strict=True) if secret in own
        }
        return {
            KAFKA_VARIABLE: stack.kafka_bootstrap,
            "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "ONWARD_KAFKA_CA_FILE": str(self._folder / "ca.pem"),
            "ONWARD_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "ONWARD_KAFKA_SASL_USERNAME": name,
            **{variable: str(self._folder / file) for variable, file in files.items()},
        }

    def _write_login(self, who: Principal, stack: Stack) -> None:
        """A file that a shell reads, so that a command comes in as *who*."""
        if who.kind == "service":
            return
        file = f"logins/{who.name}.sh"
        head = _SHELL.format(file=self._folder / file, name=who.name, purpose=who.purpose)
        lines = (f"export {name}={shlex.quote(value)}\n" for name, value in self._environment(who.name, stack).items())
        self._write(file, head + "".join(lines))
