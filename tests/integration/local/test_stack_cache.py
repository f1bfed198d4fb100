"""The cache: made once by however many ask, used without any network, and checked each time."""

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from rich.console import Console

from onward.local import jars, ports
from onward.local.cache import cache_directory
from onward.local.kafka_home import KafkaHome, prepare

KAFKA = f"kafka-{jars.KAFKA_VERSION}"

START = textwrap.dedent(
    """
    import os, sys
    from onward.local.errors import LocalStackError
    from onward.local.stack import Stack

    def refuse(event, arguments):
        if event == "socket.getaddrinfo" or event == "socket.connect":
            host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0]
            if host not in ("127.0.0.1", "localhost"):
                print("called", host, flush=True)

    sys.addaudithook(refuse)
    try:
        with Stack(postgres=False) as stack:
            print("ready")
    except LocalStackError as error:
        print(type(error).__name__, error)
    """
)

PREPARE = textwrap.dedent(
    """
    import shutil, sys
    from pathlib import Path
    from rich.console import Console
    from onward.local import jars, kafka_home
    cache, real, record = map(Path, sys.argv[1:])

    def copy(jar, scratch):
        with record.open("a") as lines:
            lines.write(jar.filename + "\\n")
        return Path(shutil.copy(real / jar.filename, scratch))

    jars._resolve = copy
    home = kafka_home.prepare(cache, Console(quiet=True))
    assert all(jar.exists() for jar in home.jars)
    assert (home.formatted / "meta.properties").exists()
    assert home.archive.exists()
    """
)


@pytest.fixture(scope="module")
def home() -> KafkaHome:
    """The user's own cache, filled."""
    return prepare(cache_directory(os.environ), Console(quiet=True))


def _copy_of(home: KafkaHome, cache: Path) -> Path:
    """A cache of its own; the archive is only good for the place it was made for, so it is left out."""
    target = cache / "onward" / KAFKA
    shutil.copytree(home.jars[0].parent, target / "jars")
    shutil.copytree(home.formatted, target / "formatted")
    return target


def _start(environ: dict[str, str]) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    clean.pop("ONWARD_KAFKA_BOOTSTRAP", None)
    done = subprocess.run(
        [sys.executable, "-c", START], env={**clean, **environ}, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.usefixtures("home")
def test_a_second_start_calls_nobody() -> None:
    with socket.create_server((ports.HOST, 0)) as trap:
        trap.setblocking(False)
        proxy = f"http://{ports.HOST}:{trap.getsockname()[1]}"
        assert _start({"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy}) == "ready\n"
        with pytest.raises(BlockingIOError):
            trap.accept()


def test_without_network_and_cache_the_error_says_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    nowhere = f"http://{ports.HOST}:{ports.free_port()}"
    told = _start({"XDG_CACHE_HOME": str(tmp_path), "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere})
    assert told.startswith("DownloadError Kafka's `")
    assert "is not in the cache" in told
    assert "the proxy cannot be reached" in told
    assert "Connect to the network once" in told
    assert "Traceback" not in told


def test_a_tampered_jar_is_never_run(home: KafkaHome, tmp_path: Path) -> None:
    target = _copy_of(home, tmp_path)
    victim = target / "jars" / home.jars[0].name
    with victim.open("ab") as jar:
        jar.write(b"!")
    told = _start({"XDG_CACHE_HOME": str(tmp_path)})
    assert told.startswith(f"JarHashError {victim} is not the file that was recorded: expected SHA-256")
    assert jars.sha256_of(victim) in told
    assert "Delete it and start again" in told


def test_first_starts_at_the_same_time_make_the_cache_once(home: KafkaHome, tmp_path: Path) -> None:
    record = tmp_path / "fetched"
    command = [sys.executable, "-c", PREPARE, str(tmp_path / "cache"), str(home.jars[0].parent), str(record)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [("", 0)] * 3
    assert sorted(record.read_text().split()) == sorted(jar.name for jar in home.jars)
    assert sorted(path.suffix for path in (tmp_path / "cache" / KAFKA).iterdir()) == ["", "", ".aot"]
