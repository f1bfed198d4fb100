"""`python -m onward.cli.generated` writes every generated file; with `--check` it only says which are out of date."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import onward
from onward.cli.render.pathways import introduction, pathways
from onward.cli.render.processing import processing_pages
from onward.cli.render.rule_vocabulary import PAGE as VOCABULARY
from onward.cli.render.rule_vocabulary import rule_vocabulary
from onward.contracts import contact_types, facts_by_source, paths, topics
from onward.contracts.schemas import event_schemas
from onward.contracts.validity_page import PAGE as VALIDITY
from onward.contracts.validity_page import validity_page
from onward.deployment.files import deployment_files
from onward.diagnostics.json_text import as_file
from onward.directory import files as directory_files
from onward.intake.facts_by_source import facts_file, found_facts
from onward.intake.partners import makes
from onward.intake.schemas import partner_schemas
from onward.intake.vocabulary_page import partner_pages
from onward.intake.words_files import FOLDER, words_schema
from onward.rehearsal.schema import scenario_schema
from onward.routing.bundle_files import load_bundle
from onward.routing.schema import rule_file_schema


@dataclass(frozen=True, slots=True)
class Generated:
    """The files that one generator owns."""

    folder: Path
    files: Mapping[str, str]
    """Content by file name."""
    patterns: tuple[str, ...]
    """Which files in the folder are the generator's own: one that it no longer makes is removed."""

    def stale(self) -> list[Path]:
        """The files that are missing, differ, or are not made any more."""
        differing = [self.folder / name for name, text in self.files.items() if _read(self.folder / name) != text]
        return differing + self._orphans()

    def write(self) -> None:
        """Write every file and remove those that are not made any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self._orphans():
            path.unlink()
        for name, text in self.files.items():
            (self.folder / name).write_text(text)

    def _orphans(self) -> list[Path]:
        own = {path for pattern in self.patterns for path in self.folder.glob(pattern)}
        return [path for path in sorted(own) if path.name not in self.files]


def generated(schemas: Path, pages: Path) -> Iterator[Generated]:
    """
    Everything that is generated.

    Args:
        schemas: The folder `schemas/`.
        pages: The folder of partners' pages, `docs/partners/`.
    """
    yield Generated(schemas / "events", event_schemas(), ("onward.*.schema.json",))
    yield Generated(schemas / "events", partner_schemas(), ("in.*.schema.json", "shared.*.schema.json"))
    types = {contact_types.FILE: as_file({"types": sorted(makes())})}
    yield Generated(schemas, types, (contact_types.FILE,))
    told = found_facts()
    yield Generated(schemas, facts_file(told), (facts_by_source.FILE,))
    yield Generated(schemas / "routing", rule_file_schema(), ("*.schema.json",))
    yield Generated(schemas, scenario_schema(), ("*.schema.json",))
    yield Generated(schemas / FOLDER, words_schema(), ("*.schema.json",))
    yield Generated(pages, partner_pages(), ("words.md",))
    yield Generated(pages.parent, validity_page(), (VALIDITY,))
    yield Generated(pages.parent, rule_vocabulary(told), (VOCABULARY,))
    rules = schemas / "routing"
    heads = {path.stem: introduction(path.read_text()) for path in rules.glob("*.yaml")}
    yield Generated(pages.parent / "pathways", pathways(load_bundle(rules), heads), ("*.md",))
    record = processing_pages(topics.files(), directory_files.load())
    yield Generated(pages.parent / "data-protection", record, tuple(record))
    deploy = pages.parents[1] / "deploy"
    alerts = [path for path in (deploy / "prometheus" / "rules").glob("*.yaml") if not path.stem.endswith(".test")]
    for folder, files in deployment_files(alerts).items():
        yield Generated(deploy / folder, files, ("*.yaml",) if folder == "kubernetes/base" else tuple(files))


def main(everything: Sequence[Generated], arguments: Sequence[str]) -> int:
    """Write *everything*, or with `--check` name what is out of date; the exit status, 1 where something is."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m onward.cli.generated [--check]\n")
        return 2
    if not arguments:
        for each in everything:
            each.write()
        return 0
    stale = [path for each in everything for path in each.stale()]
    for path in stale:
        sys.stderr.write(f"{os.path.relpath(path, paths.schemas().parent)} is out of date; run `make schemas`\n")
    return 1 if stale else 0


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


if __name__ == "__main__":
    checkout = Path(onward.__file__).resolve().parents[2]
    sys.exit(main([*generated(paths.schemas(), checkout / "docs" / "partners")], sys.argv[1:]))
