"""Tokens for SASL/OAUTHBEARER (RFC 7628): from a command, or from an OpenID provider's token endpoint."""

import asyncio
import base64
import json
import shlex
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from aiokafka.abc import AbstractTokenProvider
from pydantic import SecretStr

from onward.chassis import clock

_SECONDS: Final = 10.0
_EARLY_SECONDS: Final = 30.0
"""A token is asked for anew so long before it ends: it must outlast the way to the broker."""
_MOST_BYTES: Final = 65_536


class TokenError(OSError):
    """No token could be had; says from where and why, never what was answered."""


class CommandTokens(AbstractTokenProvider):
    """What a program prints, anew for every connection."""

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)

    async def token(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride] - the library's has no type
        """
        A token.

        Raises:
            TokenError: The program does not start, fails, takes too long, or prints nothing.
        """
        name = self._command[0] if self._command else ""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
            )
        except (OSError, TypeError) as error:
            raise TokenError(f"ONWARD_KAFKA_TOKEN_COMMAND: {name} does not start ({type(error).__name__})") from None
        try:
            async with asyncio.timeout(_SECONDS):
                printed, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise TokenError(f"ONWARD_KAFKA_TOKEN_COMMAND: {name} takes longer than {_SECONDS:.0f} s") from None
        token = printed.decode(errors="replace").strip()
        if process.returncode or not token:
            said = f"ends with {process.returncode}" if process.returncode else "prints nothing"
            raise TokenError(f"ONWARD_KAFKA_TOKEN_COMMAND: {name} {said}")
        return token


class CredentialTokens(AbstractTokenProvider):
    """The client-credentials grant (RFC 6749, 4.4); a token is used for as long as it lasts."""

    def __init__(self, url: str, *, client_id: str, client_secret: SecretStr, scope: str | None) -> None:
        self._url = url
        self._login = (client_id, client_secret)
        self._scope = scope
        self._token = ""
        self._until = float("-inf")
        self._asking = asyncio.Lock()

    async def token(self) -> str:  # pyright: ignore[reportIncompatibleMethodOverride] - the library's has no type
        """
        A token that lasts for a while yet.

        Raises:
            TokenError: The endpoint is away, refuses, or answers with something else.
        """
        async with self._asking:
            if clock.monotonic() >= self._until:
                answer = await asyncio.to_thread(self._ask)
                self._token = str(answer["access_token"])
                self._until = clock.monotonic() + float(answer.get("expires_in", 0)) - _EARLY_SECONDS
            return self._token

    def _ask(self) -> dict[str, Any]:
        form = {"grant_type": "client_credentials", **({"scope": self._scope} if self._scope else {})}
        name, secret = self._login
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        login = ":".join(urllib.parse.quote_plus(each) for each in (name, secret.get_secret_value()))
        request = urllib.request.Request(  # noqa: S310 - pydantic lets http and https pass only
            self._url,
            data=urllib.parse.urlencode(form).encode(),
            headers={"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                answer: Any = json.loads(response.read(_MOST_BYTES))
        except urllib.error.HTTPError as error:
            raise TokenError(f"ONWARD_KAFKA_TOKEN_URL: the token endpoint answers {error.code}") from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise TokenError(f"ONWARD_KAFKA_TOKEN_URL: no token endpoint there ({type(reason).__name__})") from None
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not answer.get("access_token"):
            raise TokenError("ONWARD_KAFKA_TOKEN_URL: what is there answers with no token")
        return answer
