"""Under which licence each dependency of an image is, as its own metadata say."""

from importlib import metadata
from typing import Final

ALLOWED: Final = frozenset(
    {
        "Apache-2.0", "Apache Software License", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "MIT",
        "MIT License", "PSF-2.0", "Python Software Foundation License", "MPL-2.0",
        "LGPL-3.0-only", "GNU Lesser General Public License v3 (LGPLv3)",
        "Apache-2.0 OR BSD-3-Clause", "MIT AND Python-2.0", "Apache-2.0 AND MIT",
        "MIT-0", "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 AND BSD-2-Clause", "ISC License (ISCL)",
        "MIT OR Apache-2.0",
    }
)  # fmt: skip
"""Looked at: none of them asks for what a product on a server cannot give. The LGPL is psycopg's, used as it comes."""


def licence(name: str) -> str:
    """As the metadata of an installed distribution have it; empty where they say nothing."""
    told = metadata.metadata(name)
    fields = {field: told.get_all(field, [])[-1:] for field in ("License-Expression", "License")}
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License")]
    said = [*fields["License-Expression"], *classified[-1:], *fields["License"]]
    return said[0].splitlines()[0].strip() if said and said[0] else ""
