"""The files of a rule set, packed to travel, unpacked again, and held to the hash that names them."""

from collections.abc import Sequence

from onward.contracts.ruleset import Content
from onward.releases.contents import pack, unpacked
from onward.releases.signing import RefusedError
from onward.routing.domain.diagnostics import BundleError, SourceFile
from onward.routing.domain.language import RuleSet
from onward.routing.domain.loader import load, version_of


def pack_rules(files: Sequence[SourceFile]) -> Content:
    """
    The files of a rule set, to travel.

    Raises:
        TooLargeError: They do not fit into one record.
    """
    return pack("rules", {file.name: file.content for file in files}, version_of(files).sha256)


def rule_files(content: Content) -> tuple[SourceFile, ...]:
    """
    The files of a rule set, byte for byte as they were packed.

    Raises:
        RefusedError: `content_altered`: they are not those that the hash names.
    """
    files = tuple(SourceFile(name, text) for name, text in unpacked(content, "rules").items())
    if version_of(sorted(files, key=lambda file: file.name)).sha256 != content.sha256:
        raise RefusedError("content_altered", "the rule files are not those that their hash names")
    return files


def read_rules(content: Content) -> RuleSet:
    """
    The rule set.

    Raises:
        RefusedError: `content_altered`, or `unloadable` with every problem.
    """
    try:
        return load(rule_files(content))
    except BundleError as error:
        raise RefusedError("unloadable", str(error)) from error
