"""An editor, as far as a language server can tell: it speaks LSP over standard input and output, with time limits."""

import json
import subprocess
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

SECONDS = 20
"""How long one answer may take; far more than it does."""

# Everything that would ask the network is off, and the proxy is one that nobody answers at.
SETTINGS: Mapping[str, Any] = {
    "yaml": {
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
        "validate": True,
        "hover": True,
        "completion": True,
        "format": {"enable": False},
    },
    "http": {"proxy": "http://127.0.0.1:9", "proxyStrictSSL": True},
    "redhat": {"telemetry": {"enabled": False}},
    "[yaml]": {},
    "editor": {"tabSize": 2},
}

Message = dict[str, Any]


class Editor:
    """One session with a language server; the server's process ends with it, whatever happens."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._incoming: Queue[Message | None] = Queue()
        self._errors: deque[bytes] = deque(maxlen=20)
        self._published: dict[str, list[Message]] = {}
        self._answers: dict[int, Message] = {}
        self._requests = 0
        self._configured = False
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._readers = (
            Thread(target=self._read, args=(self._process.stdout,), daemon=True),
            Thread(target=self._read_errors, args=(self._process.stderr,), daemon=True),
        )
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": False}},
                "hover": {"contentFormat": ["plaintext", "markdown"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
        }
        try:
            self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
            self._tell("initialized", {})
            self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})
            # Nothing is shown before the settings are known, so that the network is never asked.
            self._listen(lambda: self._configured, "question about settings")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._process.poll() is None:
                self.ask("shutdown", None)
                self._tell("exit", None)
        finally:
            self._end()

    def open(self, path: Path, text: str) -> None:
        """Show the server a file, once: it does not say which text its diagnostics are about."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def diagnostics(self, path: Path) -> list[Message]:
        """What the server has to say of a file."""
        uri = path.as_uri()
        self._listen(lambda: uri in self._published, f"diagnostics of {path.name}")
        return self._published[uri]

    def completions(self, path: Path, line: int, column: int) -> list[Message]:
        """What may be written at a place; lines and columns count from 0."""
        answer = self.ask("textDocument/completion", _at(path, line, column))
        found: list[Message] = answer["items"] if isinstance(answer, dict) else answer or []
        return found

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is shown when the pointer rests at a place."""
        answer = self.ask("textDocument/hover", _at(path, line, column))
        return str(answer["contents"]["value"]) if answer else ""

    def ask(self, method: str, params: Any) -> Any:
        """A request and its answer."""
        self._requests += 1
        number = self._requests
        self._send({"id": number, "method": method, "params": params})
        self._listen(lambda: number in self._answers, method)
        answer = self._answers.pop(number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer.get("result")

    def _listen(self, done: Callable[[], bool], what: str) -> None:
        """Take messages until *done*; the server's own questions are answered on the way."""
        end = monotonic() + SECONDS
        while not done():
            try:
                message = self._incoming.get(timeout=max(0.0, end - monotonic()))
            except Empty:
                raise TimeoutError(f"no {what} in {SECONDS} s; {self._said()}") from None
            if message is None:
                raise ConnectionError(f"the language server ended while {what} was awaited; {self._said()}")
            self._take(message)

    def _take(self, message: Message) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif method is not None and "id" in message:
            asked = message.get("params", {}).get("items", []) if method == "workspace/configuration" else None
            result = None if asked is None else [SETTINGS.get(item.get("section", "")) for item in asked]
            self._send({"id": message["id"], "result": result})
            self._configured |= asked is not None
        elif method is None:
            self._answers[message["id"]] = message

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self, stream: IO[bytes]) -> None:
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                header = stream.readline()
            self._incoming.put(json.loads(stream.read(length)))
        self._incoming.put(None)

    def _read_errors(self, stream: IO[bytes]) -> None:
        self._errors.extend(iter(stream.readline, b""))

    def _said(self) -> str:
        said = b"".join(self._errors).decode(errors="replace").strip()
        return f"it said: {said}" if said else "it said nothing"

    def _end(self) -> None:
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def _at(path: Path, line: int, column: int) -> Message:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}
