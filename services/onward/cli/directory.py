"""The provider directory, for commands: a faulty one is shown with every problem, and ends the command."""

from typing import TYPE_CHECKING

from onward.cli.failing import misused

if TYPE_CHECKING:
    from onward.contracts.directory import Directory


def the_directory() -> "Directory":
    """The directory of `schemas/directory/`; ends the command with exit code 2 if it cannot be used."""
    from onward.contracts import directory_files
    from onward.contracts.directory_files import DirectoryError

    try:
        return directory_files.load()
    except DirectoryError as error:
        misused(f"the provider directory cannot be used:\n{error}")


def provider_ids() -> list[str]:
    """Every provider, by id."""
    return sorted(the_directory().providers)
