"""For how long the oldest unhandled record of a partition waits, from what was seen of the partition's end."""

from collections.abc import Iterable

_MOST = 240


class EndOffsets:
    """
    When a partition ended where.

    The record at a group's position was appended after the last moment at which the partition ended there or before.
    So nothing of the record itself has to be read, and what nobody holds waits like everything else.
    """

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def saw(self, at: float, end: int) -> None:
        """At *at*, in seconds, the partition's next record would have been the one with offset *end*."""
        if self._seen and end < self._seen[-1][1]:
            self._seen.clear()  # it was made anew
        if self._seen and end == self._seen[-1][1]:
            self._seen[-1] = (at, end)
            return
        self._seen.append((at, end))
        if len(self._seen) > _MOST:
            # Coarser where it is older; never later than it was.
            self._seen[: _MOST // 2] = self._seen[: _MOST // 2 : 2]

    def learned(self, past: Iterable[tuple[float, int]]) -> None:
        """As `saw`, of moments before the first that was seen."""
        self._seen[:0] = sorted(past)

    def since(self, position: int) -> float | None:
        """The record at *position* was appended after this moment; None if it was there before anybody looked."""
        while len(self._seen) > 1 and self._seen[1][1] <= position:
            del self._seen[0]
        if self._seen and self._seen[0][1] <= position:
            return self._seen[0][0]
        return None
