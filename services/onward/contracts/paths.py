"""Where the written schemas are: beside the code in a checkout, inside the package in a wheel."""

import os
from pathlib import Path


def schemas() -> Path:
    """
    The `schemas/` folder: `ONWARD_SCHEMAS` if set, else the checkout's, else the installed package's.

    Raises:
        FileNotFoundError: None of them is a folder.
    """
    package = Path(__file__).resolve().parents[1]
    named = os.environ.get("ONWARD_SCHEMAS")
    candidates = [Path(named)] if named else [package.parents[1] / "schemas", package / "_schemas"]
    for candidate in candidates:
        if (candidate / "topics").is_dir():
            return candidate
    raise FileNotFoundError(
        f"no schemas folder at {' or '.join(map(str, candidates))}; set ONWARD_SCHEMAS to one that holds `topics/`"
    )
