"""How long a publication takes to decide, and what many versions on the topic cost a process that starts."""

import asyncio
import base64
import re
import time
import urllib.request
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import made_up, measuring
from onward.chassis import clock
from onward.chassis.kafka.admin import create_topics, topic_specs
from onward.cli.rules.releases.rulesets_topic import send
from onward.contracts import paths
from onward.contracts.ruleset import Content, Release, Statement
from onward.local.deployment import local_secrets
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService
from onward.local.stack import Stack
from onward.releases.contents import pack_directory
from onward.releases.signing import digest, sign
from onward.routing.bundle_files import read_files
from onward.routing.domain.diagnostics import SourceFile
from onward.routing.domain.publishing.contents import pack_rules

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

RULES = 1_000
VERSIONS = 200
ROUNDS = 5
_KEYS = {role: Ed25519PrivateKey.generate() for role in ("author", "approver")}


def _key_file() -> str:
    public = {role: base64.b64encode(key.public_key().public_bytes_raw()).decode() for role, key in _KEYS.items()}
    lines = [f"  - {{name: the-{role}, role: {role}, public: {text}}}" for role, text in public.items()]
    return "\n".join(["schema: rule-keys/v1", "keys:", *lines, ""])


def _release(number: int, rules: Content, directory: Content, before: Release | None) -> Release:
    statement = Statement(
        action="publish",
        number=number,
        rules=rules.sha256,
        directory=directory.sha256,
        previous=digest(before.statement) if before else "",
        why="figures",
        made_on=clock.moment(0),
    )
    author = sign(statement, "author", _KEYS["author"])
    return Release(statement=statement, signatures=(author, sign(statement, "approver", _KEYS["approver"])))


def _versions(folder: Path) -> Generator[Content]:
    """The same rules, each time with another remark."""
    files = read_files(folder)
    number = 0
    while True:
        number += 1
        yield pack_rules([*files[:-1], SourceFile(files[-1].name, files[-1].content + f"# {number}\n".encode())])


def _until_live(routing: RunningService, rules: Content) -> float:
    """Seconds until routing decides by *rules*."""
    began = time.monotonic()
    while True:
        with urllib.request.urlopen(routing.metrics_url, timeout=5) as answer:
            text: str = answer.read().decode()
        if re.search(rf'^onward_ruleset_live\{{.*?sha="{rules.sha256[:12]}"', text, re.MULTILINE):
            return time.monotonic() - began


def _measure(stack: Stack, schemas: Path, folder: Path) -> tuple[Sequence[float], Sequence[float], float, float]:
    (folder / "trusted.yaml").write_text(_key_file())
    asyncio.run(create_topics(stack.kafka_bootstrap, topic_specs(())))
    environment = {**stack.variables, **local_secrets(None, {}), "ONWARD_RULE_KEYS": str(folder / "trusted.yaml")}
    routing = RunningService(ServiceSpec("routing"), folder, environment | {"ONWARD_SCHEMAS": str(schemas)})
    listed = {path.name: path.read_bytes() for path in (paths.schemas() / "directory").glob("*.yaml")}
    directory, versions = pack_directory(listed), _versions(schemas / "routing")
    routing.start()
    try:
        routing.wait_ready()
        took: list[float] = []
        release: Release | None = None
        for number in range(1, ROUNDS + 1):
            rules = next(versions)
            release = _release(number, rules, directory, release)
            asyncio.run(send(stack.kafka_bootstrap, [rules, directory], release))
            took.append(_until_live(routing, rules))
        few = _start(routing)
        for number in range(ROUNDS + 1, VERSIONS + 1):
            rules = next(versions)
            release = _release(number, rules, directory, release)
            asyncio.run(send(stack.kafka_bootstrap, [rules, directory], release))
        routing.stop()
        many = _start(routing)
        return took, (few[0], many[0]), few[1], many[1]
    finally:
        routing.stop()


def _start(routing: RunningService) -> tuple[float, float]:
    """Seconds until a new process is ready, and the megabytes it then holds."""
    routing.stop()
    began = time.monotonic()
    routing.start()
    routing.wait_ready()
    return time.monotonic() - began, measuring.sample(routing.pid).rss_mb


def test_from_published_to_deciding(private_stack: Callable[..., Stack], tmp_path: Path) -> None:
    schemas = made_up.schemas_with(RULES, tmp_path / "schemas")
    stack = private_stack(kafka=True, postgres=False)
    took, starts, few, many = _measure(stack, schemas, tmp_path)
    measuring.table(
        f"Publishing {RULES} rules to a running routing process",
        [
            ("published to deciding", " ".join(f"{each:.2f}" for each in took), "s"),
            (f"start with {ROUNDS} versions on the topic", f"{starts[0]:.2f}", "s"),
            (f"start with {VERSIONS} versions on the topic", f"{starts[1]:.2f}", "s"),
            ("memory then", f"{few:.0f} and {many:.0f}", "MB"),
        ],
        ("", "", ""),
    )
    assert sorted(took)[ROUNDS // 2] < 10
