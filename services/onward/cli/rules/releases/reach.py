"""Whether a referral could go out to each provider of a bundle, and its reply come back."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from onward.cli.rules.releases.gate import Hindrance

if TYPE_CHECKING:
    from onward.contracts.ruleset import Content
    from onward.diagnostics.yaml_tree import Place
    from onward.directory.model import Directory


def unreachable(
    directory: "Directory", content: "Content", existing: Collection[str], *, remedy: str
) -> list[Hindrance]:
    """
    What keeps `dispatch` from sending to a provider of *directory*, or `tracking` from hearing of it.

    That a provider has a profile, the directory's own checks see to. *content* is the directory as it travels, in which
    each provider has its place; *remedy* is the command that makes missing topics.
    """
    from onward.dispatch import channels
    from onward.releases.contents import listed_files

    known, places = channels.load(), _places(listed_files(content))
    found: list[Hindrance] = []
    for name, provider in sorted(directory.providers.items()):
        where = f"{places[name]}: provider `{name}`"
        if provider.channel not in known:
            there = ", ".join(f"`{each}`" for each in sorted(known))
            problem = f"{where} is reached by `{provider.channel}`, which dispatch does not have; it has {there}"
            found.append(Hindrance("dispatch", problem))
        missing = [topic for topic in _topics_of(name) if topic not in existing]
        if missing:
            lacking = " and ".join(f"`{topic}`" for topic in missing)
            found.append(Hindrance("topics", f"{where} has no {lacking} on the broker; make them: {remedy}"))
    return found


def _topics_of(provider: str) -> list[str]:
    from onward.contracts import topics

    return [name.replace("{provider}", provider) for name in sorted(topics.files()) if "{provider}" in name]


def _places(files: "Mapping[str, bytes]") -> "Mapping[str, Place]":
    from onward.directory.files import places

    return places(files)
