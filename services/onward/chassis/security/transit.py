"""
The key service of HashiCorp Vault, engine transit: the key that wraps persons' keys stays there, and no process has it.

One request wraps or unwraps the keys of a batch. Each is bound to its person and use as associated data. Vault keeps
the versions of its key: `vault write -f transit/keys/NAME/rotate` changes it, and what is wrapped under an earlier one
opens.
"""

import asyncio
import base64
import binascii
import http.client
import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from onward.chassis.security.envelope import UnsealableError, Use
from onward.chassis.security.wrapping import PERSON_KEY_BYTES

SCHEME: Final = "vault+http"
"""With which an address begins; `vault+https` in earnest, the other for a Vault on the same machine."""
_AT_ONCE: Final = 250
_SECONDS: Final = 10
_MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TransitKeys:
    """Wraps under one key of Vault; see `WrappingKeys`."""

    use: Use
    address: str
    """`vault+https://HOST:PORT/MOUNT/KEY`, such as `vault+https://vault:8200/transit/onward-persons`."""
    token: str = field(repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)
    """By default the authorities that the machine trusts."""

    @property
    def held(self) -> tuple[bytes, ...]:
        """None: Vault keeps it."""
        return ()

    async def wrap(self, keys: Mapping[str, bytes]) -> dict[str, bytes]:
        """See `WrappingKeys`."""
        if any(len(key) != PERSON_KEY_BYTES for key in keys.values()):
            raise UnsealableError("bad_key")
        asked = [{"plaintext": _text(key), "associated_data": self._bound_to(each)} for each, key in keys.items()]
        answers = await asyncio.to_thread(self._all, "encrypt", asked)
        wrapped = [answer.get("ciphertext") for answer in answers]
        if not all(isinstance(each, str) for each in wrapped):
            raise ConnectionError("Vault did not wrap a key: its log says why")
        return {person: str(each).encode() for person, each in zip(keys, wrapped, strict=True)}

    async def unwrap(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes | UnsealableError]:
        """See `WrappingKeys`."""
        asked = [
            {"ciphertext": each.decode(errors="replace"), "associated_data": self._bound_to(person)}
            for person, each in wrapped.items()
        ]
        answers = await asyncio.to_thread(self._all, "decrypt", asked)
        return {person: _opened(answer) for person, answer in zip(wrapped, answers, strict=True)}

    def _bound_to(self, person: str) -> str:
        return _text(f"{self.use.value}|{person}".encode())

    def _all(self, what: str, asked: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for start in range(0, len(asked), _AT_ONCE):
            found += self._ask(what, asked[start : start + _AT_ONCE])
        return found

    def _ask(self, what: str, asked: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        """
        What Vault answers to each; one that it cannot do has an `error` in its place, and the others are done.

        Raises:
            OSError: Vault is away, sealed, or refuses the token; says which, never what was asked.
        """
        where = urlsplit(self.address)
        mount, _, name = where.path.strip("/").rpartition("/")
        host, port = where.hostname or "", where.port or 8200
        connection = (
            http.client.HTTPConnection(host, port, timeout=_SECONDS)
            if where.scheme == "vault+http"
            else http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=self.tls)
        )
        try:
            headers = {"X-Vault-Token": self.token, "Content-Type": "application/json"}
            connection.request("POST", f"/v1/{mount}/{what}/{name}", json.dumps({"batch_input": asked}), headers)
            answer = connection.getresponse()
            body = answer.read(_MOST_BYTES)
        except http.client.HTTPException as error:
            raise ConnectionError(f"Vault at {host}:{port} answers no HTTP: {type(error).__name__}") from None
        finally:
            connection.close()
        try:
            results = json.loads(body)["data"]["batch_results"]
        except (ValueError, KeyError, TypeError):
            why = _WHY.get(answer.status, "its log says why")
            raise ConnectionError(f"Vault at {host}:{port} refuses with {answer.status}: {why}") from None
        if not isinstance(results, list) or len(results) != len(asked):
            raise ConnectionError(f"Vault at {host}:{port} answers something else than it was asked")
        return results


_WHY: Final = {
    403: "its token may not use this key",
    404: "there is no such engine or key",
    503: "it is sealed",
}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _opened(answer: Mapping[str, Any]) -> bytes | UnsealableError:
    try:
        key = base64.b64decode(answer["plaintext"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return UnsealableError("does_not_open")
    return key if len(key) == PERSON_KEY_BYTES else UnsealableError("bad_key")
