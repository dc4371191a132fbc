"""Logs: JSON lines on the standard output, each with the id of the request that it belongs to.

Nothing in them says what a query asked with: no text of a query, no variable, no header but the request's id.
"""

import logging
from typing import Any

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_TIMED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
)


def _rendered(fields: dict[str, Any], **_options: Any) -> str:
    first = {name: fields.pop(name) for name in ("timestamp", "level", "event") if name in fields}
    return orjson.dumps(first | fields, default=str).decode()


def json_lines() -> logging.Formatter:
    """What makes one line of JSON of a record, of our own loggers as well as of all others."""
    return ProcessorFormatter(
        foreign_pre_chain=(*_TIMED, structlog.stdlib.add_logger_name),
        processors=(
            ProcessorFormatter.remove_processors_meta,
            # A traceback as text names no local variable, unlike one as a structure.
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_rendered),
        ),
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines have fields beside their event, written by the handlers of `logging`."""
    made: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=(structlog.stdlib.filter_by_level, *_TIMED, ProcessorFormatter.wrap_for_formatter),
    )
    return made


def log_config(level: str) -> dict[str, Any]:
    """How `logging` writes in every process of the service, as `logging.config.dictConfig` takes it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "server.logs.json_lines"}},
        "handlers": {
            "output": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}
        },
        # Other libraries tell too much below warnings, uvicorn each request with the query in its address.
        "root": {"handlers": ["output"], "level": "ERROR" if level == "error" else "WARNING"},
        "loggers": {"server": {"level": level.upper()}},
    }
