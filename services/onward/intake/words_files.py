"""
The words that one partner alone uses, as a person writes them: `schemas/words/<source>.yaml`.

They count like those in its adapter (`own_words`), and before them: whoever learns what a partner means by a word adds
a line, and no code.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, StrictInt

from onward.contracts import paths
from onward.contracts.base import Written
from onward.contracts.placeholders import says_nothing
from onward.contracts.schemas import DIALECT
from onward.diagnostics.json_text import as_file
from onward.diagnostics.spelling import spelled
from onward.diagnostics.yaml_tree import Diagnostic, Node, YamlMapping, read
from onward.diagnostics.yaml_values import YamlFileError, modelled
from onward.intake.domain.vocabulary import LISTS, OwnWords, code_of, own_words

FOLDER: Final = "words"
SCHEMA: Final = "words.schema.json"


class PartnerWords(Written):
    """One partner's words by the list in which they stand, each with our code for it."""

    needs: dict[str, str] = Field(default_factory=dict[str, str])
    """Of a need, wherever one stands: also as a category and as a purpose of consent."""
    categories: dict[str, str] = Field(default_factory=dict[str, str])
    purposes: dict[str, str] = Field(default_factory=dict[str, str])
    severities: dict[str, StrictInt] = Field(default_factory=dict[str, StrictInt])
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
            found[path.stem] = _words_of(file, path.read_bytes())
        except YamlFileError as error:
            raise WordsFileError(str(error)) from error
        except OSError as error:
            raise WordsFileError(f"{file}: {error.strerror or error}; make it a file that can be read") from error
    return found


def _words_of(file: str, content: bytes) -> OwnWords:
    reading = read(file, content)
    if reading.root is None or reading.problems:
        raise YamlFileError.of(reading.problems)
    lists: dict[str, dict[str, Any]] = modelled(reading.root, PartnerWords).model_dump(exclude_defaults=True)
    slips = [slip for name in lists for slip in _slips(name, lists[name], reading.root)]
    if slips:
        raise YamlFileError.of(slips)
    return own_words(**lists)


def _slips(name: str, words: Mapping[str, Any], root: Node) -> Iterator[Diagnostic]:
    """
    What no model says of a list's words: one that is none, or stands there twice, and a code that there is not.

    Nor may a line give another code to a word that everybody reads: `high: 0` would make no risk of a high one.
    """
    codes = sorted(set(LISTS[name].values()))
    listed = root.get(name) if isinstance(root, YamlMapping) else None
    seen: set[str] = set()
    for key, code in listed if isinstance(listed, YamlMapping) else ():
        word = spelled(key.text)
        if not word:
            told = f"`{key.text}` has none of the letters A to Z and no digit, by which words are told apart; remove it"
            yield Diagnostic.at(key.place, "D005", told)
        elif says_nothing(key.text):
            yield Diagnostic.at(key.place, "D005", f"`{key.text}` says that nobody knows, whoever says it; remove it")
        elif word in seen:
            told = f"`{name}` has `{key.text}` twice; case and punctuation make no difference, so keep one"
            yield Diagnostic.at(key.place, "D005", told)
        seen.add(word)
        if (everybodys := code_of(name, word)) not in (None, words[key.text]):
            shown = everybodys if isinstance(everybodys, int) else f"`{everybodys}`"
            told = f"`{word}` is {shown} from whoever says it, and no partner's own word for anything else; remove it"
            yield Diagnostic.at(code.place, "D005", told)
        elif words[key.text] not in codes:
            told = f"`{name}` has no code `{words[key.text]}`; there are {', '.join(map(str, codes))}"
            yield Diagnostic.at(code.place, "D005", told)


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
