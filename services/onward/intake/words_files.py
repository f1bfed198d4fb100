"""
The words that one partner alone uses, as a person writes them: `schemas/words/<source>.yaml`.

They count like those in its adapter (`own_words`), and before them: whoever learns what a partner means by a word adds
a line, and no code.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field

from onward.contracts import paths
from onward.contracts.base import Written
from onward.contracts.schemas import DIALECT
from onward.diagnostics.json_text import as_file
from onward.diagnostics.spelling import spelled
from onward.diagnostics.yaml_values import YamlFileError, model_of
from onward.intake.domain.vocabulary import LISTS, OwnWords, VocabularyError, own_words

FOLDER: Final = "words"
SCHEMA: Final = "words.schema.json"


class PartnerWords(Written):
    """One partner's words by the list in which they stand, each with our code for it."""

    needs: dict[str, str] = Field(default_factory=dict[str, str])
    """Of a need, wherever one stands: also as a category and as a purpose of consent."""
    categories: dict[str, str] = Field(default_factory=dict[str, str])
    purposes: dict[str, str] = Field(default_factory=dict[str, str])
    severities: dict[str, int] = Field(default_factory=dict[str, int])
    """Of a need and of a risk: 0 none to 4 urgent."""
    thresholds: dict[str, str] = Field(default_factory=dict[str, str])
    """At which the police act on a call."""
    settings: dict[str, str] = Field(default_factory=dict[str, str])
    accommodation_status: dict[str, str] = Field(default_factory=dict[str, str])
    accommodation_current: dict[str, str] = Field(default_factory=dict[str, str])


class WordsFileError(paths.ProjectFileError):
    """A file of a partner's words cannot be used. The message says where and what to do."""


def load_words(folder: Path | None = None) -> Mapping[str, OwnWords]:
    """
    The words of each partner that has a file, by its source.

    Raises:
        WordsFileError: A file is not valid, names a code that there is not, or says one word twice.
    """
    found: dict[str, OwnWords] = {}
    for path in sorted((folder or paths.schemas() / FOLDER).glob("*.yaml")):
        file = f"{FOLDER}/{path.name}"
        try:
            written = model_of(file, path.read_bytes(), PartnerWords)
            lists = {name: _once(file, name, words) for name, words in written.model_dump().items() if words}
            found[path.stem] = own_words(**lists)
        except YamlFileError as error:
            raise WordsFileError(str(error)) from error
        except VocabularyError as error:
            raise WordsFileError(f"{file}: {error}") from error
    return found


def _once(file: str, name: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    seen: set[str] = set()
    for word in words:
        if spelled(word) in seen:
            raise WordsFileError(f"{file}: `{name}` has `{word}` twice; case and punctuation make no difference")
        seen.add(spelled(word))
    return words


def with_more(words: OwnWords, more: OwnWords) -> OwnWords:
    """*words*, and *more* before them."""
    return {name: {**words.get(name, {}), **more.get(name, {})} for name in (*words, *(more.keys() - words.keys()))}


def words_schema() -> dict[str, str]:
    """The JSON Schema of these files, for editors, by its name."""
    schema = PartnerWords.model_json_schema()
    for name, kind in schema["properties"].items():
        codes = sorted(set(LISTS[name].values()))
        kept = {key: value for key, value in kind.items() if key not in {"title", "default"}}
        schema["properties"][name] = {**kept, "additionalProperties": {"enum": codes}}
    schema.pop("title")
    return {SCHEMA: as_file({"$schema": DIALECT, "title": "Words of one partner", **schema})}
