"""Where downloads are kept between two starts, and who may write there at a time."""

import fcntl
import os
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from onward.local.errors import TooLittleDiskError


def cache_directory(environ: Mapping[str, str]) -> Path:
    """`onward` under XDG_CACHE_HOME, or under ~/.cache."""
    base = environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "onward"  # noqa: PTH117 - "" is not a path


@contextmanager
def exclusive(directory: Path) -> Generator[None]:
    """Only one process at a time; the others wait. The kernel lets go when the holder ends, however it ends."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


CACHE = "XDG_CACHE_HOME"
"""What sets the place of the cache."""


def place_of_data(*, kept: bool) -> str:
    """What sets the place of a server's data."""
    return "--data" if kept else "TMPDIR"


def need_room(where: Path, size: int, *, what: str, chosen_with: str) -> None:
    """
    Refuse to start writing what would not fit.

    Args:
        where: A path on the disk in question; it need not exist yet.
        size: Bytes needed.
        what: What they are for, as a person would say it.
        chosen_with: The option or variable that sets the place.

    Raises:
        TooLittleDiskError: fewer bytes are free.
    """
    existing = next(path for path in (where, *where.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < size:
        raise TooLittleDiskError(existing, free=free, needed=size, what=what, chosen_with=chosen_with)
