"""What went wrong while a connection was being encrypted: each told apart, with the variable to look at."""

import ssl
from dataclasses import replace
from typing import Final, NamedTuple

from onward.chassis.kafka.patches.connection_causes import TlsBrokenOffError, TlsWantedError
from onward.chassis.observability.server_trouble import Server, ServerTrouble

_NOT_YET, _EXPIRED = 9, 10
_UNKNOWN_ISSUER: Final = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME: Final = frozenset({62, 64})
"""OpenSSL's X509_V_ERR_…: openssl verify(1)."""
_NO_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}
)
_OURS_REFUSED: Final = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_UNKNOWN",
)


class _Variables(NamedTuple):
    """Where somebody can mend it."""

    authority: str
    address: str
    protocol: str
    certificate: str


_VARIABLES: Final[dict[Server, _Variables]] = {
    "Kafka": _Variables(
        authority="ONWARD_KAFKA_CA_FILE",
        address="ONWARD_KAFKA_BOOTSTRAP",
        protocol="ONWARD_KAFKA_SECURITY_PROTOCOL",
        certificate="ONWARD_KAFKA_CERTIFICATE_FILE and ONWARD_KAFKA_KEY_FILE",
    ),
    "PostgreSQL": _Variables(
        authority="sslrootcert in ONWARD_DATABASE_URL",
        address="ONWARD_DATABASE_URL",
        protocol="sslmode in ONWARD_DATABASE_URL",
        certificate="sslcert and sslkey in ONWARD_DATABASE_URL",
    ),
    "a server": _Variables("its CA file", "its address", "its protocol", "the client certificate"),
}


def recognise(error: BaseException, server: Server) -> ServerTrouble | None:
    """What *error* says of encryption, or None; nothing of a certificate's own words is told."""
    if isinstance(error, TlsWantedError):
        return with_tls(server)
    if isinstance(error, TlsBrokenOffError):
        return broken_off(server)
    return _of_openssl(error, server) if isinstance(error, ssl.SSLError) else None


def _of_openssl(error: ssl.SSLError, server: Server) -> ServerTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _OTHER_NAME:
            return other_name(server)
        if error.verify_code == _EXPIRED:
            return expired(server)
        if error.verify_code == _NOT_YET:
            return ServerTrouble(
                server, "tls", "has a certificate that is not valid yet", remedy="set the clocks of both machines right"
            )
        if error.verify_code in _UNKNOWN_ISSUER:
            return unknown_issuer(server)
    reason = getattr(error, "reason", None) or ""
    if isinstance(error, ssl.SSLEOFError) or reason in _NO_TLS:
        return broken_off(server)
    if any(word in reason for word in _OURS_REFUSED):
        return refused(server)
    return ServerTrouble(server, "tls", "and we do not agree on encryption", reason)


def unknown_issuer(server: Server) -> ServerTrouble:
    """Nobody whom we trust has signed its certificate."""
    return ServerTrouble(
        server, "tls", "has a certificate of an authority that we do not trust",
        remedy=f"put the certificate of the authority that signed it into {_VARIABLES[server].authority}",
    )  # fmt: skip


def not_verified(server: Server) -> ServerTrouble:
    """One of two, where the library does not say which."""
    return ServerTrouble(
        server, "tls", "has a certificate of an authority that we do not trust, or one that has expired",
        remedy="look at its certificate's dates; then put its authority's certificate into "
        f"{_VARIABLES[server].authority}",
    )  # fmt: skip


def other_name(server: Server) -> ServerTrouble:
    """The server's certificate is for another host than the address names."""
    return ServerTrouble(
        server, "tls", "has a certificate that is for another host",
        remedy=f"name it in {_VARIABLES[server].address} as its certificate does, or have it certified for that name",
    )  # fmt: skip


def expired(server: Server) -> ServerTrouble:
    """The server's certificate has expired."""
    return ServerTrouble(
        server,
        "tls",
        "has a certificate that has expired",
        remedy="renew the server's certificate, or set our clock right",
    )


def broken_off(server: Server) -> ServerTrouble:
    """It closed the connection during the handshake: most likely it speaks no TLS, and we do."""
    return replace(
        without_tls(server), why="closes the connection while it is being encrypted, as one without TLS does"
    )


def without_tls(server: Server) -> ServerTrouble:
    """We speak TLS, it does not."""
    return ServerTrouble(
        server, "tls", "offers no encryption, it speaks without TLS",
        remedy=f"name its TLS port in {_VARIABLES[server].address}, or mend {_VARIABLES[server].protocol}",
    )  # fmt: skip


def with_tls(server: Server) -> ServerTrouble:
    """It speaks TLS, we do not."""
    return ServerTrouble(
        server, "tls", "wants TLS there, and we speak without",
        remedy=f"set {_VARIABLES[server].protocol} to what that port speaks, or name another port in "
        f"{_VARIABLES[server].address}",
    )  # fmt: skip


def refused(server: Server) -> ServerTrouble:
    """It wants to know who we are, and does not believe it."""
    return ServerTrouble(
        server, "tls", "does not accept our client certificate, or wants one",
        remedy=f"set {_VARIABLES[server].certificate} to a certificate of an authority that it trusts",
    )  # fmt: skip
