"""The generated files of `deploy/`, by folder."""

from collections.abc import Collection, Mapping
from pathlib import Path

import yaml

from onward.contracts import topics
from onward.contracts.services import SERVICES
from onward.deployment.access import principals
from onward.deployment.dashboard import dashboard
from onward.deployment.kafka_acls import acl_script, kafka_topics, kafka_users
from onward.deployment.kubernetes import base_files
from onward.deployment.metric_families import families
from onward.deployment.postgres_roles import roles_sql
from onward.directory import files as directory_files


def deployment_files(rules: Collection[Path], directory: Path | None = None) -> Mapping[str, Mapping[str, str]]:
    """
    What each folder below `deploy/` holds of generated files, by file name.

    Args:
        rules: The files of alert rules.
        directory: Whose providers have rights and topics; the project's own by default.
    """
    providers = sorted(directory_files.load(directory).providers)
    expanded = topics.expand(providers, SERVICES)
    everybody = principals(topics.files(), providers)
    return {
        "kafka": {
            "kafka-acls.sh": acl_script(everybody),
            "users.yaml": kafka_users(everybody),
            "topics.yaml": kafka_topics(expanded),
        },
        "postgres": {"roles.sql": roles_sql()},
        "grafana": {"onward.json": dashboard(families())},
        "kubernetes/base": base_files(expanded, [yaml.safe_load(path.read_text()) for path in sorted(rules)]),
    }
