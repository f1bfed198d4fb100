"""What can be wrong with a server, and what to do about each: the words, apart from how they are recognised."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Server: TypeAlias = Literal["Kafka", "PostgreSQL", "a server"]
"""The last when an error does not say whose it is."""

Kind: TypeAlias = Literal[
    # there is no talking to it
    "unknown_host", "refused", "silent", "unreachable", "lost", "not_this_server", "tls", "bad_address",
    # it does not let us in
    "wrong_password", "not_let_in", "no_such_database", "no_right", "too_many_connections",
    # it is not there for us now
    "starting", "shutting_down", "crashed", "session_ended", "read_only", "full", "coordinator", "no_leader",
    "throttled",
    # what we asked of it did not come about
    "too_slow", "conflict", "no_such_table", "no_such_topic", "too_large", "fenced", "id_expired", "not_allowed_there",
    "server_fault",
]  # fmt: skip

_ADDRESS: Final[dict[Server, str]] = {
    "Kafka": "ONWARD_KAFKA_BOOTSTRAP",
    "PostgreSQL": "ONWARD_DATABASE_URL",
    "a server": "its variable",
}

_REMEDIES: Final[dict[Kind, str]] = {
    "unknown_host": "mend the host in {address}, or the name service of this machine",
    "refused": "start it, or mend host and port in {address}",
    "silent": "it takes the connection and says nothing: look whether it is frozen, overloaded or behind a firewall",
    "unreachable": "look at the network between, and at host and port in {address}",
    "lost": "the connection broke: look whether the server fell, or something between cuts connections",
    "not_this_server": "something else listens there: mend host and port in {address}",
    "tls": "make both ends agree on encryption and certificates",
    "bad_address": "mend {address}; in a password write characters such as @ : / % as %40 %3A %2F %25",
    "wrong_password": "put the right user and password into {address}",
    "not_let_in": "let this user in (its role, its right to log in, pg_hba.conf), or name another in {address}",
    "no_such_database": "make the database, or name another in {address}",
    "no_right": "grant it to this user: docs/operations.md lists what each service needs",
    "too_many_connections": "raise the server's limit of connections, or end some",
    "starting": "nothing: it is coming up, and the service goes on by itself",
    "shutting_down": "nothing if it is meant; the service goes on when it is back",
    "crashed": "read the server's own log; the service goes on when it is back",
    "session_ended": "nothing if another process has just taken over or an administrator ended it on purpose",
    "read_only": "this is a standby or set to read-only: name the primary in {address}",
    "full": "make room where the server keeps its data",
    "coordinator": "nothing for a minute: the broker finds or loads it; then look at the broker's log",
    "no_leader": "look which brokers are down; the service goes on when the partition has a leader",
    "throttled": "raise the quota of this client on the broker",
    "too_slow": "look at the server's load and locks; it is tried again",
    "conflict": "nothing: it is tried again",
    "no_such_table": "the database is not the one this service has made; name the right one in {address}",
    "no_such_topic": "make it with `onward topics`",
    "too_large": "raise the topic's max.message.bytes to what schemas/topics/ says",
    "fenced": "nothing: another process has taken over; this one takes its share anew",
    "id_expired": "nothing: the broker forgot an idle producer, and a new one is made",
    "not_allowed_there": "set the broker to what docs/operations.md asks of it",
    "server_fault": "read the server's own log at this moment",
}


@dataclass(frozen=True, slots=True)
class ServerTrouble:
    """
    What is wrong with a server, in words for whoever runs it.

    Host, port, names of users, databases, topics, SQLSTATE: these may be told. Never a password, and never anything
    that the server said in words of its own: those can quote an address or a row.
    """

    server: Server
    kind: Kind
    """A stable code, for `/ready` and metrics."""
    why: str
    """What happened, as a clause: `refuses the connection at db.example:5432`."""
    code: str = ""
    """SQLSTATE, or the name of Kafka's error, if it gave one."""
    remedy: str = ""
    """Instead of the usual one."""

    @property
    def what_to_do(self) -> str:
        """What somebody can do, or that nothing is to be done."""
        return self.remedy or _REMEDIES[self.kind].format(address=_ADDRESS[self.server])

    def __str__(self) -> str:
        """All of it in one line, short enough for a log."""
        code = f" ({self.code})" if self.code else ""
        return f"{self.server} {self.why}{code}: {self.what_to_do}"


def place(host: str, port: str | int) -> str:
    """`host:port`, if both look like what they should be; an address that was misread may hold a password."""
    if not host or len(host) > 255 or not all(sign.isalnum() or sign in ".-_:/" for sign in host):
        return ""
    if host.startswith("/"):
        return f"socket {host}"
    if not str(port).isdecimal() or len(str(port)) > 5:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def at(where: str) -> str:
    """` at host:port`, or nothing."""
    return f" at {where}" if where else ""
