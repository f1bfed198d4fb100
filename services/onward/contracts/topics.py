"""Every topic, as written in `schemas/topics/`, and the message each carries."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import Field, StringConstraints

from onward.contracts import paths
from onward.contracts.audit import Act, AuditCheckpoint, AuditRecord
from onward.contracts.base import Message, Written
from onward.contracts.codes import Category
from onward.contracts.contact import Contact
from onward.contracts.contact_types import ANSWERED
from onward.contracts.decision import Decision
from onward.contracts.erasure import ErasedPerson, Erasure, ErasureReport, SubjectAccess, Tombstone
from onward.contracts.facts import AREA
from onward.contracts.feedback import Feedback
from onward.contracts.installation import InstallationSecret
from onward.contracts.matches import MatchDecision, MatchQuestion
from onward.contracts.outcome import Outgoing
from onward.contracts.redrive import Redrive
from onward.contracts.referral import (
    Approval,
    Delivery,
    Escalation,
    ProviderReferral,
    ProviderWithdrawal,
    Question,
    Receipt,
    ReferralEvent,
    Reply,
    StatusUpdate,
    Withdrawal,
)
from onward.contracts.ruleset import Ruleset, ShadowDifference
from onward.contracts.situation import Situation
from onward.diagnostics.yaml_values import YamlFileError, model_of

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Topic(Generic[M]):
    """A topic (or a family such as `status.{source}`) and a type of message on it; on nearly all the only one."""

    name: str
    event_type: str
    model: type[M]

    def message(self, body: M, *, key: str, of: str = "") -> Outgoing[M]:
        """A message for this topic; *of* names the member of a family, such as the provider."""
        name = re.sub(r"\{[a-z]+\}", of, self.name)
        return Outgoing(name, key, body, self.event_type)


CONTACTS = Topic("contacts", "onward.contact.v1", Contact)
SITUATIONS = Topic("situations", "onward.situation.v1", Situation)
DECISIONS = Topic("decisions", "onward.decision.v1", Decision)
DELIVERIES = Topic("deliveries", "onward.delivery.v1", Delivery)
WITHDRAWALS = Topic("withdrawals", "onward.withdrawal.v1", Withdrawal)
RECEIPTS = Topic("receipts", "onward.receipt.v1", Receipt)
REFERRALS = Topic("referrals.{provider}", "onward.referral.v1", ProviderReferral)
PROVIDER_WITHDRAWALS = Topic("referrals.{provider}", "onward.provider-withdrawal.v1", ProviderWithdrawal)
REPLIES = Topic("replies.{provider}", "onward.reply.v1", Reply)
APPROVALS = Topic("approvals", "onward.approval.v1", Approval)
STATUS = Topic("status.{source}", "onward.status.v1", StatusUpdate)
QUESTIONS = Topic("questions.{source}", "onward.question.v1", Question)
FEEDBACK = Topic("feedback.{source}", "onward.feedback.v1", Feedback)
REFERRAL_EVENTS = Topic("referral-events", "onward.referral-event.v1", ReferralEvent)
ESCALATIONS = Topic("escalations", "onward.escalation.v1", Escalation)
RULESETS = Topic("rulesets", "onward.ruleset.v1", Ruleset)
SHADOW_DIFFERENCES = Topic("shadow-differences", "onward.shadow-difference.v1", ShadowDifference)
REDRIVES = Topic("redrives", "onward.redrive.v1", Redrive)
MATCH_QUESTIONS = Topic("match-questions", "onward.match-question.v1", MatchQuestion)
MATCH_DECISIONS = Topic("match-decisions", "onward.match-decision.v1", MatchDecision)
ERASURES = Topic("erasures", "onward.erasure.v1", Erasure)
ERASED_PERSONS = Topic("erased-persons", "onward.erased-person.v1", ErasedPerson)
TOMBSTONES = Topic("tombstones", "onward.tombstone.v1", Tombstone)
ERASURE_REPORTS = Topic("erasure-reports", "onward.erasure-report.v1", ErasureReport)
SUBJECT_ACCESSES = Topic("subject-accesses", "onward.subject-access.v1", SubjectAccess)
INSTALLATION = Topic("installation", "onward.installation-secret.v1", InstallationSecret)
AUDIT = Topic("audit.{service}", "onward.audit-record.v1", AuditRecord)
AUDIT_ACTS = Topic("audit-acts", "onward.audit-record.v1", AuditRecord)
AUDIT_CHECKPOINTS = Topic("audit-checkpoints", "onward.audit-checkpoint.v1", AuditCheckpoint)

ALL: tuple[Topic[Any], ...] = (
    CONTACTS,
    SITUATIONS,
    DECISIONS,
    DELIVERIES,
    WITHDRAWALS,
    RECEIPTS,
    REFERRALS,
    PROVIDER_WITHDRAWALS,
    REPLIES,
    APPROVALS,
    STATUS,
    QUESTIONS,
    FEEDBACK,
    REFERRAL_EVENTS,
    ESCALATIONS,
    RULESETS,
    SHADOW_DIFFERENCES,
    REDRIVES,
    MATCH_QUESTIONS,
    MATCH_DECISIONS,
    ERASURES,
    ERASED_PERSONS,
    TOMBSTONES,
    ERASURE_REPORTS,
    AUDIT,
    AUDIT_ACTS,
    AUDIT_CHECKPOINTS,
    SUBJECT_ACCESSES,
    INSTALLATION,
)
"""Every topic that carries a message of ours."""


AreaCode: TypeAlias = Annotated[str, StringConstraints(pattern=AREA.pattern)]
"""GSS code of a local authority."""


Covered: TypeAlias = Annotated[tuple[AreaCode, ...], Field(min_length=1)]
"""Areas that somebody covers: the first stands for all, where nobody says more."""


class PlaceDefaults(Written):
    """Where a partner's contacts happen of which nobody says where: the area whose services are near."""

    areas: Covered | None = None
    """Of the whole partner: every area that it covers."""
    forces: dict[str, Covered] = Field(default_factory=dict[str, tuple[str, ...]])
    """By police force code, as the messages say it under `force`: every area that the force covers."""
    stations: dict[str, AreaCode] = Field(default_factory=dict[str, str])
    """By what a reference begins with, before its first `/` or `-`: a custody suite, in capitals."""


class Asked(Written):
    """When a partner can be asked, and for what."""

    at: tuple[str, ...] = Field(min_length=1)
    """The types of its contacts at which it has the person before it. Its answers to questions count among them."""
    facts: tuple[str, ...] = Field(min_length=1)
    """The facts that it can find out, as paths or prefixes ending in `*`."""


class Audited(Written):
    """That each record of a topic is an act, on the chain of the service that writes it, or reads what people write."""

    act: Act
    id: str | None = None
    """The field of the message by which the act is found again; of what people write, the record's key."""


class TopicFile(Written):
    """One file of `schemas/topics/`."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]*(\{(source|provider|service)\})?$")]
    description: str = Field(min_length=10)
    owner: str
    producers: tuple[str, ...] = Field(min_length=1)
    consumers: tuple[str, ...]
    key: str
    """What the record key is; never a direct identifier, except a partner's own on its own topics."""
    message: str | None = None
    """CloudEvents type of our own messages; absent where partners send their own formats."""
    further_messages: tuple[str, ...] = ()
    """Types of other messages of ours on the same topic, where their order matters."""
    partitions: int = Field(ge=1, le=200)
    retention_days: int = Field(ge=1, le=3660)
    compacted: bool = False
    max_message_bytes: int = Field(default=1_048_588, ge=1024)
    """
    The broker's limit for one *batch* of records (its `max.message.bytes`); 1,048,588 is its own default. Stock clients
    fill batches of up to 1,000,012 bytes.
    """
    max_record_bytes: int | None = Field(default=None, ge=1024)
    """
    What one record may have, key, headers and value together; a longer one is parked as `too_large`. None: as many as
    the broker takes.
    """
    personal_data: Literal["none", "pseudonymous", "sealed", "identifying"]
    """The strongest personal data a record can hold."""
    audited: Audited | None = None
    """Absent where what is on the topic is on no audit chain: it follows from what is, and nobody is told anything."""
    answers: tuple[str, ...] = ()
    """For `in.<source>`: the facts this partner is believed about, as paths or prefixes ending in `*`."""
    asked: Asked | None = None
    """For `in.<source>`: when this partner can be asked, and for what; absent where nobody would read a question."""
    told_of: tuple[Category, ...] = ()
    """
    For `in.<source>`: what it is told the status of though another partner raised it, for its own purpose. Nothing that
    is not listed; what its own contacts lead to it is always told.
    """
    place: PlaceDefaults | None = None
    """For `in.<source>`: where its contacts happen, where a message does not say."""

    def config(self) -> dict[str, str]:
        """Broker settings. Partner topics stay uncompressed, so that the broker refuses a decompression bomb."""
        ingress = self.name.startswith(("in.", "replies."))
        return {
            "cleanup.policy": "compact" if self.compacted else "delete",
            "retention.ms": str(self.retention_days * 86_400_000),
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": "LogAppendTime",
            "compression.type": "uncompressed" if ingress else "producer",
        }

    def answers_for(self, path: str) -> bool:
        """Whether this partner is believed about the fact at *path*."""
        return _is_among(path, self.answers)

    def is_asked(self, path: str, at: str, *, risk_unread: bool = False) -> bool:
        """
        Whether this partner can be asked for the fact at *path*, at a contact of the type *at*.

        For a risk also where it only believes to have told it (*risk_unread*): then it knows.
        """
        asked = self.asked
        if asked is None or (at not in asked.at and at != ANSWERED):
            return False
        told = risk_unread and path.startswith("risk.") and self.answers_for(path)
        return told or _is_among(path, asked.facts)


def _is_among(path: str, listed: tuple[str, ...]) -> bool:
    return any(path == each or (each.endswith("*") and path.startswith(each[:-1])) for each in listed)


class TopicFileError(paths.ProjectFileError):
    """A topic file cannot be used. The message says where and what to do."""


def load(folder: Path | None = None) -> Mapping[str, TopicFile]:
    """
    Every topic file by topic name.

    Raises:
        TopicFileError: A file is not valid, or two files name one topic.
    """
    found: dict[str, TopicFile] = {}
    for path in sorted((folder or paths.schemas() / "topics").glob("*.yaml")):
        try:
            topic = model_of(f"topics/{path.name}", path.read_bytes(), TopicFile)
        except YamlFileError as error:
            raise TopicFileError(str(error)) from error
        if path.name != f"{topic.name.replace('{', '').replace('}', '')}.yaml":
            raise TopicFileError(
                f"topics/{path.name}: names topic `{topic.name}`; a topic file is called after its topic"
            )
        found[topic.name] = topic
    return found


@cache
def files() -> Mapping[str, TopicFile]:
    """Every topic file of the project, read once."""
    return load()


@cache
def record_limit(topic: str) -> int | None:
    """The most bytes that one record of the real topic *topic* may have; None: as many as the broker takes."""
    file = file_of(topic)
    return None if file is None else file.max_record_bytes


@cache
def file_of(topic: str) -> TopicFile | None:
    """The file of the real topic *topic*, or of its family; None: nobody wrote one."""
    return next((file for name, file in files().items() if _is_of(topic, name)), None)


def _is_of(topic: str, name: str) -> bool:
    """Whether *topic* is the one called *name*, or of that family."""
    head, brace, _ = name.partition("{")
    return topic.startswith(head) if brace else topic == name


def too_large(topic: str, size: int) -> str | None:
    """What is wrong with a record of *size* bytes (key, headers and value) on *topic*; None: nothing."""
    limit = record_limit(topic)
    if limit is None or size <= limit:
        return None
    return f"a record of {size} bytes; on this topic one may have {limit}, key, headers and value together"


def sources(topics: Mapping[str, TopicFile] | None = None) -> tuple[str, ...]:
    """Every partner that sends to us: those with a file `in.<source>.yaml`."""
    return tuple(sorted(name.removeprefix("in.") for name in topics or files() if name.startswith("in.")))


def group_of(service: str, topic: str) -> str:
    """The consumer group in which *service* reads *topic*; one for all topics of a family."""
    return f"{service}.{topic.partition('.')[0]}"


@cache
def spread_over(topic: str) -> int | None:
    """
    How many partitions the keys of *topic* are spread over; None for a topic without a file.

    A part of the contract, not what the broker has: a key keeps its partition when somebody adds partitions, and with
    it the order of a person's records.
    """
    kind, dot, _ = topic.partition(".")
    family = next((file for name, file in files().items() if dot and name.startswith(f"{kind}.{{")), None)
    file = files().get(topic) or family
    return None if file is None else file.partitions


def expand(providers: Iterable[str], services: Iterable[str]) -> Mapping[str, TopicFile]:
    """Every real topic: each family spelled out for every source, provider and service."""
    topics = files()
    members = {"{source}": sources(topics), "{provider}": tuple(providers), "{service}": tuple(services)}
    expanded: dict[str, TopicFile] = {}
    for name, topic in topics.items():
        family = next((family for family in members if family in name), None)
        for member in members[family] if family else ("",):
            real = name.replace(family, member) if family else name
            expanded[real] = topic.model_copy(update={"name": real})
    return expanded
