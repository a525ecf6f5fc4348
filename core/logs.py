"""The log: lines of JSON with allow-listed keys only, so that nothing about a person ends up in it by accident."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "kind",
        "file",
        "line",
        "route",
        "task",
        "tenant",
        "count",
        "seconds",
        "account",  # the number of whoever was refused something, as the audit trail has it; never of who was let in
        "request",  # a number made for each request, by which its lines are found together
        "method",
        "status",
        "door",
        "outcome",
        "waiting_for",
    }
)


def only_known_keys(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list; a message of a library is kept to its first words' place only."""
    return {key: value for key, value in line.items() if key in KEYS}


class Plain(logging.Handler):
    """Turns a line of a library into one of ours: where it came from and what kind of fault, not what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the origin of a record; its text stays out, for libraries put values into it."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().log(
            record.levelno, "library", logger=record.name, kind=kind, file=record.filename, line=record.lineno
        )


def configure(level: str) -> None:
    """Set the log up for this process; `level` is a name such as INFO."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            only_known_keys,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[Plain()], level=logging.WARNING, force=True)
