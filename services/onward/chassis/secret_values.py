"""
What a secret's text holds: one value, or several while it is changed, one a line and the new one first.

With the first everything is made; opened and looked up is with each.
"""

import base64
import binascii
from typing import Final

KEY_BYTES: Final = 32
_MADE_BY: Final = "`openssl rand -base64 32`"
_SHORTEST_PEPPER: Final = 32


def keys_in(text: str, *, size: int = KEY_BYTES, made_by: str = _MADE_BY) -> tuple[bytes, ...]:
    """
    The keys that *text* holds, in base64, one a line; the first is the one that counts.

    Raises:
        ValueError: It holds none, or one that is no base64 or not of *size* bytes; says how keys are *made_by*.
    """
    return tuple(_key(each, size, made_by) for each in text.split() or [""])


def _key(text: str, size: int, made_by: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"must be base64; make one with {made_by}") from None
    if len(key) != size:
        raise ValueError(f"must be {size} bytes, not {len(key)}; make one with {made_by}")
    return key


def pepper_in(text: str) -> bytes:
    """
    The pepper that *text* holds. Always one: what was made with another is looked up in vain, erasures included.

    Raises:
        ValueError: It has fewer than 32 characters, or several lines.
    """
    lines = text.splitlines() or [""]
    if len(lines) > 1:
        raise ValueError(
            "must be one line: a pepper is not changed, since nobody would be found by their numbers any more"
        )
    if len(text) < _SHORTEST_PEPPER:
        raise ValueError(f"must have at least {_SHORTEST_PEPPER} characters; make one with `openssl rand -base64 48`")
    return lines[0].encode()
