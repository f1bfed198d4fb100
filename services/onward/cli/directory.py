"""The provider directory, for commands: a faulty one is shown with every problem, and ends the command."""

from pathlib import Path
from typing import TYPE_CHECKING

from onward.cli.errors import misused

if TYPE_CHECKING:
    from onward.directory.model import Directory


def the_directory(folder: Path | None = None) -> "Directory":
    """The directory of a folder, the project's own by default; ends the command with exit code 2 if it is none."""
    from onward.directory import files as directory_files
    from onward.directory.files import DirectoryError

    try:
        return directory_files.load(folder)
    except FileNotFoundError as error:
        misused(f"{error}; name a folder such as `schemas/directory`")
    except DirectoryError as error:
        where = "" if folder is None else f" in {folder}"
        misused(f"the provider directory{where} cannot be used:\n{error}")


def provider_ids() -> list[str]:
    """Every provider, by id."""
    return sorted(the_directory().providers)
