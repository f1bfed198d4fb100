"""A broker that lets nobody in without TLS and a login, and nobody at what they have no right to."""

import base64
import ipaddress
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int8, Int16, Int32, Schema, String
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rich.console import Console

from onward.local import broker, kafka_home, ports
from onward.local.cache import cache_directory
from onward.local.kafka import KafkaServer

PASSWORD = "a password of no use elsewhere"
SERVICE, PARTNER = "intake", "partner"
_WRITE = broker.write_properties


class Authority:
    """A certificate authority of a test's own, and what it certifies."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._begun(subject, subject, self._key).add_extension(x509.BasicConstraints(True, None), critical=True)
        self._certificate = made.sign(self._key, hashes.SHA256())
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    @staticmethod
    def _begun(
        subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: tuple[int, int] = (-1, 7)
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)  # noqa: TID251 - certificates are valid as of now
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        begun = begun.serial_number(x509.random_serial_number())
        return begun.not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))

    def certify(self, name: str, *hosts: str, days: tuple[int, int] = (-1, 7)) -> tuple[Path, Path]:
        """A certificate for *hosts* and its key, valid from and to so many days from now: their files, in PEM form."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        begun = self._begun(subject, self._certificate.subject, key, days=days)
        if hosts:
            begun = begun.add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
        certificate, key_file = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        made = begun.sign(self._key, hashes.SHA256())
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        key_file.write_bytes(key.private_bytes(*form))
        key_file.chmod(0o600)
        return certificate, key_file


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@dataclass(frozen=True)
class Secured:
    """A running broker with a listener for each way in; whoever comes by `inner` may do everything."""

    kafka: KafkaServer
    inner: str
    authority: Authority
    mutual: int
    """The port that wants a client certificate."""

    @property
    def port(self) -> int:
        return self.kafka.port

    def by_password(self, user: str = SERVICE, *, mechanism: str = "SCRAM-SHA-512", **more: str) -> dict[str, str]:
        """The variables of a client that logs in with a password."""
        return {
            "ONWARD_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "ONWARD_KAFKA_CA_FILE": str(self.authority.file),
            "ONWARD_KAFKA_SASL_MECHANISM": mechanism,
            "ONWARD_KAFKA_SASL_USERNAME": user,
            "ONWARD_KAFKA_SASL_PASSWORD": PASSWORD,
            **more,
        }


@contextmanager
def secured(
    folder: Path,
    *,
    hosts: tuple[str, ...] = ("localhost",),
    days: tuple[int, int] = (-1, 7),
    users: Sequence[str] = (SERVICE, PARTNER),
    mechanisms: Sequence[str] = ("SCRAM-SHA-256", "SCRAM-SHA-512"),
) -> Any:
    """Start one whose certificate is for *hosts*, valid from and to so many days from now, with logins for *users*."""
    directory = folder / "broker"
    directory.mkdir()
    authority = Authority(folder, "authority")
    certificate, key = authority.certify("broker", *hosts, days=days)
    keys = folder / "broker.pem"
    keys.write_bytes(key.read_bytes() + certificate.read_bytes())
    inner, mutual = ports.free_port(), ports.free_port()

    def with_security(path: Path, *, port: int, controller_port: int, data: Path) -> None:
        _WRITE(path, port=inner, controller_port=controller_port, data=data)
        path.write_text(_secured(path.read_text(), port=port, mutual=mutual, keys=keys, ca=authority.file))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broker, "write_properties", with_security)
        _format(directory, users, mechanisms)
        kafka = KafkaServer(directory, environ=os.environ)
        kafka.start()
        try:
            yield Secured(kafka, f"127.0.0.1:{inner}", authority, mutual)
        finally:
            kafka.stop()


def _secured(text: str, *, port: int, mutual: int, keys: Path, ca: Path) -> str:
    clients = f"CLIENTS://127.0.0.1:{port},MUTUAL://127.0.0.1:{mutual},"
    told = f"CLIENTS://localhost:{port},MUTUAL://localhost:{mutual},"
    text = text.replace("\nlisteners=", f"\nlisteners={clients}").replace(
        "\nadvertised.listeners=", f"\nadvertised.listeners={told}"
    )
    text = text.replace("protocol.map=", "protocol.map=CLIENTS:SASL_SSL,MUTUAL:SSL,")
    login = "listener.name.clients"
    module = "org.apache.kafka.common.security"
    tokens = 'unsecuredLoginStringClaim_sub="unused"'
    return "\n".join(
        [
            text,
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={keys}",
            "ssl.truststore.type=PEM",
            f"ssl.truststore.location={ca}",
            "listener.name.mutual.ssl.client.auth=required",
            "sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER",
            f"{login}.scram-sha-256.sasl.jaas.config={module}.scram.ScramLoginModule required;",
            f"{login}.scram-sha-512.sasl.jaas.config={module}.scram.ScramLoginModule required;",
            f'{login}.plain.sasl.jaas.config={module}.plain.PlainLoginModule required user_{SERVICE}="{PASSWORD}";',
            f"{login}.oauthbearer.sasl.jaas.config={module}.oauthbearer.OAuthBearerLoginModule required {tokens};",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS",
            "",
        ]
    )


def _format(directory: Path, users: Sequence[str], mechanisms: Sequence[str]) -> None:
    home = kafka_home.prepare(cache_directory(os.environ), Console(stderr=True))
    properties = directory / "format.properties"
    broker.write_properties(properties, port=1, controller_port=2, data=directory / "data")
    logins = [
        argument
        for mechanism in mechanisms
        for user in users
        for argument in ("--add-scram", f"{mechanism}=[name={user},password={PASSWORD}]")
    ]
    subprocess.run([*broker.format_command(home.jars, properties), *logins], check=True, capture_output=True)


def token(subject: str) -> str:
    """A token (RFC 7519) without a signature, which a broker in a test accepts."""
    now = int(datetime.now(UTC).timestamp())  # noqa: TID251 - tokens are valid as of now
    parts: list[Mapping[str, Any]] = [{"alg": "none"}, {"sub": subject, "iat": now, "exp": now + 600}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts) + "."


# Rights. The client library has no request for them.

TOPIC, GROUP, TRANSACTIONAL_ID = 2, 3, 5
READ, WRITE, DESCRIBE = 3, 4, 8
_LITERAL, _PREFIXED, _ALLOW = 3, 4, 3


class _Created(Response):
    API_KEY = 30
    API_VERSION = 1
    SCHEMA = Schema(
        ("throttle_time_ms", Int32), ("results", Array(("error_code", Int16), ("error_message", String("utf-8"))))
    )


class _Create(RequestStruct):
    API_KEY = 30
    API_VERSION = 1
    RESPONSE_TYPE = _Created
    SCHEMA = Schema(
        (
            "creations",
            Array(
                ("resource_type", Int8),
                ("resource_name", String("utf-8")),
                ("pattern_type", Int8),
                ("principal", String("utf-8")),
                ("host", String("utf-8")),
                ("operation", Int8),
                ("permission", Int8),
            ),
        )
    )


class CreateAcls(Request[_Create]):
    """Allow a user some operations, each on a resource: (kind, name or prefix ending in `*`, operation)."""

    API_KEY = 30

    def __init__(self, user: str, *allowed: tuple[int, str, int]) -> None:
        self._rows = [
            (kind, name.rstrip("*"), _PREFIXED if name.endswith("*") else _LITERAL, f"User:{user}", "*", what, _ALLOW)
            for kind, name, what in allowed
        ]

    def build(self, request_struct_class: type[_Create]) -> _Create:
        return request_struct_class(self._rows)


async def allow(bootstrap: str, user: str, *allowed: tuple[int, str, int]) -> None:
    """Let *user* do this, and nothing that nobody allowed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        answer: Any = await admin._send_request(CreateAcls(user, *allowed))
    finally:
        await admin.close()
    assert {code for code, _ in answer.results} == {0}, answer
