"""Commands that need the extra `authors` say so when it is not there."""

from collections.abc import Generator
from contextlib import contextmanager

from onward.cli.errors import failed

_ITS_PACKAGES = ("z3", "matplotlib", "jinja2")


@contextmanager
def authors_extra(command: str) -> Generator[None]:
    """Import what *command* needs inside this; without the extra it ends with exit code 1 and says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _ITS_PACKAGES:
            raise
        failed(f"`onward rules {command}` needs the rule authors' workbench: pip install 'onward[authors]'")
