"""Structured logs: JSON lines on stderr, with the request's id, and never a secret."""

import logging
import re
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_TOKEN_IN_URL = re.compile(r"(access_token|secret|appsecret|ticket)=[^&\s\"']+")


def _redactor(secrets: Iterable[str]) -> Processor:
    known = tuple(secret for secret in secrets if secret)

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for name, value in event.items():
            if isinstance(value, str):
                clean = _TOKEN_IN_URL.sub(r"\1=***", value)
                for secret in known:
                    clean = clean.replace(secret, "***")
                event[name] = clean
        return event

    return redact


def set_up_logs(level: str, secrets: Iterable[str] = ()) -> None:
    """Send the process's logs, the libraries' too, to stderr.

    Args:
        level: the least level that is written.
        secrets: values that must never stand in a line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redactor(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
    )
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer()

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("aiosqlite", "apscheduler", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
