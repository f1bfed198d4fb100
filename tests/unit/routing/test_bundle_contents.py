"""Files travel byte for byte, and what is not what its hash says is refused."""

import base64
import json
import zlib

import pytest

from onward.contracts import paths
from onward.contracts.ruleset import Content
from onward.directory import files as directory_files
from onward.releases.contents import MAX_UNPACKED, TooLargeError, key_of, read_directory
from onward.releases.signing import RefusedError
from onward.routing.bundle_files import load_bundle, read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.publishing.contents import pack_rules, read_rules, rule_files
from unit.routing.bundle_builders import directory, rules
from unit.routing.routing_builders import HOUSING


def packed(text: bytes, sha256: str) -> Content:
    return Content(kind="rules", sha256=sha256, packed=base64.b64encode(zlib.compress(text)).decode())


def refusal(content: Content) -> str:
    with pytest.raises(RefusedError) as caught:
        read_rules(content)
    return caught.value.reason


def test_the_project_s_rules_travel_byte_for_byte_under_the_hash_that_decisions_name() -> None:
    folder = paths.schemas() / "routing"
    content = pack_rules(read_files(folder))
    assert rule_files(content) == tuple(sorted(read_files(folder), key=lambda file: file.name))
    assert content.sha256 == load_bundle(folder).version.sha256 == read_rules(content).version.sha256
    assert key_of(content) == f"rules/{content.sha256}"


def test_so_does_its_directory() -> None:
    content = directory()
    assert read_directory(content) == directory_files.load()
    assert content.sha256 == directory_files.load().sha256


def test_a_changed_byte_is_noticed() -> None:
    content = rules()
    files = json.loads(zlib.decompress(base64.b64decode(content.packed)))
    files["need.yaml"] = files["need.yaml"].replace(">= 18", ">= 16")
    assert refusal(packed(json.dumps(files).encode(), content.sha256)) == "content_altered"


def test_another_name_for_a_file_is_noticed() -> None:
    content = rules()
    files = json.loads(zlib.decompress(base64.b64decode(content.packed)))
    files["other.yaml"] = files.pop("need.yaml")
    assert refusal(packed(json.dumps(files).encode(), content.sha256)) == "content_altered"


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b'{"a": 1}', b"\xff", b"[" * 100_000, b'{"a": "\\ud800"}', b"9" * 5000]
)
def test_what_is_no_packed_content_is_refused(text: bytes) -> None:
    assert refusal(packed(text, "a" * 64)) == "content_altered"


def test_what_is_no_zlib_stream_is_refused() -> None:
    good = rules()
    cut = base64.b64encode(base64.b64decode(good.packed)[:-5]).decode()
    more = base64.b64encode(base64.b64decode(good.packed) + b"more").decode()
    for text in ("é", "AAAA", "", cut, more):
        assert refusal(good.model_copy(update={"packed": text})) == "content_altered"


def test_a_stream_that_unpacks_to_more_than_is_allowed_is_given_up() -> None:
    assert refusal(packed(b" " * (MAX_UNPACKED + 1), "a" * 64)) == "content_altered"


def test_rules_cannot_pass_for_a_directory() -> None:
    with pytest.raises(RefusedError, match="content_altered"):
        read_directory(rules())


def test_rules_that_do_not_load_are_refused_with_every_problem() -> None:
    with pytest.raises(RefusedError, match=r"unloadable: need\.yaml:7:12: error\[T001\]"):
        read_rules(rules(HOUSING.replace("person.age", "person.agee")))


def test_files_that_cannot_travel_are_refused_before_they_do() -> None:
    noise = "".join(f"# {number * 2654435761 % 2**64:x}{number**7:x}\n" for number in range(60_000))
    with pytest.raises(TooLargeError, match="at most 900000 can travel"):
        pack_rules([SourceFile("noise.yaml", noise.encode())])
