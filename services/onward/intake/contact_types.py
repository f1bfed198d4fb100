"""`python -m onward.intake.contact_types` writes the types of contact that the adapters declare, for whoever asks."""

import sys
from pathlib import Path

from onward.contracts import contact_types, generated, paths
from onward.contracts.generated import Generated
from onward.intake.partners import makes


def declared_types(folder: Path) -> Generated:
    """The list, for *folder*: what every adapter declares as `MAKES`, and answers to questions."""
    text = generated.json_text({"types": sorted(makes())})
    return Generated(folder, {contact_types.FILE: text}, contact_types.FILE)


if __name__ == "__main__":
    sys.exit(generated.main("onward.intake.contact_types", declared_types(paths.schemas())))
