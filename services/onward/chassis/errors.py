"""What can go wrong with a service as a whole; each says who can mend it and how."""


class ChassisError(Exception):
    """A service cannot start or cannot go on."""


class ConfigurationError(ChassisError):
    """The service is declared or configured in a way that cannot work."""


class TopicsMissingError(ChassisError):
    """Topics that the service reads or writes do not exist."""


class DatabaseBehindError(ChassisError):
    """The database is older than the topics: it was restored from a backup, or is another database."""


class PositionLostError(ChassisError):
    """Where the service stood in a topic is not known, or the topic no longer has it; a person must decide."""


class FailureLimitError(ChassisError):
    """Too many records in a row could not be handled: the fault is ours, not the records'."""


class NotWorkingError(ChassisError):
    """What is assigned to the process is not worked on, for a reason that it cannot mend itself."""


class FencedError(ChassisError):
    """Another process has taken over the partition."""


class SealBrokenError(ChassisError):
    """Sealed bytes do not open: another key sealed them, or they were changed."""


class SecretsDifferError(ChassisError):
    """A secret of this process is not the one that its installation was made with."""


class TopicMismatchError(ChassisError):
    """A topic exists already, in another shape than it should have."""

    def __init__(self, topic: str, *, wanted: int, found: int) -> None:
        super().__init__(
            f"topic `{topic}` has {found} partitions, and its file says {wanted}. Keys would change their partition: "
            "see docs/operations.md on adding partitions, or mend its file under schemas/topics/"
        )


class TopicCreationError(ChassisError):
    """The broker refused to create a topic."""

    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"topic `{topic}` cannot be created: {reason}. Mend its file under schemas/topics/")
