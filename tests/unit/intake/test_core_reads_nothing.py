"""Intake's core is given its partners: it looks for none when it is imported, and opens no file while it reads."""

import subprocess
import sys
from pathlib import Path

import onward

IMPORTED = """
import sys
import onward.intake.domain.reader, onward.intake.domain.contact, onward.intake.domain.answers
found = sorted(name for name in sys.modules if name.startswith("onward.intake.") and ".domain" not in name)
assert found == [], found
"""

READ = """
import sys
from datetime import UTC, datetime
from onward.contracts import paths, topics
from onward.intake.domain.partner import partners_of
from onward.intake.domain.reader import Reader
from onward.intake.partners import adapters

reader = Reader(partners_of(adapters(), topics.load()))
found = paths.schemas().glob("examples/in.*/*.json")
messages = [(path.parent.name.removeprefix("in."), path.read_bytes()) for path in found]
opened = []
looks = {"open", "os.listdir", "os.scandir"}
sys.addaudithook(lambda event, given: opened.append(given[0]) if event in looks else None)
for source, value in messages:
    reader.understand(source, value, (), received_at=datetime(2026, 3, 3, tzinfo=UTC))
assert len(messages) > 50
assert opened == [], opened
open("/dev/null").close()
assert opened == ["/dev/null"]
"""


def in_a_process_of_its_own(code: str) -> None:
    environment = {"PYTHONPATH": str(Path(onward.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_core_is_imported_without_a_single_adapter() -> None:
    in_a_process_of_its_own(IMPORTED)


def test_no_example_makes_the_core_open_a_file() -> None:
    in_a_process_of_its_own(READ)
