"""One broker, one routing process and one watcher for all tests of this folder."""

import asyncio
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from integration.rules.stage import Stage
from integration.whole.watching import Watch
from onward.chassis.kafka.admin import TopicSpec, create_topics
from onward.cli.rules.releases.signing_keys import write_private
from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.directory import files as directory_files
from onward.local import deployment
from onward.local.service_spec import ServiceSpec
from onward.local.services import RunningService
from onward.local.stack import DATABASE_VARIABLE, KAFKA_VARIABLE, Stack
from unit.routing.bundle_builders import APPROVER, AUTHOR, key_file

SEEN = ("situations", "decisions", "parked.routing", "shadow-differences")
# `rulesets` holds junk; what is noted of the secrets, and who did what, is no matter of rules.
UNSEEN = ("rulesets", "installation", "audit.routing", "audit-acts")


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    """Routing, running. A broker of its own: topics have fixed names."""
    environ = {name: value for name, value in os.environ.items() if name not in {KAFKA_VARIABLE, DATABASE_VARIABLE}}
    written = topics.expand([], SERVICES)
    specs = {name: TopicSpec(written[name].partitions, written[name].config()) for name in (*SEEN, *UNSEEN)}
    # What is published must be deliverable: the providers' topics are there, and nothing is on them.
    providers = directory_files.load().providers
    theirs = {f"{head}.{each}": TopicSpec(1) for head in ("referrals", "replies") for each in providers}
    folder: Path = tmp_path_factory.mktemp("rules")
    (folder / "trusted.yaml").write_text(key_file())
    for role, private in (("author", AUTHOR), ("approver", APPROVER)):
        write_private(folder / f"{role}.key", private)
    with Stack(postgres=False, environ=environ) as stack:
        asyncio.run(create_topics(stack.kafka_bootstrap, specs | theirs))
        environment = {
            **environ,
            **stack.variables,
            **deployment.local_secrets(None, {}),
            "ONWARD_RULE_KEYS": str(folder / "trusted.yaml"),
            "ONWARD_SESSION_TIMEOUT_S": "4",
        }
        routing = RunningService(ServiceSpec("routing"), stack.directory, environment)
        try:
            routing.start()
            routing.wait_ready()
            watched = {name: specs[name].partitions for name in SEEN}
            with Watch(stack.kafka_bootstrap, watched, environment) as watch:
                yield Stage(stack.kafka_bootstrap, routing, watch, folder, environment)
        finally:
            routing.stop()
