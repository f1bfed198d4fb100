"""The project's rules with every word that an author is free to choose replaced, and every reference with it."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import yaml

from onward.contracts import paths
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load

Tree: TypeAlias = Any
"""A document of a rule file: mappings, lists and texts."""

NewWords: TypeAlias = Callable[[str, Sequence[str]], Sequence[str]]
"""The new words of one field for its old ones, which are sorted."""

NAMED = {"rules", "sets", "bases", "prerequisites"}
"""What has names that are referred to, so that a new name is a new name everywhere."""


def meaningless(field: str, old: Sequence[str]) -> Sequence[str]:
    """Words that say nothing, in the order of the old ones: of two rules of a class the first id comes first."""
    if field in NAMED or field in ("reason", "kind"):
        return [f"word-{number:04}" for number, _ in enumerate(old)]
    return [f"These are words {number} of {field}" for number, _ in enumerate(old)]


def exchanged(field: str, old: Sequence[str]) -> Sequence[str]:
    """Each the next one's words, so that all say something else: a death is told as a duty that is not required."""
    return old if field == "rules" else [*old[1:], *old[:1]]


@cache
def rewritten(new_words: NewWords) -> tuple[RuleSet, Mapping[str, Mapping[str, str]]]:
    """The whole pack in new words, and by field the new word for each old one; made once, to be read."""
    files = read_files(paths.schemas() / "routing")
    documents = [yaml.load(file.content, Loader=yaml.CBaseLoader) for file in files]
    old: defaultdict[str, set[str]] = defaultdict(set)

    def note(field: str, word: str) -> str:
        old[field].add(word)
        return word

    for document in documents:
        _file(document, note)
    new = {
        field: dict(zip(sorted(words), new_words(field, sorted(words)), strict=True)) for field, words in old.items()
    }
    texts = [json.dumps(_file(document, lambda field, word: new[field][word])) for document in documents]
    made = [SourceFile(file.name, text.encode()) for file, text in zip(files, texts, strict=True)]
    return load(made), new


_Say: TypeAlias = Callable[[str, str], str]


def _file(document: Tree, say: _Say) -> Tree:
    made: dict[str, Tree] = {}
    for key, value in document.items():
        match key:
            case "owner":
                made[key] = say(key, value)
            case "sets":
                made[key] = {say(key, name): members for name, members in value.items()}
            case "bases":
                made[key] = {say(key, name): _basis(basis, say) for name, basis in value.items()}
            case "prerequisites":
                made[key] = {say(key, name): _part(each, say) for name, each in value.items()}
            case "cover" | "narrows" | "rules":
                made[key] = [_part(each, say) for each in value]
            case _:
                made[key] = _asked(value, say)
    return made


def _basis(basis: Tree, say: _Say) -> Tree:
    """What it is for is said in codes, and which facts must hold in conditions."""
    made = {part: word if part in {"kind", "for", "themes"} else _asked(word, say) for part, word in basis.items()}
    texts = basis.keys() - {"kind", "for", "themes", "only_where"}
    return made | {part: say(part, basis[part]) for part in texts}


def _part(part: Tree, say: _Say) -> Tree:
    """A rule, a goal, a narrowing or a prerequisite."""
    made: dict[str, Tree] = {}
    for key, value in part.items():
        match key:
            case "why" | "owner":
                made[key] = say(key, value)
            case "id" | "rule":
                made[key] = say("rules", value)
            case "widens" | "linked" | "instead_of":
                made[key] = [say("rules", name) for name in value]
            case "legal_basis":
                made[key] = say("bases", value)
            case "requires":
                made[key] = [say("prerequisites", name) for name in value]
            case "refer" | "notify" | "suppress" | "approve":
                made[key] = [_act(each, say) for each in value] if isinstance(value, list) else _act(value, say)
            case "tests":
                made[key] = [_test(test, say) for test in value]
            case "plan":
                made[key] = value
            case _:
                made[key] = _asked(value, say)
    return made


def _test(test: Tree, say: _Say) -> Tree:
    then = {"then": _part(test["then"], say)} if "then" in test else {}
    return test | {"name": say("name", test["name"])} | then


def _act(act: Tree, say: _Say) -> Tree:
    linked = {"linked": [say("rules", name) for name in act["linked"]]} if "linked" in act else {}
    return act | {key: say(key, act[key]) for key in ("advice", "kind", "reason") if key in act} | linked


def _asked(value: Tree, say: _Say) -> Tree:
    """Conditions: of these only the names of sets are free."""
    if isinstance(value, dict):
        return {key: _asked(each, say) for key, each in value.items()}
    if isinstance(value, list):
        return [_asked(each, say) for each in value]
    found = re.fullmatch(r"(not )?\$(\S+)", value)
    return f"{found[1] or ''}${say('sets', found[2])}" if found else value
