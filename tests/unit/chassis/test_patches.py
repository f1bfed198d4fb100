"""Each patch of the Kafka client library is still needed, mends what it is for, and is refused for another version."""

import asyncio
import contextlib
import gc
import re
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka import patches
from onward.chassis.kafka.patches import cancelled_bootstrap, connection_causes

ROOT = Path(__file__).resolve().parents[3]
UPSTREAM = ROOT / "docs" / "upstream"
REPRODUCTIONS = sorted(UPSTREAM.glob("*.py"))
PATCHES = [patch.__name__.rpartition(".")[2] for patch in patches.PATCHES]

AS_IT_IS = "import runpy, sys; sys.argv = [{file!r}]; runpy.run_path({file!r}, run_name='__main__')"
PATCHED = "from onward.chassis.kafka import patches; patches.install(); " + AS_IT_IS
USED = {
    # What these mend has to be asked for: the patch alone only makes it possible.
    "client_tasks": """
import asyncio, runpy, sys
from onward.chassis.kafka import patches
from onward.chassis.kafka.patches import client_tasks
patches.install()
started = set()
main = runpy.run_path({file!r})["main"]
sys.exit(asyncio.run(main(client_tasks.noted_in(started), lambda: client_tasks.end(started, within=5))) or 0)
""",
    "consumer_tasks": """
import asyncio, runpy, sys
from onward.chassis.kafka import patches
from onward.chassis.kafka.consuming import PatientConsumer
patches.install()
sys.exit(asyncio.run(runpy.run_path({file!r})["main"](PatientConsumer)) or 0)
""",
}


def run(program: str, file: Path) -> tuple[int, str]:
    """How *program* ends in a process of its own, and the last line that it says."""
    done = subprocess.run(
        [sys.executable, "-c", program.format(file=str(file))],
        cwd=ROOT / "services",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize("file", REPRODUCTIONS, ids=lambda file: file.stem)
def test_the_library_still_has_the_defect_so_the_patch_stays(file: Path) -> None:
    status, said = run(AS_IT_IS, file)
    assert (status, said[:8]) == (1, "defect: "), "mended upstream? docs/upstream/README.md says what to delete"


@pytest.mark.parametrize("file", REPRODUCTIONS, ids=lambda file: file.stem)
def test_the_patch_mends_what_it_is_for(file: Path) -> None:
    assert run(USED.get(file.stem, PATCHED), file)[0] == 0


def test_every_patch_has_a_proposal_and_a_reproduction_and_says_where() -> None:
    pages = {page.stem for page in UPSTREAM.glob("*.md")} - {"README"}
    assert pages == {file.stem for file in REPRODUCTIONS} == {*PATCHES, "consumer_tasks"}
    listed = (UPSTREAM / "README.md").read_text()
    for name in pages:
        assert f"]({name}.md)" in listed
        text = (UPSTREAM / f"{name}.md").read_text()
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["What is wrong", "What we propose", "Until then"]
        assert f"For aiokafka {patches.MADE_FOR.rstrip('.')}." in text
    for patch in patches.PATCHES:
        assert f"docs/upstream/{patch.__name__.rpartition('.')[2]}.md" in (patch.__doc__ or "")


def test_nothing_that_patches_the_library_stands_outside_of_the_folder() -> None:
    folder = Path(patches.__file__).parent
    assert {file.stem for file in folder.glob("*.py")} == {*PATCHES, "__init__"}


@pytest.mark.parametrize("found", ["0.13.0", "0.15.0", "1.0.0", "0.140"])
def test_another_version_of_the_library_is_refused_and_nothing_is_changed(
    found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(_: str) -> str:
        return found

    def never() -> None:
        raise AssertionError("a patch was put in place")

    monkeypatch.setattr(patches, "version", other)
    monkeypatch.setattr(patches, "_installed", [])
    for patch in patches.PATCHES:
        monkeypatch.setattr(patch, "apply", never)
    with pytest.raises(ConfigurationError, match=rf"aiokafka is {re.escape(found)}.*docs/upstream/README\.md"):
        patches.install()


def test_installing_again_changes_nothing() -> None:
    program = """
from aiokafka import client
from onward.chassis.kafka import patches
patches.install()
once = (client.create_conn, client.AIOKafkaClient.bootstrap, client.AIOKafkaClient.send)
patches.install()
assert once == (client.create_conn, client.AIOKafkaClient.bootstrap, client.AIOKafkaClient.send)
"""
    assert run(program, Path()) == (0, "")


class Kept:
    """A connection, or the error of one, of which it is seen whether somebody keeps it."""


class RefusedError(OSError):
    """One that can be looked for."""


async def test_what_a_client_connects_to_long_after_its_bootstrap_is_kept_by_nobody() -> None:
    """The task that refreshes the metadata is started in the bootstrap, and lives on in its context."""
    made: list[weakref.ref[Kept]] = []

    async def connect(_host: str, _port: int) -> Kept:
        connection = Kept()
        made.append(weakref.ref(connection))
        return connection

    connecting = cancelled_bootstrap.noted(connect)
    later = asyncio.Event()
    refreshing: list[asyncio.Task[None]] = []

    async def refresh() -> None:
        await later.wait()
        await connecting("broker", 9092)

    async def bootstrap(_: Any) -> None:
        await connecting("broker", 9092)
        refreshing.append(asyncio.create_task(refresh()))

    await cancelled_bootstrap.or_close(bootstrap)(None)
    later.set()
    await refreshing[0]
    gc.collect()
    assert [each() for each in made] == [None, None]


async def test_why_a_connection_failed_long_after_a_request_is_kept_by_nobody() -> None:
    failed: list[weakref.ref[RefusedError]] = []

    async def connect(_host: str, _port: int) -> None:
        error = RefusedError()
        failed.append(weakref.ref(error))
        raise error

    connecting = connection_causes.noting(connect)
    later = asyncio.Event()
    refreshing: list[asyncio.Task[None]] = []

    async def refresh() -> None:
        await later.wait()
        with contextlib.suppress(OSError):
            await connecting("broker", 9092)

    async def ask() -> None:
        refreshing.append(asyncio.create_task(refresh()))

    await connection_causes.with_cause(ask)()
    later.set()
    await refreshing[0]
    gc.collect()
    assert [each() for each in failed] == [None]
