"""Persons' keys are wrapped by Vault, over its own protocol: a small server here speaks it, and no Vault is needed."""

import base64
import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from pydantic import ValidationError

from installation_keys import ENVIRONMENT, MASTER
from onward.chassis.security.envelope import UnsealableError, Use
from onward.chassis.security.fingerprints import Secrets
from onward.chassis.security.transit import TransitKeys
from onward.dispatch.settings import Settings as DispatchSettings

TOKEN = "a-token"
KEYS = {f"{number:032x}": bytes([number % 256]) * 32 for number in range(600)}


class Vault(ThreadingHTTPServer):
    """As much of transit as is asked: versions of one key, associated data, batches that fail in part with 400."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.versions = [AESGCMSIV(b"1" * 32)]
        self.asked: list[tuple[str, int]] = []
        self.sealed = False

    def encrypt(self, item: dict[str, str]) -> dict[str, str]:
        data, beside = base64.b64decode(item["plaintext"]), base64.b64decode(item["associated_data"])
        sealed = base64.b64encode(self.versions[-1].encrypt(bytes(12), data, beside)).decode()
        return {"ciphertext": f"vault:v{len(self.versions)}:{sealed}"}

    def decrypt(self, item: dict[str, str]) -> dict[str, str]:
        try:
            _, version, sealed = item["ciphertext"].split(":")
            cipher, beside = self.versions[int(version[1:]) - 1], base64.b64decode(item["associated_data"])
            return {"plaintext": base64.b64encode(cipher.decrypt(bytes(12), base64.b64decode(sealed), beside)).decode()}
        except (ValueError, IndexError, InvalidTag):
            return {"error": "cipher: message authentication failed"}


class _Handler(BaseHTTPRequestHandler):
    server: Vault

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, _, mount, what, name = self.path.split("/")
        if self.server.sealed or self.headers["X-Vault-Token"] != TOKEN or (mount, name) != ("transit", "persons"):
            self._answer(503 if self.server.sealed else 403, {"errors": ["permission denied"]})
            return
        items = body["batch_input"]
        self.server.asked.append((what, len(items)))
        done: list[dict[str, Any]] = [getattr(self.server, what)(item) for item in items]
        self._answer(400 if any("error" in each for each in done) else 200, {"data": {"batch_results": done}})

    def _answer(self, status: int, body: object) -> None:
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base
        pass


@pytest.fixture
def vault() -> Generator[Vault]:
    with Vault() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def keys_in(vault: Vault, *, token: str = TOKEN, use: Use = Use.PERSON_KEY) -> TransitKeys:
    return TransitKeys(use, f"vault+http://127.0.0.1:{vault.server_address[1]}/transit/persons", token)


async def test_a_batch_is_wrapped_and_unwrapped_in_few_requests_and_what_is_kept_is_no_key(vault: Vault) -> None:
    wrapped = await keys_in(vault).wrap(KEYS)
    assert await keys_in(vault).unwrap(wrapped) == KEYS
    assert vault.asked == [(what, count) for what in ("encrypt", "decrypt") for count in (250, 250, 100)]
    assert not any(key in each for key, each in zip(KEYS.values(), wrapped.values(), strict=True))
    assert keys_in(vault).held == ()
    assert TOKEN not in repr(keys_in(vault))


async def test_a_key_opens_for_its_person_and_its_use_only_and_holds_up_no_other(vault: Vault) -> None:
    wrapped = await keys_in(vault).wrap({"a": b"a" * 32, "b": b"b" * 32})
    opened = await keys_in(vault).unwrap({"a": wrapped["b"], "b": wrapped["b"], "c": b"no ciphertext"})
    assert opened["b"] == b"b" * 32
    assert isinstance(opened["a"], UnsealableError)
    assert isinstance(opened["c"], UnsealableError)
    elsewhere = await keys_in(vault, use=Use.REFERENCE_KEY).unwrap(wrapped)
    assert all(isinstance(each, UnsealableError) for each in elsewhere.values())


async def test_when_vault_changes_its_key_what_was_wrapped_before_still_opens(vault: Vault) -> None:
    before = await keys_in(vault).wrap({"a": b"a" * 32})
    vault.versions.append(AESGCMSIV(b"2" * 32))
    since = await keys_in(vault).wrap({"a": b"a" * 32})
    assert (before["a"][:9], since["a"][:9]) == (b"vault:v1:", b"vault:v2:")
    for each in (before, since):
        assert await keys_in(vault).unwrap(each) == {"a": b"a" * 32}


async def test_a_vault_that_is_away_sealed_or_refuses_is_away_and_nothing_is_taken_for_damaged(vault: Vault) -> None:
    wrapped = await keys_in(vault).wrap({"a": b"a" * 32})
    with pytest.raises(ConnectionError, match="its token may not use this key"):
        await keys_in(vault, token="another").unwrap(wrapped)
    vault.sealed = True
    with pytest.raises(ConnectionError, match="it is sealed"):
        await keys_in(vault).unwrap(wrapped)
    with pytest.raises(OSError, match="refused"):
        await TransitKeys(Use.PERSON_KEY, "vault+http://127.0.0.1:1/transit/persons", TOKEN).unwrap(wrapped)


def test_where_the_key_is_follows_from_the_secrets_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**ENVIRONMENT, "ONWARD_KAFKA_BOOTSTRAP": "127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    assert DispatchSettings().master == MASTER
    monkeypatch.setenv("ONWARD_MASTER_KEY", "vault+https://vault:8200/transit/onward-persons")
    with pytest.raises(ValidationError, match="set ONWARD_VAULT_TOKEN_FILE"):
        DispatchSettings()
    monkeypatch.setenv("ONWARD_VAULT_TOKEN", TOKEN)
    found = DispatchSettings()
    assert isinstance(found.master, TransitKeys)
    assert Secrets.of(found).values.keys() == {"id-key", "parking-key"}
    monkeypatch.setenv("ONWARD_MASTER_KEY", "vault+https://vault/persons")
    with pytest.raises(ValidationError, match="MOUNT/KEY"):
        DispatchSettings()
