"""
The secrets of a deployment on one machine: an authority of its own, certificates, passwords and keys.

They are made once. Files are closed to others from their first instant; nothing of them is printed.
"""

import base64
import ipaddress
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from onward.chassis.installation_secrets import made_up
from onward.deployment.postgres_roles import OWNER, ROLES, service_of

GROUP: Final = 10001
"""The group of the image's user: what containers read, it may read."""
_YEARS: Final = 5
_CERTIFIED_DAYS: Final = 365
_BYTES: Final = 32
_LOGIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule required"
_LISTENERS: Final = ("inside", "outside", "controller")


class SecretsExistError(Exception):
    """There is something in the folder: it is not written over."""


def make(folder: Path, principals: Iterable[str], *, hosts: Sequence[str], now: datetime) -> None:
    """
    Make every secret in *folder*, which must not be there or be empty.

    Args:
        folder: Where they go, as `deploy/compose.yaml` reads them.
        principals: Whoever logs in to Kafka.
        hosts: Names and addresses by which partners know the broker, beside `kafka` and `localhost`.
        now: When the certificates begin to be valid.

    Raises:
        SecretsExistError: There is something in it.
        OSError: It cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SecretsExistError(f"{folder} is not empty: data was made with what it holds; nothing was changed")
    files = {**_installation(), **_kafka(principals), **_postgres()}
    authority = CertificateAuthority(now)
    for server, names in (("kafka", ["kafka", "localhost", *hosts]), ("postgres", ["postgres", "localhost"])):
        certificate, key = authority.certify(server, names)
        files[f"{server}/ca.pem"] = authority.certificate
        if server == "kafka":
            files["kafka/server.pem"] = key + certificate
        else:
            files |= {"postgres/server.crt": certificate, "postgres/server.key": key}
    files |= {"ca.pem": authority.certificate, "authority/ca.key": authority.key}
    _write(folder, files)


def _secret() -> str:
    return secrets.token_urlsafe(_BYTES)


def _installation() -> dict[str, str]:
    auditor = Ed25519PrivateKey.generate()
    public = base64.b64encode(auditor.public_key().public_bytes_raw()).decode()
    return {
        **made_up(),
        "grafana-password": _secret(),
        "audit-key": _key_pem(auditor),
        "rule-keys": f"schema: rule-keys/v1\nkeys:\n  - {{name: auditor-1, role: auditor, public: {public}}}\n",
    }


def _kafka(principals: Iterable[str]) -> dict[str, str]:
    passwords = {name: _secret() for name in ("admin", "broker", *principals)}
    users = " ".join(f'user_{name}="{password}"' for name, password in passwords.items())
    login = f'{_LOGIN} username="broker" password="{passwords["broker"]}" {users};'
    lines = [f"listener.name.{listener}.plain.sasl.jaas.config={login}" for listener in _LISTENERS]
    files = {f"kafka-passwords/{name}": password for name, password in passwords.items() if name != "broker"}
    return {**files, "kafka/logins.properties": "\n".join([*lines, ""])}


def _postgres() -> dict[str, str]:
    passwords = {OWNER: _secret(), **{role.name: _secret() for role in ROLES}}
    statements = [f"alter role {name} password '{password}';" for name, password in passwords.items()]
    names = {OWNER: "owner", **{role.name: service_of(role) for role in ROLES}}
    urls = {
        f"database-urls/{names[role]}": (
            f"postgresql://{role}:{password}@postgres:5432/onward?sslmode=verify-full&sslrootcert=/run/secrets/ca"
        )
        for role, password in passwords.items()
    }
    return {**urls, "postgres/superuser": _secret(), "postgres/passwords.sql": "\n".join([*statements, ""])}


class CertificateAuthority:
    """Signs the certificates of this deployment's servers, and no others."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Onward deployment")])
        begun = self._begun(self._name, self._key, days=_YEARS * 365)
        signed = begun.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = _pem(signed.sign(self._key, hashes.SHA256()))
        self.key = _key_pem(self._key)

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int) -> x509.CertificateBuilder:
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key.public_key())
        begun = begun.serial_number(x509.random_serial_number())
        return begun.not_valid_before(self._now - timedelta(hours=1)).not_valid_after(self._now + timedelta(days=days))

    def certify(self, server: str, names: Sequence[str]) -> tuple[str, str]:
        """A certificate for a server under *names*, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, server)])
        known = x509.SubjectAlternativeName([_general(name) for name in dict.fromkeys(names)])
        signed = self._begun(subject, key, days=_CERTIFIED_DAYS).add_extension(known, critical=False)
        return _pem(signed.sign(self._key, hashes.SHA256())), _key_pem(key)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """By root for the group of the image, too; by anybody else for themselves alone."""
    shared = os.geteuid() == 0
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, content in files.items():
        path = folder / name
        private = name.startswith("authority/")
        if path.parent != folder and not path.parent.exists():
            path.parent.mkdir(mode=0o700)
            if shared and not private:
                os.chown(path.parent, 0, GROUP)
                path.parent.chmod(0o750)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if shared and not private:
                os.fchown(descriptor, 0, GROUP)
                os.fchmod(descriptor, 0o640)
            file.write(content)
