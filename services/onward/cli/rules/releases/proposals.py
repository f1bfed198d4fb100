"""A proposal: the files of a bundle with a statement about them, on its way from its author to its approver."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from onward.cli.errors import misused
from onward.contracts.ruleset import Content, Release, Strict

if TYPE_CHECKING:
    from onward.directory.model import Directory
    from onward.routing.domain.language import RuleSet


class Proposal(Strict):
    """One file: what is proposed, and who has signed so far."""

    format: Literal["onward-proposal/v1"] = "onward-proposal/v1"
    release: Release
    rules: Content
    directory: Content


def read_proposal(path: Path) -> Proposal:
    """The proposal in a file; ends the command with exit code 2 if it is none."""
    try:
        proposal = Proposal.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        misused(f"{path} is no proposal; make one with `onward rules propose`")
    statement = proposal.release.statement
    if (proposal.rules.sha256, proposal.directory.sha256) != (statement.rules, statement.directory):
        misused(f"{path}: what is signed is not what is in it; have it proposed again")
    return proposal


def write_proposal(path: Path, proposal: Proposal) -> None:
    """
    Write it where its approver finds it; ends the command with exit code 2 if that cannot be done.

    Nor is another proposal overwritten once it was approved: it brings back what somebody erased from the topic.
    """
    if _is_another_that_was_approved(path, proposal):
        misused(f"{path} holds a proposal that was approved, and those are kept: write to another file with --out")
    try:
        path.write_text(proposal.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        misused(f"{path} cannot be written: {error.strerror}")


def _is_another_that_was_approved(path: Path, proposal: Proposal) -> bool:
    try:
        there = Proposal.model_validate_json(path.read_bytes()).release
    except (OSError, ValidationError):
        return False
    return len(there.signatures) > 1 and there.statement != proposal.release.statement


def opened(proposal: Proposal) -> "tuple[RuleSet, Directory]":
    """The rules and the directory in it; ends the command with exit code 2 if they are not what their hashes say."""
    from onward.releases.contents import read_directory
    from onward.releases.signing import RefusedError
    from onward.routing.domain.publishing.contents import read_rules

    try:
        return read_rules(proposal.rules), read_directory(proposal.directory)
    except RefusedError as error:
        misused(f"the proposal cannot be used: {error.detail}")


def proposed_directory(path: Path) -> "Directory":
    """The directory in the proposal in a file; ends the command with exit code 2 if there is none that can be used."""
    from onward.releases.contents import read_directory
    from onward.releases.signing import RefusedError

    try:
        return read_directory(read_proposal(path).directory)
    except RefusedError as error:
        misused(f"the proposal cannot be used: {error.detail}")


def packed(folder: Path | None, directory: Path | None, *, json: bool) -> "tuple[Content, Content]":
    """The rules of one folder and the directory of another, to travel; faulty ones end the command with exit code 2."""
    from onward.cli.rules.loading import both, folder_of
    from onward.directory import files as directory_files
    from onward.releases.contents import TooLargeError, pack_directory
    from onward.routing.bundle_files import read_files
    from onward.routing.domain.publishing.contents import pack_rules

    both(folder, directory, json=json)
    try:
        return pack_rules(read_files(folder_of(folder))), pack_directory(directory_files.read_files(directory))
    except TooLargeError as error:
        misused(f"{error}; shorten the tests or split the bundle by area")
