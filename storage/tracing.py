"""Makes OpenTelemetry spans if traces are on; otherwise nothing. One setting for the whole process, like the log.

`bot.observability.tracing` starts it. No span holds an openid, a text that a person typed, or a token.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

_NOTHING: AbstractContextManager[Any] = nullcontext()
_tracer: Any = None


def use(tracer: Any) -> None:
    """Make spans with this OpenTelemetry tracer from now on. None: make no spans."""
    global _tracer  # noqa: PLW0603 - one for a process, as logging has one
    _tracer = tracer


def span(name: str, *, parent: object = None, **attributes: str | int) -> AbstractContextManager[Any]:
    """Return a span around a block; inside another one it belongs to that, or to `parent`, a value of `here` or `arrived`."""
    if _tracer is None:
        return _NOTHING
    found: AbstractContextManager[Any] = _tracer.start_as_current_span(
        name, context=parent, attributes=attributes
    )
    return found


def here() -> object:
    """Return the present span, for work that another task does for it; None without traces."""
    if _tracer is None:
        return None
    from opentelemetry.context import get_current  # noqa: PLC0415 - an extra

    return get_current()


def departing() -> dict[str, str]:
    """Return the present span as a message to another process carries it (W3C Trace Context); {} without traces."""
    carried: dict[str, str] = {}
    if _tracer is not None:
        from opentelemetry.propagate import inject  # noqa: PLC0415 - an extra

        inject(carried)
    return carried


def arrived(traceparent: str) -> object:
    """Return the span that a message from another process carried; None without traces or without such a span."""
    if _tracer is None or not traceparent:
        return None
    from opentelemetry.propagate import extract  # noqa: PLC0415 - an extra

    return extract({"traceparent": traceparent})
