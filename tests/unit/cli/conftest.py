"""Commands and analyses on the project's own rules."""

from unit.read_once import rules_read_once

__all__ = ["rules_read_once"]
