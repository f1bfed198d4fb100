"""Writes an archive of made-up situations, for `onward rules impact`; `make year` calls it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.national_year.description import NATIONAL, YearError, load_year
from bench.national_year.year import Year
from onward.workbench.impact.archive import SHARD_SIZE, ArchiveError, ArchiveWriter, Manifest


def write(out: Path, number: int, *, described: Path = NATIONAL, shard: int = SHARD_SIZE) -> Manifest:
    """
    An archive of so many situations, at equal distances through the year.

    Raises:
        YearError: The description cannot be used.
        ValueError: The year has not so many.
        ArchiveError: *out* holds something already.
        OSError: It cannot be written.
    """
    year = Year(load_year(described))
    situations = year.sample(number)
    writer = ArchiveWriter(out, f"made up: {number:,} of {year.situations:,} situations", year.whole(), shard)
    for situation in situations:
        writer.add(situation)
    return writer.finish()


def main(arguments: Sequence[str] | None = None) -> int:
    """0: written. 1: it cannot be written. 2: misuse."""
    parser = argparse.ArgumentParser(prog="make year", description=__doc__)
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("situations", type=int, nargs="?", default=5_000, help="how many of the year's")
    parser.add_argument("--year", type=Path, default=NATIONAL, help="another description")
    parser.add_argument("--shard", type=int, default=SHARD_SIZE, help="situations in one file")
    given = parser.parse_args(arguments)
    try:
        written = write(given.out, given.situations, described=given.year, shard=given.shard)
    except (YearError, ArchiveError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{given.out}: {error.strerror}; the archive was not written\n")
        return 1
    files = f"{len(written.shards):,} file{'' if len(written.shards) == 1 else 's'}"
    sys.stdout.write(f"{given.out}: {written.situations:,} situations in {files}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
