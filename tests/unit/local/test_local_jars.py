"""The list of jars, and what happens to a file that is not the recorded one."""

from pathlib import Path

import pytest
import requests
from rich.console import Console

from onward.local import jars
from onward.local.errors import DownloadError, JarHashError, JarLockError
from onward.local.jars import Jar

QUIET = Console(quiet=True)
CONTENT = b"a jar"
# printf 'a jar' | sha256sum
CONTENT_SHA256 = "fc8bd814a3051a9717431182d5af2a2d654481aac82a028c05c73afa4ca38823"
JAR = Jar("org.example:thing:1.0", CONTENT_SHA256, len(CONTENT))


def test_the_recorded_list_holds_the_wanted_kafka_and_a_hash_for_each_jar() -> None:
    locked = jars.read_lock()
    assert set(jars.WANTED) <= {jar.coordinate for jar in locked}
    assert all(int(jar.sha256, 16) > 0 and jar.size > 0 for jar in locked)
    assert len({jar.filename for jar in locked}) == len(locked)


@pytest.mark.parametrize("line", ["org.example:thing:1.0 abc 5", "thing 0 5", "org.example:thing:1.0", "a:b:c d e f"])
def test_a_broken_line_in_the_list_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kafka.lock"
    path.write_text(f"# heading\n{line}\n")
    with pytest.raises(JarLockError, match=r"kafka\.lock:2: .*relock"):
        jars.read_lock(path)


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kafka.lock").write_text("# nothing\n")
    with pytest.raises(JarLockError, match="names no jar"):
        jars.read_lock(tmp_path / "kafka.lock")


def test_a_changed_jar_is_refused_with_its_path_and_both_hashes(tmp_path: Path) -> None:
    changed = tmp_path / JAR.filename
    changed.write_bytes(b"another jar")
    with pytest.raises(JarHashError) as refused:
        jars.missing([JAR], tmp_path)
    told = str(refused.value)
    assert str(changed) in told
    assert CONTENT_SHA256 in told
    assert jars.sha256_of(changed) in told
    assert "Delete it and start again" in told


def test_a_right_jar_is_not_missing_and_an_absent_one_is(tmp_path: Path) -> None:
    (tmp_path / JAR.filename).write_bytes(CONTENT)
    absent = Jar("org.example:other:1.0", CONTENT_SHA256, 5)
    assert jars.missing([JAR, absent], tmp_path) == [absent]


def test_a_fetched_file_of_another_hash_never_reaches_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(_jar: Jar, scratch: Path) -> Path:
        got = scratch / "got.jar"
        got.write_bytes(b"another jar")
        return got

    monkeypatch.setattr(jars, "_resolve", another)
    with pytest.raises(JarHashError, match="fetched just now and thrown away"):
        jars.fetch([JAR], tmp_path, QUIET)
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_once_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []

    def flaky(_jar: Jar, scratch: Path) -> Path:
        calls.append(scratch)
        if len(calls) == 1:
            raise requests.ConnectionError
        got = scratch / "got.jar"
        got.write_bytes(CONTENT)
        return got

    monkeypatch.setattr(jars, "_resolve", flaky)
    jars.fetch([JAR], tmp_path, QUIET)
    assert (tmp_path / JAR.filename).read_bytes() == CONTENT
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (requests.exceptions.SSLError(), "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.ProxyError(), "proxy cannot be reached"),
        (requests.exceptions.ReadTimeout(), "did not answer in time"),
        (requests.ConnectionError(), "no network"),
        (RuntimeError(), "repository did not give it"),
    ],
)
def test_a_failed_download_says_the_jar_the_cause_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, words: str
) -> None:
    def fail(_jar: Jar, _scratch: Path) -> Path:
        raise failure

    monkeypatch.setattr(jars, "_resolve", fail)
    with pytest.raises(DownloadError, match=rf"thing-1\.0\.jar.*{words}.*ONWARD_KAFKA_BOOTSTRAP"):
        jars.fetch([JAR], tmp_path, QUIET)
