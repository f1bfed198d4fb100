"""
Logs: one JSON object a line on standard output, with an allow-list of keys and no value of any record.

Everything passes one chain, other people's libraries too: of theirs, only the two whose texts we know keep the text.
Repeated warnings are thinned out, so that an outage never floods the log.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from onward.chassis import clock

ALLOWED: Final = frozenset(
    {
        "timestamp", "level", "logger", "service", "event", "text", "suppressed", "task", "server",
        "error", "why", "frames", "caused_by",
        "topic", "topics", "partition", "offset", "records", "took_ms", "again_in_s",
        "published", "ignored", "parked", "reason", "pointer",
        "host", "port", "release", "group", "hops", "count", "seconds", "missing", "ready", "exit_code", "migration",
        "contact_id", "situation_id", "decision_id", "referral_id", "rule", "rule_ids", "rules", "directory",
        "provider", "source", "category", "channel", "status",
    }
)  # fmt: skip
"""The only keys that a log line may have. Names of things and our own opaque ids, never what a record holds."""

_KNOWN_LIBRARIES: Final = ("aiokafka", "faststream")
_LONGEST_TEXT: Final = 300
_WINDOW_SECONDS: Final = 10.0
_MOST_IN_WINDOW: Final = 3
"""Of one event of ours, and of all that one library says: an outage stays under one line a second."""
_FRAMES: Final = 12


def configure(service: str, level: str, stream: TextIO | None = None) -> None:
    """Send all logs of this process through the chain, to *stream* (standard output by default)."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.addFilter(_is_news)
    handler.addFilter(_Thinning())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _foreign],
            processors=[
                _held_back,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _reduce_exception,
                lambda _logger, _method, event: {"service": service, **event},
                _allow,
                structlog.processors.JSONRenderer(default=_kind),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries write keys and values at debug level: theirs stay at warnings whatever ours is set to.
    root.setLevel(logging.WARNING)
    for library in _KNOWN_LIBRARIES:
        # FastStream gives its own logger a handler.
        logging.getLogger(library).handlers = []
        logging.getLogger(library).propagate = True
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("onward").setLevel(level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=lambda *_: logging.getLogger("onward"),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Not what FastStream says at each start about a choice of ours: missing topics are waited for and named."""
    return not (record.name == "faststream" and str(record.msg).startswith("Auto create topics is disabled"))


class _Thinning(logging.Filter):
    """Lets a few of the same warning through in a while, and says with the next how many it held back."""

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[tuple[str, str], tuple[float, int, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "onward" and record.levelno < logging.WARNING:
            return True
        message: Any = record.msg
        library = record.name.partition(".")[0]
        key = (library, str(message.get("event")) if isinstance(message, dict) else "")
        began, passed, held_back = self._windows.get(key, (-_WINDOW_SECONDS, 0, 0))
        now = clock.monotonic()
        if now - began >= _WINDOW_SECONDS:
            self._windows[key] = (now, 1, 0)
            record.suppressed = held_back
            return True
        allowed = passed < _MOST_IN_WINDOW
        self._windows[key] = (began, passed + allowed, held_back + (not allowed))
        return allowed


def _foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its text only if we know that the library puts no record into it."""
    text = str(event.pop("event", ""))[:_LONGEST_TEXT]
    event["event"] = "library.message"
    event["timestamp"] = structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {})["timestamp"]
    if str(event.get("logger", "")).startswith(_KNOWN_LIBRARIES):
        event["text"] = text
    return event


def _held_back(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """How many of the same were not written since the last one."""
    if suppressed := getattr(event.get("_record"), "suppressed", 0):
        event["suppressed"] = suppressed
    return event


def _reduce_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception's type and where it came from; its text may hold what it was about."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = _name(error)
        event["frames"] = _frames(error)
        event["caused_by"] = [_name(cause) for cause in _causes(error)] or None
    return event


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__ or error.__context__
    for _ in range(5):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _allow(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: _short(value) for key, value in event.items() if key in ALLOWED and value is not None}


def _kind(value: object) -> str:
    return type(value).__name__


def _short(value: Any) -> Any:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value
