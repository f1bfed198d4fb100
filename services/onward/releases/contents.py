"""Files, packed to travel, unpacked again, and held to the hash that names them; a directory, read from them."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from typing import Final

from onward.contracts.ruleset import Content, ContentKind
from onward.directory import files as directory_files
from onward.directory.files import DirectoryError
from onward.directory.model import Directory
from onward.releases.signing import RefusedError

MAX_PACKED: Final = 900_000
"""Characters of a packed content: a record of ours is at most 1 MiB. Rules pack to about an eighth."""
MAX_UNPACKED: Final = 16 * 1024 * 1024

SHOWN: Final = 12
"""Digits of a hash, where people and metrics read it."""

_MOST_FILES: Final = 2000
_TEXT: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FILES: Final = re.compile(rb"\{(?:" + _TEXT + rb": ?" + _TEXT + rb"(?:, ?|(?=\}))){0,%d}+\}" % _MOST_FILES, re.DOTALL)

Files = Mapping[str, bytes]
"""Each file's bytes by its name."""


class TooLargeError(ValueError):
    """The files do not fit into one record."""


def key_of(content: Content) -> str:
    """The record key of a content: equal files have one place on the topic, whoever sends them, however often."""
    return content_key(content.kind, content.sha256)


def content_key(kind: ContentKind, sha256: str) -> str:
    """The record key of the content of this hash."""
    return f"{kind}/{sha256}"


def pack(kind: ContentKind, files: Files, sha256: str) -> Content:
    """
    These files, which *sha256* names, to travel.

    Raises:
        TooLargeError: They do not fit into one record.
    """
    text = json.dumps({name: content.decode() for name, content in sorted(files.items())}, ensure_ascii=False)
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    if len(packed) > MAX_PACKED:
        raise TooLargeError(
            f"the files of the {kind} pack to {len(packed)} characters; at most {MAX_PACKED} can travel"
        )
    return Content(kind=kind, sha256=sha256, packed=packed)


def unpacked(content: Content, kind: ContentKind) -> Files:
    """
    The files that travelled as a *kind*; not yet held to their hash.

    Raises:
        RefusedError: `content_altered`: they cannot be unpacked, or are of another kind.
    """
    try:
        stream = zlib.decompressobj()
        text = stream.decompress(base64.b64decode(content.packed, validate=True), MAX_UNPACKED)
        # What is not a flat object of texts is never parsed: it would take many times its size.
        files = json.loads(text) if _FILES.fullmatch(text) else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise RefusedError("content_altered", f"the {kind} cannot be unpacked") from None
    whole = stream.eof and not stream.unused_data
    if not whole or content.kind != kind or not isinstance(files, dict):
        raise RefusedError("content_altered", f"the {kind} cannot be unpacked")
    if not all(isinstance(text, str) for text in files.values()):
        raise RefusedError("content_altered", f"the {kind} cannot be unpacked")
    if not all(_is_writable(name) for name in files):
        raise RefusedError("content_altered", f"the {kind} have a file whose name cannot be written")
    return {str(name): text.encode(errors="surrogatepass") for name, text in files.items()}


def _is_writable(name: str) -> bool:
    """Whether a hash can be taken of it: JSON knows halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def pack_directory(files: Files) -> Content:
    """
    The files of a directory, to travel.

    Raises:
        TooLargeError: They do not fit into one record.
    """
    return pack("directory", files, directory_files.digest(files))


def listed_files(content: Content) -> Files:
    """
    The files of a directory, byte for byte as they were packed.

    Raises:
        RefusedError: `content_altered`: they are not those that the hash names.
    """
    files = unpacked(content, "directory")
    if directory_files.digest(files) != content.sha256:
        raise RefusedError("content_altered", "the directory files are not those that their hash names")
    return files


def read_directory(content: Content) -> Directory:
    """
    The directory.

    Raises:
        RefusedError: `content_altered`, or `unloadable` with every problem.
    """
    try:
        return directory_files.parse(dict(listed_files(content)))
    except DirectoryError as error:
        raise RefusedError("unloadable", str(error)) from error
