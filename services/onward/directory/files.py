"""Reads the directory of providers and disclosure profiles from `schemas/directory/`, all or nothing.

`profiles.yaml` holds the profiles; every other file holds the providers of one area and is named after it. Nothing but
such files and notes (`.md`) stands in the folder: one that is not read would take an area's help away.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from onward.contracts import paths
from onward.contracts.authorities import current
from onward.contracts.base import Written
from onward.diagnostics.yaml_folder import YamlFolder, unreadable
from onward.diagnostics.yaml_tree import Diagnostic, Node, Place, YamlMapping, YamlScalar, read
from onward.diagnostics.yaml_values import problems_of, value_of
from onward.directory.checks import check_profiles, check_providers
from onward.directory.model import Directory, Profile, Provider

PROFILES = "profiles.yaml"
SCHEMA = "directory/v1"
_NAME = "directory"
"""What problems call the folder, wherever it is."""
_FILES = YamlFolder("directory file", "directory/", nested=False, notes=False)

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
    warned: bool = False
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
    files, problems = _read(folder)
    if not problems:
        return parse(files)
    try:
        parse(files)
    except DirectoryError as error:
        problems += error.problems
    raise DirectoryError(problems)


def read_files(folder: Path | None = None) -> Mapping[str, bytes]:
    """
    Each file of the directory, by its name, whatever is in it.

    Args:
        folder: As for `load`.

    Raises:
        DirectoryError: Something in it would not be read.
        FileNotFoundError: There is no such folder.
    """
    files, problems = _read(folder)
    if problems:
        raise DirectoryError(problems)
    return files


def _read(folder: Path | None) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The files that can be read, and what is wrong with the others."""
    folder = folder or paths.schemas() / _NAME
    if not folder.is_dir():
        raise FileNotFoundError(f"no directory of providers at {folder}")

    def shown(path: Path) -> str:
        return f"{_NAME}/{path.relative_to(folder).as_posix()}"

    listed, problems = _FILES.list(folder, shown)
    found: dict[str, bytes] = {}
    for path in listed:
        try:
            found[path.name] = path.read_bytes()
        except OSError as error:
            problems.append(unreadable(shown(path), error))
    return found, problems


def places(files: Mapping[str, bytes]) -> Mapping[str, Place]:
    """Where the entry of each provider stands in files that `parse` takes."""
    return {provider.id: node.place for provider, node in entries(files).providers}


@dataclass(frozen=True, slots=True)
class Entries:
    """What the files of a directory hold, each entry with its place."""

    profiles: Sequence[tuple[Profile, Node]]
    profile_names: set[str] | None
    """Of all that are written, also those that are faulty; None where that is not known."""
    providers: Sequence[tuple[Provider, Node]]
    problems: Sequence[Diagnostic]


def entries(files: Mapping[str, bytes]) -> Entries:
    """Every entry of files, by name, that can be read, and what is wrong with the shape of the others."""
    problems: list[Diagnostic] = []
    profiles, names = _profiles(files.get(PROFILES), problems)
    providers = [
        found for name, content in files.items() if name != PROFILES for found in _area(name, content, problems)
    ]
    return Entries(profiles, names, providers, problems)


def parse(files: Mapping[str, bytes]) -> Directory:
    """
    The directory that the given files, by name, describe.

    Raises:
        DirectoryError: As for `load`.
    """
    written = entries(files)
    problems = [
        *written.problems,
        *check_profiles(written.profiles),
        *check_providers(written.providers, written.profile_names),
    ]
    if problems:
        raise DirectoryError(problems)
    hashed = digest(files)
    return Directory(
        version=hashed[:12],
        sha256=hashed,
        providers={provider.id: _of_today(provider) for provider, _ in written.providers},
        profiles={profile.name: profile for profile, _ in written.profiles},
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
        problems.append(Diagnostic(f"{_NAME}/{PROFILES}", 1, 1, "D001", "no such file; nothing may be disclosed"))
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
    reading = read(f"{_NAME}/{name}", content)
    problems += reading.problems
    if not isinstance(reading.root, YamlMapping):
        if reading.root is not None:
            place = Place(f"{_NAME}/{name}", 1, 1)
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
