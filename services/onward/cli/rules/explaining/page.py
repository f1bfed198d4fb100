"""Text for a terminal: headings and indented lines, wrapped to its width, colours only where there is one."""

import textwrap
from collections.abc import Callable, Iterable

from onward.cli.printing import visible

Style = Callable[[str, str], str]
"""Colours a text as an `error`, a `warning` or something `good`."""

_STEP = "    "


class Page:
    """Collects lines."""

    def __init__(self, width: int, style: Style) -> None:
        self.lines: list[str] = []
        self._last_added = 0
        self._width = max(60, width)
        self._style = style

    def gap(self) -> None:
        """An empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def heading(self, word: str, text: str = "", tone: str = "") -> None:
        """A line at the margin that begins with *word*, in a colour if it has a tone."""
        self.text(f"{word}: {text}" if text else word, level=0)
        if tone:
            first = -1 - self._last_added
            self.lines[first] = self.lines[first].replace(word, self._style(word, tone), 1)

    def text(self, text: str, *, level: int = 1) -> None:
        """One text, indented by *level*; nothing for an empty one."""
        wrapped = textwrap.wrap(
            visible(text),
            self._width,
            initial_indent=_STEP * level,
            subsequent_indent=_STEP * level + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._last_added = max(0, len(wrapped) - 1)
        self.lines += wrapped

    def texts(self, texts: Iterable[str], *, level: int = 1) -> None:
        """Several texts, each on a line of its own."""
        for text in texts:
            self.text(text, level=level)
