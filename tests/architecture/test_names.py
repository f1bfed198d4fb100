"""Names say what the field says: every word of a public name is in the glossary, and no name means two things."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "services" / "onward"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
OF_EACH_SERVICE = {"UnitOfWork"}
"""Names of the one thing that every service has of its own."""


def words_of(name: str) -> list[str]:
    """The words of a name, written `likeThis` or `like_this`: `YamlScalar` has `yaml` and `scalar`."""
    return [word.lower() for part in name.split("_") for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", part)]


@cache
def known() -> frozenset[str]:
    """Every word of a term of the glossary, and every word that is listed for names."""
    terms, _, rest = GLOSSARY.partition("\n## What names are made of\n")
    listed = rest.partition("\n## ")[0]
    words = re.findall(r"[a-z0-9]+", " ".join(re.findall(r"^\| \*\*(.+?)\*\* \|", terms, re.MULTILINE)).lower())
    for paragraph in re.findall(r"^\*\*[^*]+\*\*: ([^.]+)\.", listed, re.MULTILINE):
        words += re.findall(r"[a-z0-9]+", paragraph)
    return frozenset(words)


def is_known(word: str) -> bool:
    return any(form in known() for form in (word, word.removesuffix("s"), f"{word}s"))


@cache
def unwanted() -> frozenset[str]:
    """The words that the glossary says names do not use."""
    table = GLOSSARY.partition("\n## Words that names do not use\n")[2]
    return frozenset(
        word for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for word in re.findall("`(.+?)`", row)
    )


def strange(name: str) -> list[str]:
    """The words of a name that it may not have."""
    return [word for word in words_of(name) if word in unwanted() or not is_known(word)]


def ours() -> Iterator[Path]:
    """Every file but those that are called after a partner and speak as it does."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if PACKAGE / "intake" / "sources" not in path.parents:
            yield path


def modules() -> Iterator[Path]:
    return (path for path in ours() if path.stem not in ("__init__", "__main__"))


def classes() -> Iterator[tuple[Path, str]]:
    for path in ours():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield path, node.name


def test_the_glossary_lists_words() -> None:
    assert {"referral", "shadow", "partition", "yaml"} <= known()
    assert {"told", "tally"} <= unwanted()
    assert not unwanted() & known()


def test_a_name_of_strange_words_is_noticed() -> None:
    assert words_of("Cas3In") == ["cas3", "in"]
    assert strange("ReferralTold") == ["told"]
    assert strange("frobnicated_referrals") == ["frobnicated"]
    assert strange("YamlScalar") == strange("outbox") == []


def test_modules_are_called_by_words_of_the_glossary() -> None:
    found = {str(path.relative_to(PACKAGE)): words for path in modules() if (words := strange(path.stem))}
    assert found == {}, "use a term of docs/glossary.md, or add the word there"


def test_public_classes_are_called_by_words_of_the_glossary() -> None:
    found = {f"{path.relative_to(PACKAGE)}: {name}": words for path, name in classes() if (words := strange(name))}
    assert found == {}, "use a term of docs/glossary.md, or add the word there"


def test_no_two_public_classes_share_a_name() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path, name in classes():
        places[name].append(str(path.relative_to(PACKAGE)))
    assert {name: files for name, files in places.items() if len(files) > 1 and name not in OF_EACH_SERVICE} == {}
