"""
Says what an audit of dependencies found, and that it looked at all of them: `pip-audit … -f json | audited.py LOCK`.

`pip-audit` ends well also where it skipped every dependency there was.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def locked(text: str) -> frozenset[str]:
    """The names in a lock file, as package indexes compare them."""
    return frozenset(re.sub(r"[-_.]+", "-", name).lower() for name in _LOCKED.findall(text))


def faults(report: dict[str, Any], lock: str) -> list[str]:
    """What is wrong: known vulnerabilities, and dependencies that were not looked at."""
    looked_at = {each["name"]: each for each in report.get("dependencies", []) if "skip_reason" not in each}
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in looked_at}
    found = [
        f"{name} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for name, each in sorted(looked_at.items())
        for hole in each["vulns"]
    ]
    if missed := sorted(locked(lock) - names):
        found.append(f"{len(missed)} of {len(locked(lock))} were not looked at: {', '.join(missed)}")
    if not looked_at:
        found.append("nothing was looked at: this is no audit")
    return found


if __name__ == "__main__":
    lock_file = Path(sys.argv[1]).read_text()
    wrong = faults(json.load(sys.stdin), lock_file)
    good = f"{len(locked(lock_file))} dependencies looked at: none is known to have a hole"
    sys.stdout.write("\n".join([*(wrong or [good]), ""]))
    sys.exit(1 if wrong else 0)
