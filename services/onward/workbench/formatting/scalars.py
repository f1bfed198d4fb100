"""How one text is written in YAML: plain where that says the same, else quoted, or as a block where it is long."""

import json
import re
from functools import lru_cache

import yaml

from onward.workbench.formatting.tree import Leaf

_ODD_SPACES = r"\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""They are read only where they are written out as escapes: see Y014."""
_CALM = re.compile(rf"[A-Za-z0-9_$(/.][^:#,\[\]{{}}\"'&*!|>%@`\\\x00-\x1f\x7f-\x9f{_ODD_SPACES}]*")
"""Words that no YAML reader takes for anything but themselves, unless they are `_LOADED`."""
_LOADED = re.compile(
    r"|~|null|true|false|yes|no|on|off|y|n|[-+]?[.\d][-+.:_\d]*(e[-+]?\d+)?|0[xo][\da-f]+|\.inf|\.nan",
    re.IGNORECASE,
)
"""Words that some YAML readers take for a number, a day, a yes or a nothing. Quotes around one stay as written."""
_UNPRINTABLE = re.compile(
    rf"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029{_ODD_SPACES}]"
)


def is_taken_for_more(text: str) -> bool:
    """Whether some YAML readers take *text* for a number, a day, a yes or no."""
    return bool(text) and bool(_LOADED.fullmatch(text))


def inline(leaf: Leaf) -> str:
    """The text on one line, fit for braces and brackets too."""
    text = leaf.text
    if not leaf.style and _reads_back(text, text):
        return text
    if _CALM.fullmatch(text) and not _LOADED.fullmatch(text) and _reads_back(text, text):
        return text
    return quoted(leaf)


def quoted(leaf: Leaf) -> str:
    """The text on one line, in quotes."""
    text = leaf.text
    if _UNPRINTABLE.search(text) or "\n" in text:
        return _escaped(text)
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def on_its_line(leaf: Leaf) -> str:
    """The text on one line of its own, where commas and brackets need no quotes; "" when only a block can hold it."""
    if "\n" in leaf.text and block(leaf, "", 80):
        return ""
    if not leaf.style and _reads_back(leaf.text, leaf.text, flow=False):
        return leaf.text
    if leaf.style and _plain_in_a_line(leaf.text):
        return leaf.text
    return inline(leaf)


def block(leaf: Leaf, indent: str, width: int) -> list[str]:
    """
    The text as a block: the opening mark, then its lines; [] when no block can hold this text exactly.

    Lines are folded at single spaces to *width* characters; a text that has line breaks of its own keeps them.
    """
    body = leaf.text.removesuffix("\n")
    ends = "" if body != leaf.text else "-"
    lines = body.split("\n")
    if not body or _UNPRINTABLE.search(body) or lines[-1] == "" or any(line != line.strip() for line in lines):
        return []
    mark = "|" if len(lines) > 1 else ">"
    folded = lines if len(lines) > 1 else _folded(body, width - len(indent))
    return [mark + ends, *(f"{indent}{line}" if line else "" for line in folded)]


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in re.split(r"(?<=\S) (?=\S)", text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _plain_in_a_line(text: str) -> bool:
    calm = text.replace(",", "").replace("'", "")
    return (
        text[:1] not in ",'"
        and bool(_CALM.fullmatch(calm))
        and not _LOADED.fullmatch(text)
        and _reads_back(text, text, flow=False)
    )


@lru_cache(maxsize=20_000)
def _reads_back(written: str, text: str, *, flow: bool = True) -> bool:
    """Whether *written* is one word that reads as *text*, as a value and, with *flow*, within braces."""
    frame = f"{{k: {written}, l: [{written}]}}" if flow else f"k: {written}\nl:\n  - {written}\n"
    try:
        found = [event for event in yaml.parse(frame, Loader=yaml.CSafeLoader) if isinstance(event, yaml.ScalarEvent)]
    except yaml.YAMLError:
        return False
    return [event.value for event in found] == ["k", text, "l", text] and all(not event.style for event in found)


def _escaped(text: str) -> str:
    """In double quotes, with JSON's escapes, which YAML reads too, for what cannot be shown."""
    return _UNPRINTABLE.sub(lambda found: json.dumps(found[0])[1:-1], json.dumps(text, ensure_ascii=False))
