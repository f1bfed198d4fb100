"""What a local Onward is made of: a process for each service, and secrets that stay with its data."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from onward.chassis.installation_secrets import NAMES, made_up
from onward.chassis.secret_files import PREFIX
from onward.contracts.services import SERVICES
from onward.local.errors import LocalStackError
from onward.local.service_spec import ServiceSpec

VARIABLES = tuple(f"{PREFIX}{name.replace('-', '_').upper()}" for name in NAMES)
"""Those of the secrets of an installation; each service is given its own of them."""
PEPPER_VARIABLE, ID_KEY_VARIABLE = "ONWARD_PEPPER", "ONWARD_ID_KEY"
_KEPT_IN = "secrets.json"


def service_specs() -> list[ServiceSpec]:
    """One process for each service."""
    return [ServiceSpec(name) for name in SERVICES]


def local_secrets(data: Path | None, environ: Mapping[str, str]) -> dict[str, str]:
    """
    The secrets of a stack on this machine: those of *environ* if it names all, else made up.

    With *data* they are kept there, readable by its owner only: data made with them is worthless without them.

    Raises:
        LocalStackError: *environ* names only some of them, or others than are kept; or those cannot be read.
    """
    given = {name: environ[name] for name in VARIABLES if environ.get(name)}
    if given and (absent := [name for name in VARIABLES if name not in given]):
        raise LocalStackError(
            f"{', '.join(given)} set, and not {', '.join(absent)}: they belong together: set all, or none to have them "
            "made up"
        )
    path = None if data is None else data / _KEPT_IN
    if given:
        if path is not None and path.exists() and _kept(path) != given:
            raise LocalStackError(
                f"the secrets of the environment are not those that this data was made with, which {path} keeps: unset "
                "them, or choose another data directory"
            )
        return given
    if path is None:
        return _made_up()
    if not path.exists():
        _keep(path, _made_up())
    return _kept(path)


def _made_up() -> dict[str, str]:
    made = made_up()
    return {variable: made[name] for variable, name in zip(VARIABLES, NAMES, strict=True)}


def _keep(path: Path, made: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # O_EXCL: two that start at once must not each believe in their own.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)


def _kept(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in VARIABLES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LocalStackError(
            f"{path} does not hold the secrets of this data ({type(error).__name__}). Restore it, or delete the data "
            "directory to start afresh: without the secrets its personal data cannot be read"
        ) from None
