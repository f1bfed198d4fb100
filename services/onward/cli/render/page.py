"""Text for a terminal: headings and indented lines, wrapped to its width, colours only where there is one."""

import textwrap
from collections.abc import Callable, Iterable

from onward.cli.render.output import visible

Style = Callable[[str, str], str]
"""Colours a text as an `error`, a `warning`, something `good`, a `note`, or what all else hangs on (`strong`)."""

_STEP, _HANGING = "    ", "  "


class Page:
    """Collects lines."""

    def __init__(self, width: int, style: Style, *, narrowest: int = 60, hanging: str = _HANGING) -> None:
        """
        An empty page.

        Args:
            width: Columns of the terminal.
            style: How a text gets its colour; without a terminal it gives the text back.
            narrowest: Columns that there are at least.
            hanging: Before every line but the first of a heading.
        """
        self.lines: list[str] = []
        self._last_added = 0
        self._width = max(narrowest, width)
        self._hanging = hanging
        self._style = style

    def gap(self) -> None:
        """An empty line, never two, and none at the top."""
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
            subsequent_indent=_STEP * level + _HANGING if level else self._hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._last_added = max(0, len(wrapped) - 1)
        self.lines += wrapped

    def texts(self, texts: Iterable[str], *, level: int = 1) -> None:
        """Several texts, each on a line of its own."""
        for text in texts:
            self.text(text, level=level)
