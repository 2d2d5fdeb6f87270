"""Structured logs (structlog): JSON lines on stderr with the id of the request, without secrets."""

import logging
import re
import sys
from collections.abc import Iterable
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_TOKEN_IN_URL = re.compile(r"(access_token|secret|appsecret|ticket|password|[?&]key)=[^&\s\"']+")

_PASSWORD_IN_URL = re.compile(r"(://[^\s:/@?#\"'<>]*:)[^\s/?#\"'<>]*@")
_SHORTEST_HIDDEN_ANYWHERE = 6
"""Characters; a shorter secret stands in other words too, and to hide it there spoils the log and gives it away."""
_PLAIN = (int, float, bool, type(None))


def without_passwords(text: str) -> str:
    """Return the text without passwords in addresses (`user:password@host`) and without tokens in queries."""
    return _TOKEN_IN_URL.sub(r"\1=***", _PASSWORD_IN_URL.sub(r"\1***@", text))


def _redactor(secrets: Iterable[str]) -> Processor:
    # The longest first, because one secret may be a part of another. In an address a secret may be percent-encoded.
    secrets = frozenset(one for one in secrets if one)
    known = sorted(
        {
            form
            for one in secrets
            if len(one) >= _SHORTEST_HIDDEN_ANYWHERE
            for form in (one, quote(one, safe=""))
        },
        key=len,
        reverse=True,
    )

    def clean(value: object) -> object:
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, dict):
            return {clean(name): clean(inner) for name, inner in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [clean(inner) for inner in value]
        text = without_passwords(value if isinstance(value, str) else repr(value))
        if text in secrets:
            return "***"
        for secret in known:
            text = text.replace(secret, "***")
        return text

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: value if name.startswith("_") else clean(value) for name, value in event.items()}

    return redact


def set_up_logs(level: str, secrets: Iterable[str] = ()) -> None:
    """Write the logs of this process and of its libraries to stderr.

    Args:
        level: the lowest level that is written.
        secrets: values that are replaced by *** in every line.
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
    # Our jobs log their own failures. The executor would only add a stack when a stop cancels one.
    logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)
    for chatty in ("aiosqlite", "apscheduler", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
