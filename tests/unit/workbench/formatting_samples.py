"""Rule files in every layout that YAML allows, made from the project's own rules, and comments to put into them."""

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import yaml

from onward.contracts import paths
from onward.diagnostics import yaml_tree
from onward.diagnostics.yaml_tree import Node, YamlMapping, YamlScalar
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import SourceFile

PACK = read_files(paths.schemas() / "routing")
SHARED = [file for file in PACK if b"\nrules:" not in file.content]
"""What the rules of every file may use."""
MARK = re.compile(r"# mark-\d+")
_TIED = ("linked", "requires", "widens")


def plain(node: Node) -> Any:
    """A tree as dicts, lists and texts."""
    match node:
        case YamlScalar(text=text):
            return text
        case YamlMapping(entries=entries):
            return {key.text: plain(value) for key, value in entries}
        case _:
            return [plain(item) for item in node.items]


def words(text: str) -> Any:
    """The tree of a text, or None when it cannot be read."""
    reading = yaml_tree.read("it.yaml", text.encode())
    return None if reading.problems or reading.root is None else plain(reading.root)


@cache
def loose_rules() -> list[tuple[dict[str, Any], Any]]:
    """Every rule of the pack that needs no other rule, with the head of its file."""
    found: list[tuple[dict[str, Any], Any]] = []
    for file in PACK:
        top = words(file.content.decode())
        head = {key: top[key] for key in ("schema", "theme", "owner") if key in top}
        found += [(head, rule) for rule in top.get("rules", []) if not any(tied in str(rule) for tied in _TIED)]
    return found


def shuffled(random: Random, rule: dict[str, Any]) -> dict[str, Any]:
    """*rule* with its keys in another order, and those of what it does."""
    entries = list(rule.items())
    random.shuffle(entries)
    loose = ("refer", "notify", "suppress", "effective")
    return {
        key: shuffled(random, value) if key in loose and isinstance(value, dict) else value for key, value in entries
    }


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def laid_out(random: Random, document: Any) -> str:
    """*document* as YAML in a layout that nobody chose."""
    written: str = yaml.dump(
        document,
        Dumper=_Plain,
        sort_keys=False,
        allow_unicode=True,
        indent=random.randint(2, 6),
        width=random.choice((30, 60, 100, 200)),
        default_flow_style=random.choice((None, True, False, False)),
        default_style=random.choice((None, None, '"', "'", ">", "|")),
    )
    return written


def boundaries(text: str) -> list[int]:
    """Every place of *text* between two words or marks."""
    found = {0, len(text)}
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        found |= {token.start_mark.index, token.end_mark.index}
    return sorted(at for at in found if at <= len(text))


def with_a_comment(text: str, at: int, comment: str) -> Iterator[str]:
    """Ways to put *comment* into *text* at one place: beside the word before it, and on a line of its own."""
    line = text.rfind("\n", 0, at) + 1
    own = len(text[line:at]) - len(text[line:at].lstrip(" "))
    for indent in dict.fromkeys((at - line, own + 2, 0)):
        yield f"{text[:at]} {comment}\n{' ' * indent}{text[at:].lstrip(' ')}"
        yield f"{text[:at]}\n{' ' * indent}{comment}\n{' ' * indent}{text[at:].lstrip(' ')}"


def told(text: str) -> list[str]:
    """The words and the marked comments of *text*, in the order in which they stand."""
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    found = [(event.start_mark.index, event.value) for event in events if hasattr(event, "value")]
    found += [(match.start(), match[0]) for match in MARK.finditer(text)]
    return [word for _, word in sorted(found)]


def a_file(name: str, text: str) -> SourceFile:
    return SourceFile(name, text.encode())
