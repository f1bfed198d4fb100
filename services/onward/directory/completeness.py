"""
What a directory needs before it may be published: areas that there are, and profiles that say what they never show.

Here stands what a running service does not ask of a directory that was published: it may be older than a new authority,
and goes back to what was published before a check was made.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from onward.contracts.authorities import authorities, is_authority
from onward.contracts.fact_kinds import DataClass
from onward.contracts.facts import AREA
from onward.diagnostics.yaml_tree import Diagnostic, Node, YamlList, YamlMapping, YamlScalar
from onward.directory.checks import class_of
from onward.directory.files import entries
from onward.directory.model import Profile

GUARDED: tuple[DataClass, ...] = ("health", "offence", "risk", "safeguarding")
"""What harms somebody most where it goes too far: a profile shows some of it, or says that it never does."""
_FEW = 3
"""So many authorities that may have been meant are named."""


def problems(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """What lacks in files, by name, of which `parse` made a directory: every problem at its place."""
    written = entries(files)
    found = [each for profile, node in written.profiles for each in _guarded(profile, node)]
    named = {area for provider, _ in written.providers for area in provider.catchment if is_authority(area)}
    found += [
        Diagnostic.at(item.place, "D106", no_authority(item.text, named))
        for _, node in written.providers
        for item in _items(node, "catchment")
        if re.search(AREA.pattern, item.text) and not is_authority(item.text)
    ]
    return sorted(found)


def no_authority(code: str, named: Collection[str]) -> str:
    """
    What is wrong with a *code* that no authority has, and what was most likely meant.

    Of several that it may be a slip of, those that are *named* elsewhere come first.
    """
    abolished = authorities().get(code)
    if abolished is None or abolished.successor is None:
        meant = _meant(code, named)
        instead = " or ".join(f"`{each}` ({authorities()[each].name})" for each in meant)
        return f"no local authority has the code `{code}`; {f'did you mean {instead}?' if meant else 'correct it'}"
    successor = authorities()[abolished.successor]
    return (
        f"`{code}` ({abolished.name}) ended on {abolished.until}: its area is that of `{successor.code}` "
        f"({successor.name}) now; name that, which counts for whoever is still told of under the old code"
    )


def _meant(code: str, named: Collection[str]) -> list[str]:
    """The authorities whose code has two digits of *code* changed round, or where there is none, another digit."""
    turned = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(1, len(code) - 1)]
    other = [f"{code[:at]}{digit}{code[at + 1 :]}" for at in reversed(range(1, len(code))) for digit in "0123456789"]
    found = [*filter(is_authority, turned)] or [*filter(is_authority, other)]
    return sorted(dict.fromkeys(found), key=lambda each: each not in named)[:_FEW]


def _guarded(profile: Profile, node: Node) -> Iterator[Diagnostic]:
    """Each class of data that the profile neither shows nor says that it never shows."""
    shown = {class_of(field) for field in profile.fields}
    lacking = [each for each in GUARDED if each not in shown and each not in profile.never]
    if not lacking:
        return
    never = node.get("never") if isinstance(node, YamlMapping) else None
    what = f"`{profile.name}` shows no {_and(lacking)} data, and does not say that it never may"
    wanted = ", ".join([*profile.never, *lacking])
    yield Diagnostic.at((never or node).place, "D014", f"{what}; write `never: [{wanted}]`")


def _and(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _items(node: Node, key: str) -> tuple[YamlScalar, ...]:
    found = node.get(key) if isinstance(node, YamlMapping) else None
    items = found.items if isinstance(found, YamlList) else ()
    return tuple(item for item in items if isinstance(item, YamlScalar))
