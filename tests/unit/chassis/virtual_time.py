"""An event loop whose time passes at once: minutes of waiting take no time, and always in the same order."""

import asyncio
import selectors
from collections.abc import Mapping


class _Selector(selectors.SelectSelector):
    """Never waits: says how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen: every task waits for another")
        self.now += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Collects what nobody observed in `unobserved`."""

    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)
        self.unobserved: list[Mapping[str, object]] = []
        self.set_exception_handler(lambda _loop, context: self.unobserved.append(context))

    def time(self) -> float:
        return self._clock.now

    def pass_by(self, seconds: float) -> None:
        """Let so much time pass, with everything that happens in it."""
        self.run_until_complete(asyncio.sleep(seconds))
