"""What was replayed, under which rules, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onward.workbench.impact.archive import Archive
from onward.workbench.impact.impact_text import duration
from onward.workbench.impact.replay import Bundle


@dataclass(frozen=True, slots=True)
class About:
    """One replay."""

    bundles: Mapping[str, tuple[Path, Bundle]]
    """The folder and what is in it, `before` and `after`."""
    directories: Mapping[str, str]
    """Where the directory of each comes from, by the same names."""
    archive: Archive
    processes: int
    lines: int
    seconds: float

    @property
    def rate(self) -> float:
        """Situations in a second."""
        return self.lines / self.seconds

    def words(self) -> Mapping[str, str]:
        """As names and texts."""
        manifest = self.archive.manifest
        told = {
            f"Rules {when}": (
                f"{folder}, version {bundle.rules.version.version}, {len(bundle.rules.rules)} rules; "
                f"directory {self.directories[when]}, version {bundle.directory.version}"
            )
            for when, (folder, bundle) in self.bundles.items()
        }
        told["Archive"] = f"{self.archive.path}: {'a single file' if manifest is None else manifest.origin}"
        told["Replayed"] = (
            f"{self.lines:,} situations in {duration(self.seconds)} with {self.processes} "
            f"process{'es' if self.processes > 1 else ''}: {self.rate:,.0f} a second"
        )
        if manifest is not None and manifest.of is not None:
            whole = manifest.of
            told["Whole year"] = (
                f"the archive is a sample of the {whole.situations:,} situations of {whole.year}; at this rate they "
                f"would take {duration(whole.situations / self.rate)}"
            )
        return told

    def document(self) -> dict[str, Any]:
        """As a document."""
        manifest = self.archive.manifest
        whole = None if manifest is None or manifest.of is None else manifest.of
        return {
            **{
                when: {
                    "folder": str(folder),
                    "rules": len(bundle.rules.rules),
                    "version": bundle.rules.version.sha256,
                    "directory": bundle.directory.sha256,
                    "directory_folder": self.directories[when],
                }
                for when, (folder, bundle) in self.bundles.items()
            },
            "archive": {
                "path": str(self.archive.path),
                "manifest": None if manifest is None else manifest.model_dump(mode="json", exclude={"shards"}),
            },
            "workers": self.processes,
            "seconds": round(self.seconds, 3),
            "situations_per_second": round(self.rate),
            "seconds_for_the_year": None if whole is None else round(whole.situations / self.rate),
        }
