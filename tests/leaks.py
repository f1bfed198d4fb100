"""Searching bytes for words that must not be there, in every form that a program would write them in by mistake."""

import base64
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, quote_plus


@cache
def forms(word: str) -> tuple[bytes, ...]:
    """*word* plain, URL-encoded, as UTF-16, in hexadecimal, and as base64 at any place in a longer text."""
    plain = word.encode()
    found = [plain, quote(word, safe="").encode(), quote_plus(word).encode()]
    for encoded in (plain, word.encode("utf-16-le"), word.encode("utf-16-be")):
        shifted = [(b"\0" * shift + encoded, (0, 2, 3)[shift]) for shift in range(3)]
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found += [form for text, cut in shifted if len(form := encode(text)[cut:-4]) > 8]
        found += [encoded, encoded.hex().encode(), encoded.hex().upper().encode()]
    return tuple(dict.fromkeys(found))


def holds(text: bytes, words: Mapping[str, str]) -> list[str]:
    """The names of those *words* that stand in a short *text*, in whatever form."""
    return [name for name, word in words.items() if any(form in text for form in forms(word))]


def found_in(sinks: Mapping[str, bytes], words: Mapping[str, str]) -> set[tuple[str, str]]:
    """In which sinks which of *words*, by their names, stand; for megabytes: `grep -F` looks for all at once."""
    named: dict[bytes, set[str]] = defaultdict(set)
    for name, word in words.items():
        for form in forms(word):
            # UTF-16 of what is ASCII is that with zeros between: they are left out on both sides.
            named[form.replace(b"\0", b"")].add(name)
    with TemporaryDirectory(prefix="onward-leaks-") as folder:
        needles, hay = Path(folder) / "needles", Path(folder) / "hay"
        needles.write_bytes(b"\n".join(named))
        hay.mkdir()
        places = list(sinks)
        for number, place in enumerate(places):
            raw = sinks[place]
            (hay / str(number)).write_bytes(raw + b"\n" + raw.replace(b"\0", b"") if b"\0" in raw else raw)
        told = subprocess.run(
            ["grep", "-raoF", "-f", str(needles), "."], cwd=hay, capture_output=True, check=False, env={"LC_ALL": "C"}
        )
        assert told.returncode in (0, 1), told.stderr
    hits: set[tuple[str, str]] = set()
    for line in told.stdout.splitlines():
        place_of, _, form = line.removeprefix(b"./").partition(b":")
        hits |= {(places[int(place_of)], name) for name in named.get(form, {form.decode(errors="replace")})}
    return hits


def planted(word: str) -> Iterable[bytes]:
    """Each form of *word* as it would stand in a line of a log: what a search must find."""
    for form in forms(word):
        yield b'{"event": "library.message", "text": "' + form + b'"}'
