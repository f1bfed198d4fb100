"""Which of PostgreSQL's errors means what: by SQLSTATE, or by libpq's words where a connection gave none."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import psycopg
from psycopg import errors

from onward.chassis.observability import tls_trouble
from onward.chassis.observability.server_trouble import Kind, Server, ServerTrouble, at, place

_STATES: Final[dict[str, tuple[Kind, str]]] = {
    "28P01": ("wrong_password", "does not accept the password{of_user}"),
    "28000": ("not_let_in", "does not let us in{as_user}"),
    "3D000": ("no_such_database", "has no such database{database}"),
    "42501": ("no_right", "denies us a right{as_user}"),
    "3F000": ("no_such_table", "has no such schema{database}"),
    "42P01": ("no_such_table", "lacks a table of ours{database}"),
    "42703": ("no_such_table", "lacks a column of ours{database}"),
    "42883": ("no_such_table", "lacks a function of ours{database}"),
    "53100": ("full", "has no room left on its disk"),
    "53200": ("full", "has no memory left"),
    "53300": ("too_many_connections", "has too many connections"),
    "57014": ("too_slow", "was asked to give up a statement that took too long"),
    "55P03": ("too_slow", "could not get a lock in time"),
    "57P01": ("session_ended", "ended our session: an administrator, a shutdown, or a process that took over"),
    "57P02": ("crashed", "ended our session because one of its processes crashed"),
    "57P03": ("starting", "takes no connections yet"),
    "57P04": ("no_such_database", "dropped the database{database} under us"),
    "57P05": ("session_ended", "ended our session because it was idle"),
    "25P03": ("session_ended", "ended our session because it was idle within a transaction"),
    "25P04": ("too_slow", "ended our session because a transaction took too long"),
    "25006": ("read_only", "takes no writing"),
    "40001": ("conflict", "found two transactions in each other's way"),
    "40P01": ("conflict", "found two transactions waiting for each other"),
    "58030": ("server_fault", "cannot read or write its files"),
    "XX001": ("server_fault", "found damaged data"),
    "XX002": ("server_fault", "found a damaged index"),
}

_CLASSES: Final[dict[str, tuple[Kind, str]]] = {
    "08": ("lost", "lost the connection{where}"),
    "28": ("not_let_in", "does not let us in{as_user}"),
    "53": ("full", "lacks a resource"),
    "57": ("session_ended", "ended our session"),
    "58": ("server_fault", "has trouble with its own machine"),
    "XX": ("server_fault", "failed inside"),
}

# What libpq and the server say while connecting, where no SQLSTATE comes through. The server's own lines are in the
# language of its `lc_messages`: in another than English the kind is `not_let_in` at worst, never a wrong one.
_WORDS: Final[tuple[tuple[str, Kind, str], ...]] = (
    (r"password authentication failed", "wrong_password", "does not accept the password{of_user}{where}"),
    (r"no password supplied", "wrong_password", "wants a password{of_user}, and the address has none{where}"),
    (r"FATAL:\s+database .* does not exist", "no_such_database", "has no database{database}{where}"),
    (r"FATAL:\s+role .* does not exist", "not_let_in", "has no role{role}{where}"),
    (r"not permitted to log ?in", "not_let_in", "does not permit the role{role} to log in{where}"),
    (
        r"no pg_hba.conf entry|pg_hba.conf rejects",
        "not_let_in", "has no rule in pg_hba.conf that lets us in{as_user}{where}",
    ),
    (r"permission denied for database", "no_right", "does not let us into the database{database}{as_user}{where}"),
    (
        r"too many (clients|connections)|connection slots are reserved|connection limit",
        "too_many_connections", "has too many connections{where}",
    ),
    (r"the database system is shutting down", "shutting_down", "is shutting down{where}"),
    (r"the database system is|not yet accepting connections", "starting", "takes no connections yet{where}"),
    (
        r"invalid response to SSL negotiation|expected authentication request from server|invalid protocol",
        "not_this_server", "does not speak as PostgreSQL does{where}",
    ),
    (r"SSL|TLS|certificate|GSSAPI", "tls", "and we do not agree on encryption{where}"),
    (
        r"failed to resolve host.*Servname|invalid port number|invalid integer value",
        "bad_address", "has an address whose port is none",
    ),
    (r"failed to resolve host|could not translate host name", "unknown_host", "cannot be found by name{host}"),
    (r"Connection refused", "refused", "refuses the connection{where}"),
    (r"on socket .*No such file or directory", "refused", "does not listen on its socket{where}"),
    (r"timed? ?out|timeout expired", "silent", "does not answer{where}"),
    (r"No route to host|[Nn]etwork is unreachable|Permission denied", "unreachable", "cannot be reached{where}"),
    (
        r"server closed the connection|reset by peer|Broken pipe|connection is (lost|closed)|terminated abnormally|EOF",
        "lost", "closed the connection{where}",
    ),
)  # fmt: skip

_SAID: Final = re.compile(r"^connection (?:failed|is bad): connection to server at .*?, port \d+ failed: ")
_HOST: Final = re.compile(r"(?:resolve host|translate host name) ['\"]([^'\"]*)['\"]")


def recognise(error: BaseException) -> ServerTrouble | None:
    """What *error* says of PostgreSQL; None if it is not one of psycopg's."""
    if not isinstance(error, psycopg.Error):
        return None
    text = str(error)
    code = error.sqlstate or ""
    if is_crash(error):
        return _told(error, "crashed", "fell: its main process is gone{where}", code)
    if code:
        kind, why = _STATES.get(code) or _CLASSES.get(code[:2]) or ("server_fault", "refused a statement")
        return _told(error, kind, why, code)
    if isinstance(error, errors.ConnectionTimeout):
        return _told(error, "silent", "does not answer{where}")
    return _by_words(error, text)


def is_crash(error: BaseException) -> bool:
    """
    The server fell, although its last words have the code of a session that is ended on purpose.

    A shutdown in good order cannot be told from that: it ends sessions exactly as a process that takes over does.
    """
    return isinstance(error, errors.AdminShutdown) and "postmaster" in str(error)


_TLS_WORDS: Final[tuple[tuple[str, Callable[[Server], ServerTrouble]], ...]] = (
    (r"certificate verify failed", tls_trouble.not_verified),
    (r"root certificate file", tls_trouble.unknown_issuer),
    (r"server certificate for .* does not match|could not get server's host name", tls_trouble.other_name),
    (r"server does not support SSL", tls_trouble.without_tls),
    (r"alert (certificate required|bad certificate|unknown ca|certificate expired)", tls_trouble.refused),
)
"""What libpq says of TLS. Of a certificate that fails it does not say why."""


def _by_words(error: psycopg.Error, text: str) -> ServerTrouble:
    if isinstance(error, psycopg.ProgrammingError):
        # Its text quotes the address, password and all.
        return _told(error, "bad_address", "has an address that cannot be read")
    # The last host's words come first; the others' follow.
    first = _SAID.sub("", text.partition("\nMultiple connection attempts")[0])
    for pattern, trouble in _TLS_WORDS:
        if re.search(pattern, first):
            found = trouble("PostgreSQL")
            return replace(found, why=found.why + at(place(_known(error, "host"), _known(error, "port"))))
    for pattern, kind, why in _WORDS:
        if re.search(pattern, first):
            return _told(error, kind, why)
    if "FATAL:" in first or getattr(error.pgconn, "used_password", False):
        return _told(error, "not_let_in", "does not let us in{as_user}{where}, in words that we do not know")
    return _told(error, "lost", "broke off the connection{where}")


def _told(error: psycopg.Error, kind: Kind, why: str, code: str = "") -> ServerTrouble:
    """*why* with what psycopg knows of the connection; all of it comes from the address, but for the password."""
    host, port, user = _known(error, "host"), _known(error, "port"), _known(error, "user")
    unresolved = _HOST.search(str(error))
    filled = why.format(
        where=at(place(host, port)),
        host=at(place(unresolved[1], "")) if unresolved else "",
        of_user=_named(" of user", user),
        as_user=_named(" as", user),
        role=_named("", user),
        database=_named("", _known(error, "db")),
    )
    return ServerTrouble("PostgreSQL", kind, filled, code)


def _known(error: psycopg.Error, name: str) -> str:
    try:
        value = getattr(error.pgconn, name, b"")
    except psycopg.Error:  # of a connection that is closed nothing can be asked
        return ""
    return value.decode(errors="replace") if isinstance(value, bytes) else ""


def _named(before: str, name: str) -> str:
    """*before* and the quoted *name*, or nothing: what looks like no name may be a piece of a misread address."""
    return f'{before} "{name}"' if re.fullmatch(r"[\w.\-]{1,63}", name) else ""
