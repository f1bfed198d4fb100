"""
Who may do what on Kafka: every principal with its rights, as the topic files and the list of services say.

What is not here is refused: the broker denies by default (`StandardAuthorizer`, no `allow.everyone.if.no.acl.found`).
A name that stands for several ends with a dot, so that `provider-a.` is never `provider-ab.`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from onward.chassis.observability import audit_notes
from onward.contracts.services import SERVICES
from onward.contracts.topics import AUDIT, AUDIT_ACTS, AUDIT_CHECKPOINTS, TopicFile, sources

ResourceKind: TypeAlias = Literal["topic", "group", "transactional-id", "cluster"]
Operation: TypeAlias = Literal[
    "Read", "Write", "Create", "Delete", "Alter", "Describe", "DescribeConfigs", "AlterConfigs", "ClusterAction",
    "IdempotentWrite",
]  # fmt: skip
PrincipalKind: TypeAlias = Literal["service", "partner", "provider", "person", "tool"]

CLUSTER: Final = "kafka-cluster"
"""The name that Kafka has for the one resource of the kind `cluster`."""
INSTALLATION_ID: Final = "onward.installation"
REDRIVE_ID: Final = "onward.redrive."
AUDIT_GROUP: Final = audit_notes.GROUP
"""Holds how far the audit chains are under a checkpoint."""
ACTS_ID: Final = "onward.audit.acts"
CHECKPOINT_ID: Final = "onward.audit.checkpoint"

OPERATIONS: Final[Mapping[ResourceKind, tuple[Operation, ...]]] = {
    "topic": (
        "Read", "Write", "Create", "Delete", "Alter", "Describe", "DescribeConfigs", "AlterConfigs",
    ),
    "group": ("Read", "Delete", "Describe"),
    "transactional-id": ("Write", "Describe"),
    "cluster": ("Create", "Alter", "Describe", "DescribeConfigs", "AlterConfigs", "ClusterAction", "IdempotentWrite"),
}  # fmt: skip
"""Every operation that Kafka asks about on a resource of each kind (`AclEntry.supportedOperations`)."""

_IMPLIES: Final[Mapping[Operation, frozenset[Operation]]] = {
    "Read": frozenset({"Describe"}),
    "Write": frozenset({"Describe"}),
    "Delete": frozenset({"Describe"}),
    "Alter": frozenset({"Describe"}),
    "AlterConfigs": frozenset({"DescribeConfigs"}),
}
"""What is allowed with an operation that is allowed (`StandardAuthorizerData`)."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One thing that somebody may do."""

    kind: ResourceKind
    name: str
    operation: Operation
    prefixed: bool = False
    """Whether *name* is what names begin with, and not one name."""

    def covers(self, kind: ResourceKind, name: str, operation: Operation) -> bool:
        """Whether it allows *operation* on the resource *name*."""
        named = name.startswith(self.name) if self.prefixed else name == self.name
        return kind == self.kind and named and (operation == self.operation or operation in self.implied)

    @property
    def implied(self) -> frozenset[Operation]:
        """What is allowed with it."""
        return _IMPLIES.get(self.operation, frozenset())


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of the broker somebody may use, of each broker."""

    producer_bytes_per_s: int
    consumer_bytes_per_s: int
    request_percentage: int
    """Of the time of one network or request thread."""

    @property
    def settings(self) -> dict[str, int]:
        """By Kafka's own names."""
        return {
            "producer_byte_rate": self.producer_bytes_per_s,
            "consumer_byte_rate": self.consumer_bytes_per_s,
            "request_percentage": self.request_percentage,
        }


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody whom the broker knows by name."""

    name: str
    kind: PrincipalKind
    purpose: str
    rights: tuple[Right, ...]
    quota: Quota | None = None

    def may(self, kind: ResourceKind, name: str, operation: Operation) -> bool:
        """Whether it may do *operation* on the resource *name*."""
        return any(right.covers(kind, name, operation) for right in self.rights)


_PARTNER: Final = Quota(1_048_576, 1_048_576, 25)
_PROVIDER: Final = Quota(262_144, 1_048_576, 10)
_PEOPLE: Final[Mapping[str, str]] = {
    "people-on-duty": "say yes or no to a referral and whether two people are one, and see what they are called for",
    "menders": "see what was parked and send it back, each time to the topic that it came from",
    "rule-authors": "publish rules and directory, and see what a bundle in the shadow would have done",
    "insight": "counts by place; no service of this release does it yet",
}


def principals(files: Mapping[str, TopicFile], providers: Iterable[str]) -> tuple[Principal, ...]:
    """
    Every principal of a deployment: services, partners, providers, people and tools, in this order.

    Args:
        files: The topic files.
        providers: Ids of every provider in the directory.
    """
    every = tuple(sorted(providers))
    seen = _seen_by_services(files)
    services = [_service(name, files, seen) for name in SERVICES]
    partners = [_partner(source, files) for source in sources(files)]
    people = [_person(name, purpose, files) for name, purpose in _PEOPLE.items()]
    return (*services, *partners, *(_provider(each, files) for each in every), *people, *_tools(files, seen))


def _service(name: str, files: Mapping[str, TopicFile], seen: Sequence[Right]) -> Principal:
    rights: list[Right] = [
        # Exactly once: positions, and the producers of its input partitions.
        Right("group", f"{name}.", "Read", prefixed=True),
        Right("transactional-id", f"{name}.", "Write", prefixed=True),
        # The first process of an installation notes with which secrets it was made.
        Right("transactional-id", INSTALLATION_ID, "Write"),
        # Every process tells how far every group is: offsets, never records.
        *seen,
    ]
    for file in files.values():
        if {name, "service"} & set(file.consumers):
            rights += _topic(file, "Read", service=name)
        if {name, "service"} & set(file.producers):
            rights += _topic(file, "Write", service=name)
    return Principal(name, "service", f"the service `{name}`", _sorted(rights))


def _topic(file: TopicFile, operation: Operation, *, service: str) -> list[Right]:
    head, brace, _ = file.name.partition("{")
    if not brace:
        return [Right("topic", file.name, operation)]
    if file.name.endswith("{service}"):
        return [Right("topic", f"{head}{service}", operation)]
    # Whoever is published next has a topic of the family while the services run.
    return [Right("topic", head, operation, prefixed=True)]


def _seen_by_services(files: Mapping[str, TopicFile]) -> tuple[Right, ...]:
    """To describe what any service reads, and every service's groups."""
    groups = [Right("group", f"{name}.", "Describe", prefixed=True) for name in SERVICES]
    chains = [Right("topic", topic, "Describe") for topic in _chains(files)]
    return _sorted([*_inputs(files, "Describe"), *groups, Right("group", AUDIT_GROUP, "Describe"), *chains])


def _chains(files: Mapping[str, TopicFile]) -> list[str]:
    """The topics that hold audit chains."""
    heads = [file.name for file in files.values() if file.message == AUDIT.event_type]
    return sorted({name.replace("{service}", each) for name in heads for each in SERVICES})


def _partner(source: str, files: Mapping[str, TopicFile]) -> Principal:
    name = f"partner-{source}"
    rights = [
        Right("topic", f"in.{source}", "Write"),
        *(Right("topic", topic, "Read") for topic in _members(files, "{source}", source, "partner")),
        Right("group", f"{name}.", "Read", prefixed=True),
    ]
    return Principal(name, "partner", f"sends `in.{source}` and hears what became of it", _sorted(rights), _PARTNER)


def _provider(provider: str, files: Mapping[str, TopicFile]) -> Principal:
    name = f"provider-{provider}"
    answers = [
        file.name.replace("{provider}", provider)
        for file in files.values()
        if "{provider}" in file.name and "provider" in file.producers
    ]
    rights = [
        *(Right("topic", topic, "Read") for topic in _members(files, "{provider}", provider, "provider")),
        *(Right("topic", topic, "Write") for topic in answers),
        Right("group", f"{name}.", "Read", prefixed=True),
    ]
    return Principal(name, "provider", "receives its referrals and answers them", _sorted(rights), _PROVIDER)


def _members(files: Mapping[str, TopicFile], family: str, member: str, reader: str) -> list[str]:
    """The topics of *member* that *reader* reads."""
    return [
        file.name.replace(family, member) for file in files.values() if family in file.name and reader in file.consumers
    ]


def _person(name: str, purpose: str, files: Mapping[str, TopicFile]) -> Principal:
    rights = [
        Right("group", f"{name}.", "Read", prefixed=True),
        # A command that a secret does not open says whether it is the installation's.
        Right("topic", "installation", "Read"),
    ]
    for file in files.values():
        for topic in _of_every_service(file):
            rights += [Right("topic", topic, "Read")] if name in file.consumers else []
            rights += [Right("topic", topic, "Write")] if name in file.producers else []
        if name in file.producers and file.name == AUDIT_ACTS.name:
            rights.append(Right("transactional-id", ACTS_ID, "Write"))
    if name == "rule-authors":
        # Nothing is published for a provider that has no topics.
        heads = [file.name.partition("{")[0] for file in files.values() if "{provider}" in file.name]
        rights += [Right("topic", head, "Describe", prefixed=True) for head in heads]
    if name == "menders":
        rights += [Right("transactional-id", REDRIVE_ID, "Write", prefixed=True), *_inputs(files, "Write")]
    return Principal(name, "person", purpose, _sorted(rights))


def _of_every_service(file: TopicFile) -> list[str]:
    return [file.name] if "{" not in file.name else [file.name.replace("{service}", each) for each in SERVICES]


def _inputs(files: Mapping[str, TopicFile], operation: Operation) -> list[Right]:
    """On every topic that a service takes its records from: not those that it follows."""
    read = [file for file in files.values() if set(file.consumers) & set(SERVICES) and not file.compacted]
    return [right for file in read for right in _topic(file, operation, service="")]


def _tools(files: Mapping[str, TopicFile], seen: Sequence[Right]) -> list[Principal]:
    heads = [(head, bool(brace)) for head, brace, _ in (file.name.partition("{") for file in files.values())]
    made: list[Operation] = ["Create", "Alter", "DescribeConfigs", "Read"]
    operator = [
        *(Right("topic", head, operation, prefixed=family) for head, family in heads for operation in made),
        # What a person does as the operator is on record, as what others do.
        *(Right("topic", name, "Write") for name in ("rulesets", "installation", AUDIT_ACTS.name)),
        # Positions of a topic that is made begin at 0, and those that were lost are set again, as their owner.
        *(Right("group", f"{name}.", "Read", prefixed=True) for name in SERVICES),
        *(Right("transactional-id", f"{name}.", "Write", prefixed=True) for name in SERVICES),
        *(Right("transactional-id", name, "Write") for name in (INSTALLATION_ID, ACTS_ID)),
    ]
    auditor = [
        *(
            Right("topic", name, "Read")
            for file in files.values()
            if "auditor" in file.consumers
            for name in _of_every_service(file)
        ),
        Right("topic", AUDIT_CHECKPOINTS.name, "Write"),
        Right("group", AUDIT_GROUP, "Read"),
        Right("transactional-id", CHECKPOINT_ID, "Write"),
    ]
    archivist = [Right("topic", name, "Read") for name in ("situations", "decisions", "rulesets")]
    return [
        Principal(
            "operator",
            "tool",
            "makes topics and sets lost positions; may read everything for that, so it logs in for a job only",
            _sorted(operator),
        ),
        Principal(
            "archivist",
            "tool",
            "`onward rules archive` and `history`: reads what was decided, sealed and pseudonymous",
            _sorted(archivist),
        ),
        Principal(
            "auditor",
            "tool",
            "`onward audit checkpoint` and `export`: reads the audit chains and signs what stands on them",
            _sorted(auditor),
        ),
        Principal("lag-reader", "tool", "autoscalers and lag exporters: offsets, never records", tuple(seen)),
    ]


def _sorted(rights: Collection[Right]) -> tuple[Right, ...]:
    """Each once; without those that another one implies."""
    once = sorted(set(rights))
    return tuple(
        right
        for right in once
        if not any(
            other != right
            and other.covers(right.kind, right.name, right.operation)
            and (other.prefixed or not right.prefixed)
            for other in once
        )
    )
