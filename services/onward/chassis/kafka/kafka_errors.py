"""Which of Kafka's errors means what. The client library's classes, by name or by what they stand for."""

from typing import Final

from aiokafka import errors
from aiokafka.errors import KafkaError

from onward.chassis.observability.server_trouble import Kind, ServerTrouble

_KINDS: Final[tuple[tuple[tuple[type[Exception], ...], Kind, str], ...]] = (
    (
        (errors.KafkaConnectionError, errors.NoBrokersAvailable, errors.KafkaUnavailableError,
         errors.NodeNotReadyError),
        "unreachable", "has no broker that can be reached",
    ),
    ((errors.StaleMetadata, errors.MetadataEmptyBrokerList), "unreachable", "names no broker that can be reached"),
    ((errors.RequestTimedOutError, errors.KafkaTimeoutError), "silent", "does not answer in time"),
    (
        (
            errors.GroupCoordinatorNotAvailableError, errors.GroupLoadInProgressError,
            errors.NotCoordinatorForGroupError,
        ),
        "coordinator", "has no coordinator for this group or transaction yet",
    ),
    (
        (errors.LeaderNotAvailableError, errors.NotLeaderForPartitionError, errors.ReplicaNotAvailableError,
         errors.BrokerNotAvailableError, errors.NotControllerError),
        "no_leader", "has no leader for a partition at this moment",
    ),
    (
        (errors.NotEnoughReplicasError, errors.NotEnoughReplicasAfterAppendError),
        "no_leader", "has too few copies of a partition in sync (min.insync.replicas)",
    ),
    ((errors.UnknownTopicOrPartitionError,), "no_such_topic", "lacks a topic{topic}"),
    ((errors.InvalidTopicError,), "no_such_topic", "takes no topic of this name{topic}"),
    (
        (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError, errors.RecordTooLargeError),
        "too_large", "refuses records that are larger than a topic takes{topic}{size}",
    ),
    (
        (errors.TopicAuthorizationFailedError,),
        "no_right", "does not allow this client to read or write a topic{topic}",
    ),
    ((errors.GroupAuthorizationFailedError,), "no_right", "does not allow this client its consumer group"),
    ((errors.TransactionalIdAuthorizationFailed,), "no_right", "does not allow this client its transactional id"),
    ((errors.ClusterAuthorizationFailedError,), "no_right", "does not allow this client what it asked of the cluster"),
    (
        (errors.UnsupportedSaslMechanismError, errors.IllegalSaslStateError, errors.AuthenticationMethodNotSupported,
         errors.SecurityDisabled),
        "not_let_in", "wants another way of proving who we are",
    ),
    (
        (errors.ProducerFenced, errors.InvalidProducerEpoch, errors.TransactionCoordinatorFenced),
        "fenced", "has taken a newer producer for this partition",
    ),
    (
        (errors.InvalidProducerIdMapping, errors.UnknownProducerId),
        "id_expired", "does not know this producer any more",
    ),
    ((errors.ConcurrentTransactions,), "conflict", "still completes the transaction before"),
    (
        (errors.RebalanceInProgressError, errors.IllegalGenerationError, errors.UnknownMemberIdError,
         errors.CommitFailedError, errors.MemberIdRequired),
        "fenced", "is sharing the partitions out anew",
    ),
    (
        (errors.InvalidTransactionTimeout,),
        "not_allowed_there", "allows no transaction as long as ours (transaction.max.timeout.ms)",
    ),
    (
        (errors.InvalidSessionTimeoutError,),
        "not_allowed_there", "allows no group session as long as ours (group.min and group.max.session.timeout.ms)",
    ),
    (
        (errors.InvalidReplicationFactorError,),
        "not_allowed_there", "has fewer brokers than copies were asked for",
    ),
    ((errors.PolicyViolationError, errors.InvalidConfigurationError), "not_allowed_there", "has a policy against it"),
    (
        (errors.UnsupportedVersionError, errors.UnrecognizedBrokerVersion, errors.IncompatibleBrokerVersion),
        "not_allowed_there", "is of a version that does not know what we ask",
    ),
    ((errors.QuotaViolationError,), "throttled", "holds this client to a quota"),
    ((errors.KafkaStorageError, errors.LogDirNotFound), "full", "cannot write to its disk"),
    ((errors.CorruptRecordException,), "server_fault", "holds a damaged record"),
    ((errors.OffsetOutOfRangeError,), "server_fault", "does not have the records from our position on"),
)  # fmt: skip

_LOGIN: Final = (
    "put the right ones into ONWARD_KAFKA_SASL_USERNAME and ONWARD_KAFKA_SASL_PASSWORD, or get another token"
)
_CLOSED: Final = "look at its log; a listener that wants TLS or a login closes plain connections, as anything else does"


def recognise(error: BaseException) -> ServerTrouble | None:
    """What *error* says of Kafka; None if it is not one of the client library's."""
    if not isinstance(error, KafkaError):
        return None
    code = type(error).__name__
    if isinstance(error, errors.SaslAuthenticationFailed | errors.AuthenticationFailedError):
        return ServerTrouble("Kafka", "wrong_password", "does not accept user and password", code, remedy=_LOGIN)
    if isinstance(error, errors.KafkaConnectionError) and str(error).endswith("closed"):
        return ServerTrouble("Kafka", "lost", "closed the connection", code, remedy=_CLOSED)
    for classes, kind, why in _KINDS:
        if isinstance(error, classes):
            filled = why.format(topic=_quoted(getattr(error, "topic", "")), size=_sized(getattr(error, "size", 0)))
            return ServerTrouble("Kafka", kind, filled, code)
    return ServerTrouble("Kafka", "server_fault", "failed at what we asked", code)


def _quoted(topic: str) -> str:
    return f" `{topic}`" if topic else ""


def _sized(size: int) -> str:
    return f": {size:,} bytes in one batch" if size else ""
