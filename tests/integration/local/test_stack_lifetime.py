"""Nothing outlives the process that asked for it, and kept data comes back."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import psutil
import psycopg
import pytest

from onward.chassis.errors import TopicMismatchError
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.local import postgres_home
from onward.local.postgres import PostgresServer
from onward.local.process import TemporaryDirectory
from onward.local.stack import Stack

Leftovers = Callable[[Sequence[psutil.Process]], list[str]]

HOLD = textwrap.dedent(
    """
    import json, sys
    from onward.local.stack import Stack
    with Stack(environ={}) as stack:
        print(json.dumps([stack.kafka.pid, stack.postgres.pid, str(stack.directory)]), flush=True)
        sys.stdin.read()
    """
)


@pytest.fixture
def place() -> Generator[Path]:
    """A directory that the database's user may enter; pytest's own is closed to it when we are root."""
    directory = TemporaryDirectory("onward-test-")
    yield directory.path
    directory.remove()


def test_a_killed_parent_leaves_no_process_and_no_directory(leftovers: Leftovers) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        kafka, postgres, directory = json.loads(parent.stdout.readline())
        family = psutil.Process(parent.pid).children(recursive=True)
        assert {kafka, postgres} < {process.pid for process in family}
        assert Path(directory, "kafka", "data").is_dir()
        parent.kill()
    assert leftovers(family) == []
    assert not Path(directory).exists()


def test_leaving_the_block_leaves_no_process_and_no_directory(leftovers: Leftovers) -> None:
    with Stack(environ={}) as stack:
        family = [process for pid in (stack.kafka.pid, stack.postgres.pid) for process in _with_children(pid)]
        directory = stack.directory
    assert leftovers(family) == []
    assert not directory.exists()


def _with_children(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


async def test_kept_data_is_there_at_the_next_start(place: Path) -> None:
    with Stack(environ={}, data=place / "kept") as stack:
        await create_topics(stack.kafka_bootstrap, {"lasting": TopicSpec(partitions=3)})
        with psycopg.connect(stack.database_url) as connection:
            connection.execute("CREATE TABLE lasting AS SELECT 7 AS number")
    with Stack(environ={}, data=place / "kept") as stack:
        with pytest.raises(TopicMismatchError, match="3 partitions, and its file says 4"):
            await create_topics(stack.kafka_bootstrap, {"lasting": TopicSpec(partitions=4)})
        with psycopg.connect(stack.database_url) as connection:
            assert connection.execute("SELECT number FROM lasting").fetchall() == [(7,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as somebody else")
def test_root_copies_the_programs_when_their_directory_is_closed_to_others(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterable = postgres_home.others_may_enter

    def closed(directory: Path) -> bool:
        return "site-packages" not in str(directory) and enterable(directory)

    monkeypatch.setattr(postgres_home, "others_may_enter", closed)
    server = PostgresServer(place / "postgres")
    server.start()
    try:
        program = psutil.Process(server.pid)
        assert Path(program.exe()).is_relative_to(place)
        assert program.uids().effective != 0
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user, every other test shows it")
def test_an_ordinary_user_runs_postgresql_too(place: Path) -> None:
    if not postgres_home.others_may_enter(Path(sys.executable).resolve().parent):
        pytest.skip("this Python is closed to other users")
    script = textwrap.dedent(
        """
        import os, psycopg
        from onward.local.stack import Stack
        with Stack(kafka=False, environ={}) as stack, psycopg.connect(stack.database_url) as connection:
            print(os.geteuid(), connection.execute("SELECT 40 + 2").fetchone()[0])
        """
    )
    place.chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-c", script],
        user=65534,
        group=65534,
        extra_groups=[],
        cwd=place,
        env={"HOME": str(place), "TMPDIR": str(place), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["65534", "42"], "")
