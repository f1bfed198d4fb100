"""However large or twisted a bundle is, reading it ends within stated time and memory, with reasons and places."""

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from onward.contracts.facts import FACTS
from onward.diagnostics.yaml_tree import MAX_BYTES
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import MOST_PROBLEMS, BundleError, SourceFile
from onward.routing.domain.loader import MAX_BUNDLE_BYTES, load

MEMORY = 1024**3
"""Bytes of address space, the interpreter and its libraries included."""
SECONDS = 60
"""Of CPU; far more than any file needs here, so that only something that never ends reaches it."""

HEAD = b"schema: routing/v1\ntheme: need\nowner: o\n"
RULE = b"{id: r%d, why: w, when: {person.age: 3}, notify: {kind: k, to: crisis-line}}\n"


def bomb() -> bytes:
    lines = [b"a: &a [x,x,x,x,x,x,x,x,x]\n"]
    lines += [b"%c: &%c [%s]\n" % (letter, letter, b",".join([b"*%c" % (letter - 1)] * 9)) for letter in range(98, 122)]
    return b"".join(lines)


LONG = "".join(chr(0x4E00 + number * 7919 % 150) for number in range(100_000))
"""A name of 150 letters, none of which is common in it."""


def condition_of_every_fact() -> bytes:
    return b", ".join(b"%s: known" % path.encode() for path, fact in FACTS.items() if not fact.monitoring)


def repeated(size: int, head: bytes, more: bytes) -> bytes:
    """*head*, and as much of *more* as makes *size* bytes, numbered."""
    return head + b"".join(more % number for number in range((size - len(head)) // len(more % 0)))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "ten megabytes of nesting": lambda: b"[" * 10_000_000,
    "a whole file of nested lists": lambda: b"[" * MAX_BYTES,
    "a whole file of nested mappings": lambda: b"{a: " * (MAX_BYTES // 4),
    "a YAML bomb": bomb,
    "a list of words where rules should be": lambda: HEAD + b"rules: [" + b"a, " * (MAX_BYTES // 3 - 100) + b"]",
    "as many keys as fit": lambda: (
        b"rules: {" + b", ".join(b"k%d: v" % number for number in range(MAX_BYTES // 12)) + b"}"
    ),
    "a misspelt fact on every line": lambda: (
        HEAD
        + b"rules: [{id: r, why: w, when: {"
        + b"".join(b"person.agee%d: 3, " % n for n in range(MAX_BYTES // 24))
        + b"}}]"
    ),
    "one endless key": lambda: b"k" * (MAX_BYTES - 10) + b": v",
    "one endless number": lambda: (
        HEAD + b"rules: [{id: r, why: w, when: {person.age: %s}}]" % (b"9" * (MAX_BYTES - 200))
    ),
    "an endless span": lambda: (
        HEAD + b'rules: [{id: r, why: w, when: {person.age: "%s..1"}}]' % (b"9" * (MAX_BYTES - 200))
    ),
    "an id that nearly fits its pattern": lambda: (
        HEAD + b"rules: [{id: %sA, why: w}]" % (b"a-" * (MAX_BYTES // 2 - 100))
    ),
    "as many documents as fit": lambda: b"---\n" * (MAX_BYTES // 4),
    "as many sets as fit": lambda: (
        b"schema: routing/v1\nsets: {" + b", ".join(b"s%d: [" % n for n in range(MAX_BYTES // 12))
    ),
    "as many providers as fit": lambda: (
        repeated(
            MAX_BYTES - 10, HEAD + b"rules: [{id: r, why: w, when: {person.age: 3}, refer: {providers: [", b"p%06d, "
        )
        + b"]}}]"
    ),
    "a long set that every rule names": lambda: repeated(
        MAX_BYTES,
        repeated(MAX_BYTES // 2, HEAD + b"sets: {x: [", b"E07%06d, ") + b"]}\nrules:\n",
        b"- {id: r%06d, why: w, when: {person.area: $x}, notify: {kind: k, to: crisis-line}}\n",
    ),
    "prerequisites that every rule requires": lambda: repeated(
        MAX_BYTES,
        repeated(
            MAX_BYTES // 2,
            HEAD + b"prerequisites:\n",
            b"  p%%06d: {why: w, when: {%s}}\n" % condition_of_every_fact(),
        )
        + b"rules:\n",
        b"- {id: r%%06d, why: w, when: {}, requires: [%s]}\n" % b", ".join(b"p%06d" % number for number in range(150)),
    ),
    "names that are nearly those of rules": lambda: (
        repeated(
            MAX_BYTES - 10,
            repeated(MAX_BYTES * 3 // 4, HEAD + b"rules:\n", b"- " + RULE.replace(b"r%d", b"a-%09d"))
            + b"- {id: a, why: w, when: {person.age: 3}, notify: {kind: k, to: crisis-line}, widens: [",
            b"a-%09dx, ",
        )
        + b"]}"
    ),
    "a long name that is nearly another": lambda: (
        HEAD
        + b"sets: {? %s : [1]}\nrules: [{id: r, why: w, when: {person.age: $%s}}]"
        % (LONG.encode(), LONG[::-1].encode())
    ),
    "blank lines inside a text": lambda: b'a: "' + b"\n" * (MAX_BYTES - 10) + b'"',
}


@pytest.fixture(scope="module")
def readings() -> Mapping[str, tuple[int, int]]:
    """How many problems each hostile file has, and the length of the longest; read where the system sets limits."""
    command = "from unit.routing.test_hostile_rule_files import read_all; read_all()"

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry), "MALLOC_ARENA_MAX": "2"}
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False, preexec_fn=limits, env=path
    )
    lines = [line.rsplit(" ", 2) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"after {lines[-1:]}: {done.returncode} {done.stderr[-500:]}"
    return {name: (int(problems), int(longest)) for name, problems, longest in lines}


def read_all() -> None:
    """Read every hostile file, one after the other."""
    for name, content in HOSTILE.items():
        with pytest.raises(BundleError) as refused:
            load([SourceFile("it.yaml", content())])
        problems = refused.value.diagnostics
        sys.stdout.write(f"{name} {len(problems)} {max(len(each.message) for each in problems)}\n")
        sys.stdout.flush()


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_reading_it_ends_with_a_readable_list_of_problems(name: str, readings: Mapping[str, tuple[int, int]]) -> None:
    problems, longest = readings[name]
    assert 1 <= problems <= MOST_PROBLEMS
    assert longest < 600


def small_rules(count: int) -> Sequence[SourceFile]:
    """*count* rules in files that are each as large as a file may be."""
    text = [b"- " + RULE % number for number in range(count)]
    step = MAX_BYTES // len(text[-1]) - 1
    return [
        SourceFile(f"{at}.yaml", HEAD + b"rules:\n" + b"".join(text[at : at + step])) for at in range(0, count, step)
    ]


def test_a_million_rules_are_refused_before_one_is_read() -> None:
    with pytest.raises(BundleError, match=f"over {MAX_BUNDLE_BYTES}"):
        load(small_rules(1_000_000))


def test_a_folder_that_is_far_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "rules.yaml").open("wb") as file:
        file.truncate(MAX_BUNDLE_BYTES + 1)
    with pytest.raises(BundleError, match=f"over {MAX_BUNDLE_BYTES}"):
        read_files(tmp_path)


@pytest.mark.nightly
def test_a_bundle_of_the_largest_size_is_read_whole() -> None:
    files = small_rules(90_000)
    assert MAX_BUNDLE_BYTES * 0.8 < sum(len(file.content) for file in files) <= MAX_BUNDLE_BYTES
    assert len(load(files).rules) == 90_000
