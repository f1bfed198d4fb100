"""What areas add to the closed lists without code: needs, kinds of service, roles and simple facts, from YAML.

Everything that follows from one of ours follows from an added one: a need is also a category and a purpose of consent,
with the facts `needs.…` and `consent.…`. Read once, when a process starts: `schemas/vocabulary/*.yaml`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from onward.contracts import paths
from onward.contracts.base import Written
from onward.contracts.fact_kinds import Choice, YesNo
from onward.diagnostics.yaml_tree import Diagnostic, YamlMapping, read
from onward.diagnostics.yaml_values import YamlFileError, modelled

_Means = Annotated[str, StringConstraints(min_length=10, max_length=300)]
_Text = Annotated[str, StringConstraints(min_length=1, max_length=60)]
_Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
_DAYS: Final = 3_650


_KEYS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "needs": (re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"), "a code in capitals, such as HOARDING"),
    "services": (re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*"), "a name such as hoarding_support"),
    "roles": (re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*"), "a name such as fire-safety"),
    "facts": (re.compile(r"person\.[a-z][a-z0-9]*(_[a-z0-9]+)*"), "a path such as person.lives_alone"),
}
_LONGEST: Final = 50


class AreaVocabularyError(paths.ProjectFileError):
    """A file of `schemas/vocabulary` cannot be used. The message has a line for each fault, with its place."""


class AddedNeed(Written):
    """Something that people need help with, and that no need of ours is."""

    means: _Means
    reference: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """The two letters that end the phone reference of its referrals."""
    health: bool
    """Whether having it tells about health (UK GDPR Article 4(15)): then it needs an Article 9 condition."""
    words: tuple[_Text, ...] = Field(default=(), max_length=50)
    """What partners write for it, beside its code."""


class AddedService(Written):
    """A kind of service that a provider can run."""

    means: _Means


class AddedRole(Written):
    """Who can be told or must approve."""

    means: _Means


AddedFactClass: TypeAlias = Literal["household", "need", "health", "offence", "risk", "safeguarding", "logistics"]


class AddedFact(Written):
    """One thing that can be known about a person: yes or no, a whole number in a range, or one of a list of words."""

    why: _Means
    data_class: AddedFactClass = Field(alias="class")
    values: Literal["yes_no"] | tuple[_Word, ...]
    valid_days: int = Field(ge=0, le=_DAYS)
    """How many days after it was said it may decide."""

    @property
    def kind(self) -> YesNo | Choice:
        """What its values may be."""
        return YesNo() if self.values == "yes_no" else Choice(tuple(self.values))

    @model_validator(mode="after")
    def _has_a_choice(self) -> "AddedFact":
        if self.values != "yes_no" and not 1 < len(set(self.values)) == len(self.values):
            raise ValueError("`values` is `yes_no`, or a list of two words or more, each once")
        return self


class _VocabularyFile(Written):
    schema_: Literal["vocabulary/v1"] = Field(alias="schema")
    needs: dict[str, AddedNeed] = Field(default_factory=dict[str, AddedNeed])
    services: dict[str, AddedService] = Field(default_factory=dict[str, AddedService])
    roles: dict[str, AddedRole] = Field(default_factory=dict[str, AddedRole])
    facts: dict[str, AddedFact] = Field(default_factory=dict[str, AddedFact])

    @field_validator(*_KEYS)
    @classmethod
    def _are_named_well(cls, section: dict[str, object], info: ValidationInfo) -> dict[str, object]:
        pattern, such_as = _KEYS[info.field_name or ""]
        for key in section:
            if len(key) > _LONGEST or not pattern.fullmatch(key):
                raise ValueError(f"`{key}` cannot be a key of `{info.field_name}`: write {such_as}")
        return section


Section: TypeAlias = Literal["needs", "services", "roles", "facts"]
_SECTIONS: Final[tuple[Section, ...]] = ("needs", "services", "roles", "facts")


class AreaVocabulary:
    """All that the files of a folder add, in the order of the files."""

    def __init__(self, folder: Path) -> None:
        """
        Read every file of *folder*; one that is not there adds nothing.

        Raises:
            AreaVocabularyError: A file cannot be used, is no `*.yaml`, or adds what another has added.
        """
        self.needs: dict[str, AddedNeed] = {}
        self.services: dict[str, AddedService] = {}
        self.roles: dict[str, AddedRole] = {}
        self.facts: dict[str, AddedFact] = {}
        problems: list[str] = []
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            try:
                self._add(path)
            except YamlFileError as error:
                problems.append(str(error))
        if problems:
            raise AreaVocabularyError("\n".join(problems))

    def beside(self, section: Section, ours: Collection[str]) -> tuple[str, ...]:
        """
        What a section adds to *ours*.

        Raises:
            AreaVocabularyError: It adds what is one of ours.
        """
        added: Mapping[str, object] = getattr(self, section)
        if twice := sorted(added.keys() & set(ours)):
            raise AreaVocabularyError(f"vocabulary: `{twice[0]}` is one of Onward's own {section}; remove it")
        return tuple(added)

    def declared(self, ours: Collection[str]) -> tuple[tuple[str, YesNo | Choice, AddedFactClass, str], ...]:
        """
        Each fact that is added to *ours*: its path, kind, class of data, and why.

        Raises:
            AreaVocabularyError: It is one of ours.
        """
        facts = {path: self.facts[path] for path in self.beside("facts", ours)}
        return tuple((path, fact.kind, fact.data_class, fact.why) for path, fact in facts.items())

    def _add(self, path: Path) -> None:
        name = f"vocabulary/{path.name}"
        if path.suffix != ".yaml" or not path.is_file():
            message = "every file here is read, and this is no `.yaml`: rename it, or move it elsewhere"
            raise YamlFileError.of([Diagnostic(name, 1, 1, "Y013", message)])
        reading = read(name, path.read_bytes())
        if reading.root is None or reading.problems:
            raise YamlFileError.of(reading.problems)
        file = modelled(reading.root, _VocabularyFile)
        assert isinstance(reading.root, YamlMapping)
        if twice := list(self._twice(file, reading.root)):
            raise YamlFileError.of(twice)
        for section in _SECTIONS:
            getattr(self, section).update(getattr(file, section))

    def _twice(self, file: _VocabularyFile, root: YamlMapping) -> Iterator[Diagnostic]:
        """What a file before has already."""
        references = {need.reference: code for code, need in self.needs.items()}
        for section, entries in root:
            known: Mapping[str, object] = getattr(self, section.text, {})
            for key, _ in entries if isinstance(entries, YamlMapping) else ():
                if key.text in known:
                    yield Diagnostic.at(key.place, "D005", f"`{key.text}` is added by another file too; add it once")
                need = file.needs.get(key.text) if section.text == "needs" else None
                if need and references.setdefault(need.reference, key.text) != key.text:
                    of = references[need.reference]
                    yield Diagnostic.at(key.place, "D005", f"`{need.reference}` ends the references of `{of}` already")


ADDED: Final = AreaVocabulary(paths.schemas() / "vocabulary")
"""What areas add here."""
