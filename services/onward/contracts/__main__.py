"""`python -m onward.contracts` writes the generated files under `schemas/`; `--check` names the stale ones."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onward.contracts import paths, topics


def event_schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema of every message of ours, by file name."""
    return {
        f"{topic.event_type}.schema.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": topic.event_type,
            **{
                key: value
                for key, value in topic.model.model_json_schema(mode="serialization").items()
                if key != "title"
            },
        }
        for topic in topics.ALL
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def stale(folder: Path) -> list[Path]:
    """The generated files that are missing, differ or belong to no message any more."""
    wanted = event_schemas()
    differing = [folder / name for name, schema in wanted.items() if _read(folder / name) != _text(schema)]
    orphans = [path for path in sorted(folder.glob("onward.*.schema.json")) if path.name not in wanted]
    return differing + orphans


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def write(folder: Path) -> None:
    """Write every generated file and remove those that belong to no message any more."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = event_schemas()
    for path in folder.glob("onward.*.schema.json"):
        if path.name not in wanted:
            path.unlink()
    for name, schema in wanted.items():
        (folder / name).write_text(_text(schema))


def main() -> int:
    """Write or check; exit 1 when something is out of date."""
    parser = argparse.ArgumentParser(prog="python -m onward.contracts", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file is out of date")
    arguments = parser.parse_args()
    folder = paths.schemas() / "events"
    if not arguments.check:
        write(folder)
        return 0
    found = stale(folder)
    for path in found:
        sys.stderr.write(f"{path.relative_to(folder.parent)} is out of date; run `make schemas`\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
