"""Where a partition's reader stands, and where it should: decided from what Kafka, the database and the outputs say."""

from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from onward.chassis.processing.positions import Continue, Extent, Lost, NewestOutput, Reason, Verdict, decide, explain


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database says of a shard."""

    next_offset: int
    next_sequence: int
    """How many messages its outbox ever held."""
    published: int
    """How many of them are in the topics, as far as the database knows."""
    newest: NewestOutput | None = None


@dataclass(frozen=True, slots=True)
class PartitionPosition:
    """What is known of one partition and its reader."""

    group: str
    partition: TopicPartition
    extent: Extent
    committed: int | None
    """The offset in Kafka. Of a service that keeps state it only informs: the database's counts."""
    keeps_state: bool = False
    kept: Kept | None = None
    noted: int | None = None
    """How many messages of the outbox are in the topics, as Kafka notes it."""
    named: int | None = None
    """The newest record still in the log that an output names as its cause, where outputs were read."""

    @property
    def place(self) -> str:
        """Such as `deliveries/0`."""
        return f"{self.partition.topic}/{self.partition.partition}"

    @property
    def position(self) -> int | None:
        """The first record that it has not handled."""
        if self.kept is not None:
            return self.kept.next_offset
        return self.committed

    @property
    def verdict(self) -> Verdict:
        """What its service does when it takes the partition."""
        return decide(self.position, self.extent, newest=self.kept.newest if self.kept else None)

    @property
    def behind(self) -> int | None:
        """Records, and transaction marks, that it has not handled; None where nobody knows."""
        verdict = self.verdict
        return self.extent.end - verdict.offset if not isinstance(verdict, Lost) else None

    @property
    def repeats(self) -> int:
        """Messages that were sent and of which the database knows nothing: handled again, they go out again."""
        held = self.kept.next_sequence if self.kept else 0
        return max(0, (self.noted or 0) - held)

    @property
    def gone(self) -> int:
        """Messages that the database knows were sent and that these topics never held: they are an older copy."""
        return max(0, self.kept.published - self.noted) if self.kept and self.noted is not None else 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a service cannot, or must not, go on from where it stands."""

    words: str
    needs_repeats: bool = False
    """Going on sends messages again."""


def fault(standing: PartitionPosition) -> Fault | None:
    """What is wrong with *standing*; None if its service can go on."""
    if standing.keeps_state:
        return _fault_of_state(standing)
    verdict = standing.verdict
    if isinstance(verdict, Lost):
        return Fault(explain(standing.place, verdict))
    named = standing.named
    if named is not None and verdict.offset <= named:
        return Fault(
            f"the position in {standing.place} is {verdict.offset}, but outputs name record {named}: its offsets are "
            "older than the topics, and what was sent would be sent again"
        )
    return None


def _fault_of_state(standing: PartitionPosition) -> Fault | None:
    if standing.repeats:
        held = standing.kept.next_sequence if standing.kept else 0
        return Fault(
            f"the database is older than the topics: of {standing.place}, {standing.noted} messages were published, "
            f"it holds {held}",
            needs_repeats=True,
        )
    if standing.kept is None and standing.committed:
        words = f"the database knows nothing of {standing.place}, of which {standing.committed} records were handled"
        return Fault(words, needs_repeats=standing.named is not None)
    verdict = standing.verdict
    return Fault(explain(standing.place, verdict)) if isinstance(verdict, Lost) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a reader goes on."""

    standing: PartitionPosition
    fault: Fault
    offset: int

    @property
    def left(self) -> int:
        """Records, and transaction marks, that will be handled."""
        return self.standing.extent.end - self.offset

    @property
    def again(self) -> int:
        """At most how many of them were handled before."""
        position = self.standing.position
        verdict = self.standing.verdict
        known = not isinstance(verdict, Lost) or verdict.reason is Reason.BEFORE_THE_BEGINNING
        return max(0, position - self.offset) if known and position is not None else 0

    @property
    def removed_unread(self) -> int:
        """Records that are gone from the log and that nobody read."""
        verdict = self.standing.verdict
        return verdict.removed_unread if isinstance(verdict, Lost) else 0


def plan(standing: PartitionPosition) -> Plan | None:
    """
    Where to go on from *standing*: just after the newest record that an output names, or at the beginning.

    A service that keeps state goes on from where its database stands, if the log has that. None if nothing is wrong.
    """
    found = fault(standing)
    if found is None:
        return None
    if standing.kept is not None and isinstance(standing.verdict, Continue):
        return Plan(standing, found, standing.kept.next_offset)
    # A database that knows nothing of the partition must see all of it: its state is what the records made.
    state_is_gone = standing.keeps_state and standing.kept is None
    named = None if state_is_gone else standing.named
    return Plan(standing, found, standing.extent.begin if named is None else named + 1)
