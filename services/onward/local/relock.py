"""Write `kafka.lock` again: `python -m onward.local.relock`. Needs the network; review the difference it makes."""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from jgo.maven import MavenContext

from onward.local.jars import LOCK, WANTED, Jar, sha256_of

_HEADER = """\
# The jars of the local Apache Kafka: group:artifact:version, SHA-256, bytes. Each file is checked before it is used.
# Written by `python -m onward.local.relock` from the coordinates in jars.py.
"""


def resolve(wanted: Iterable[str], repository: Path) -> list[Jar]:
    """Everything that *wanted* needs at run time, fetched into *repository*, sorted by coordinate."""
    context = MavenContext(repo_cache=repository, timeout=60)
    inputs, transitive = context.resolver.resolve([context.create_dependency(name) for name in wanted])
    jars: list[Jar] = []
    for dependency in (*inputs, *transitive):
        path = dependency.artifact.resolve()
        coordinate = f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
        jars.append(Jar(coordinate, sha256_of(path), path.stat().st_size))
    return sorted(jars, key=lambda jar: jar.coordinate)


def main() -> int:
    """Resolve, hash, write; exit code 0."""
    with tempfile.TemporaryDirectory() as scratch:
        jars = resolve(WANTED, Path(scratch))
    lines = [f"{jar.coordinate} {jar.sha256} {jar.size}\n" for jar in jars]
    LOCK.write_text(_HEADER + "".join(lines), encoding="utf-8")
    print(f"{LOCK.name}: {len(jars)} jars, {sum(jar.size for jar in jars) // 1_000_000} MB")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
