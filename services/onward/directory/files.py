"""Reads the directory of providers and disclosure profiles from `schemas/directory/`, all or nothing.

`profiles.yaml` holds the profiles; every other `.yaml` file holds the providers of one area and is named after it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from onward.contracts import paths
from onward.contracts.authorities import current
from onward.contracts.base import Written
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlMapping, YamlScalar, read
from onward.diagnostics.yaml_values import problems_of, value_of
from onward.directory.checks import check_profiles, check_providers
from onward.directory.model import Directory, Profile, Provider

PROFILES = "profiles.yaml"
SCHEMA = "directory/v1"

M = TypeVar("M", bound=Written)


class DirectoryError(ValueError):
    """The directory cannot be used. *problems* names everything that is wrong, each with its file, line and column."""

    def __init__(self, problems: Iterable[Diagnostic]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class _Header(Written):
    schema_: str = Field(alias="schema", pattern=f"^{SCHEMA}$")


class _ProfileEntry(Written):
    why: str = Field(min_length=1)
    fields: tuple[str, ...] = Field(min_length=1)
    only: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    never: tuple[str, ...] = ()


class _ProfilesFile(_Header):
    profiles: dict[str, Any]


class _AreaFile(_Header):
    area: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    providers: tuple[Any, ...] = Field(min_length=1)


def load(folder: Path | None = None) -> Directory:
    """
    Read every file of the directory.

    The version is the beginning of the hash of all files, so that equal files have equal versions everywhere.

    Args:
        folder: Absent means `directory/` in the project's or the package's schemas.

    Raises:
        DirectoryError: Anything at all is wrong in any file; nothing is used of a directory with a mistake in it.
        FileNotFoundError: There is no such folder.
    """
    return parse(read_files(folder))


def read_files(folder: Path | None = None) -> Mapping[str, bytes]:
    """
    Each file of the directory, by its name, whatever is in it.

    Args:
        folder: As for `load`.

    Raises:
        FileNotFoundError: There is no such folder.
    """
    folder = folder or paths.schemas() / "directory"
    if not folder.is_dir():
        raise FileNotFoundError(f"no directory of providers at {folder}")
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}


def places(files: Mapping[str, bytes]) -> Mapping[str, Place]:
    """Where the entry of each provider stands in files that `parse` takes."""
    found: dict[str, Place] = {}
    for name, content in files.items():
        problems: list[Diagnostic] = []
        found |= {provider.id: node.place for provider, node in _area(name, content, problems) if name != PROFILES}
    return found


def parse(files: Mapping[str, bytes]) -> Directory:
    """
    The directory that the given files, by name, describe.

    Raises:
        DirectoryError: As for `load`.
    """
    problems: list[Diagnostic] = []
    profiles, names = _profiles(files.get(PROFILES), problems)
    providers = [
        found for name, content in files.items() if name != PROFILES for found in _area(name, content, problems)
    ]
    problems += check_profiles(profiles)
    problems += check_providers(providers, names)
    if problems:
        raise DirectoryError(problems)
    hashed = digest(files)
    return Directory(
        version=hashed[:12],
        sha256=hashed,
        providers={provider.id: _of_today(provider) for provider, _ in providers},
        profiles={profile.name: profile for profile, _ in profiles},
    )


def _of_today(provider: Provider) -> Provider:
    """
    The provider with the authorities there are today in its catchment, each once.

    The code of an abolished authority stands for the whole area of its successor: nobody's address tells any longer
    which part is meant, and a person whom the provider does not take after all is refused by it in the open, while one
    who is never sent to it is missed in silence.
    """
    today = tuple(dict.fromkeys(map(current, provider.catchment)))
    return provider if today == provider.catchment else provider.model_copy(update={"catchment": today})


def digest(files: Mapping[str, bytes]) -> str:
    """The hash that names these files, in whatever order they come."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{len(name)}:{name}:{len(files[name])}:".encode())
        total.update(files[name])
    return total.hexdigest()


def _profiles(content: bytes | None, problems: list[Diagnostic]) -> tuple[list[tuple[Profile, Node]], set[str] | None]:
    """
    The profiles that can be read, and the names of all there are, so that nobody is told that a faulty one is missing.

    None for the names of a file that cannot be read at all: then no name is known to be wrong.
    """
    if content is None:
        problems.append(Diagnostic(f"directory/{PROFILES}", 1, 1, "D001", "no such file; nothing may be disclosed"))
        return [], None
    root = _document(PROFILES, content, _ProfilesFile, problems)
    listed = root.get("profiles") if root else None
    found: list[tuple[Profile, Node]] = []
    if not isinstance(listed, YamlMapping):
        return [], None
    for name, node in listed:
        entry = _model(_ProfileEntry, node, problems)
        if entry is not None:
            made = _model(Profile, node, problems, name=name.text)
            found += [(made, node)] if made is not None else []
    return found, {name.text for name, _ in listed}


def _area(name: str, content: bytes, problems: list[Diagnostic]) -> list[tuple[Provider, Node]]:
    root = _document(name, content, _AreaFile, problems)
    if root is None:
        return []
    area = root.get("area")
    if isinstance(area, YamlScalar) and f"{area.text}.yaml" != name:
        problems.append(Diagnostic.at(area.place, "D002", f"area `{area.text}` in `{name}`; name the file after it"))
    listed = root.get("providers")
    nodes = getattr(listed, "items", ())
    made = ((_model(Provider, node, problems, area=getattr(area, "text", "")), node) for node in nodes)
    return [(provider, node) for provider, node in made if provider is not None]


def _document(name: str, content: bytes, model: type[_Header], problems: list[Diagnostic]) -> YamlMapping | None:
    """The root of a file whose outermost keys are right, whatever may be wrong further in."""
    reading = read(f"directory/{name}", content)
    problems += reading.problems
    if not isinstance(reading.root, YamlMapping):
        if reading.root is not None:
            place = Place(f"directory/{name}", 1, 1)
            problems.append(Diagnostic.at(place, "D003", f"not a mapping; begin with `schema: {SCHEMA}`"))
        return None
    return reading.root if _model(model, reading.root, problems) is not None else None


def _model(model: type[M], node: Node, problems: list[Diagnostic], **given: str) -> M | None:
    value = value_of(node)
    if not isinstance(value, dict):
        problems.append(Diagnostic.at(node.place, "D003", "expected `key: value` entries"))
        return None
    written = [key for key in given if key in value]
    if written:
        problems.append(Diagnostic.at(node.place, "D004", f"`{written[0]}` is not written here: it is already said"))
        return None
    try:
        # JSON is the mode of pydantic that is strict about kinds and still takes a list for a tuple.
        return model.model_validate_json(json.dumps(value | given), strict=True)
    except ValidationError as error:
        problems += problems_of(error, node)
        return None
