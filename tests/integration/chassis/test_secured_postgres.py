"""PostgreSQL that is asked who it is, and asks who we are: by its address alone, in the words of its own library."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integration.chassis.secured import Authority
from onward.chassis.observability.server_errors import explain
from onward.chassis.postgres import database, migrations
from onward.local.tls_front import TlsFront


class Server(Protocol):
    """The session's server."""

    url: str


@dataclass(frozen=True)
class Secured:
    """An address of an empty database, and what certifies whoever stands before it."""

    database: str
    authority: Authority

    @contextmanager
    def front(
        self, *hosts: str, days: tuple[int, int] = (-1, 7), wants_certificates: bool = False
    ) -> Generator[Callable[..., str]]:
        """TLS before the server: makes addresses that verify it, with further parameters of libpq."""
        certificate = self.authority.certify("server", *(hosts or ("localhost",)), days=days)
        clients = self.authority.file if wants_certificates else None
        port = int(str(conninfo_to_dict(self.database)["port"]))
        with TlsFront(port, certificate, clients=clients) as front:
            usual = {"host": "localhost", "port": str(front.port), "sslmode": "verify-full"}
            usual["sslrootcert"] = str(self.authority.file)

            def address(**more: str) -> str:
                return make_conninfo(self.database, **{**usual, **more})

            yield address


@pytest.fixture
def secured(database: str, tmp_path: Path) -> Secured:
    return Secured(database, Authority(tmp_path, "authority"))


async def works(url: str) -> None:
    """All three ways in which a service comes to its database."""
    await database.probe(url)
    migrations.apply(url, "a_service", [migrations.OWN])
    async with await database.connect(url, "a_service", purpose="state") as connection:
        assert connection.pgconn.ssl_in_use
        await connection.execute("select * from outbox")


async def test_a_verified_server_is_worked_with(secured: Secured) -> None:
    with secured.front() as address:
        await works(address())


async def test_a_password_may_stand_in_a_file(secured: Secured, tmp_path: Path) -> None:
    with secured.front() as address:
        parts = conninfo_to_dict(address())
        file = tmp_path / "passwords"
        file.write_text(f"localhost:{parts['port']}:*:{parts['user']}:{parts.pop('password')}\n")
        file.chmod(0o600)
        await works(make_conninfo("", **{**parts, "passfile": str(file)}))


async def test_a_client_shows_its_certificate(secured: Secured) -> None:
    certificate, key = secured.authority.certify("a service")
    with secured.front(wants_certificates=True) as address:
        await works(address(sslcert=str(certificate), sslkey=str(key)))


async def why_not(url: str) -> tuple[str, str]:
    """What kind of trouble it is, and all that is said of it."""
    with pytest.raises(psycopg.Error) as refused:
        await database.probe(url)
    trouble = explain(refused.value)
    assert trouble is not None
    password = str(conninfo_to_dict(url)["password"])
    assert password not in str(trouble)
    return trouble.kind, str(trouble)


async def test_another_authority_is_told(secured: Secured, tmp_path: Path) -> None:
    other = Authority(tmp_path, "another authority")
    with secured.front() as address:
        kind, said = await why_not(address(sslrootcert=str(other.file)))
    assert kind == "tls"
    assert "authority that we do not trust" in said
    assert "sslrootcert in ONWARD_DATABASE_URL" in said


async def test_a_file_of_authorities_that_is_not_there_is_told(secured: Secured) -> None:
    with secured.front() as address:
        kind, said = await why_not(address(sslrootcert="/no/such/file"))
    assert kind == "tls"
    assert "sslrootcert in ONWARD_DATABASE_URL" in said


async def test_another_host_name_is_told(secured: Secured) -> None:
    with secured.front("db.example") as address:
        kind, said = await why_not(address())
    assert kind == "tls"
    assert "for another host" in said


async def test_an_expired_certificate_is_told(secured: Secured) -> None:
    with secured.front(days=(-9, -1)) as address:
        kind, said = await why_not(address())
    assert kind == "tls"
    assert "has expired" in said


async def test_a_certificate_that_is_wanted_and_not_shown_is_told(secured: Secured) -> None:
    with secured.front(wants_certificates=True) as address:
        kind, said = await why_not(address())
    assert kind == "tls"
    assert "sslcert and sslkey" in said


async def test_a_server_without_tls_is_told(secured: Secured) -> None:
    kind, said = await why_not(make_conninfo(secured.database, sslmode="require"))
    assert kind == "tls"
    assert "without TLS" in said
