"""How long a dialogue waits for its answer: a quarter of an hour, told politely when it is over."""

from datetime import datetime, timedelta
from typing import Any

from handlers.framework.context import Context
from handlers.framework.registry import Turn

TIMEOUT = timedelta(minutes=15)
_UNTIL = "until"


def begin(turn: Turn, context: Context, dialogue: str, **step: Any) -> None:
    """Start a dialogue, in place of another that may be under way."""
    turn.session.dialogue = dialogue
    turn.session.step = {**step, _UNTIL: (context.clock() + TIMEOUT).isoformat()}


def is_expired(turn: Turn, context: Context) -> bool:
    """Whether the dialogue under way has waited too long."""
    until = turn.session.step.get(_UNTIL, "")
    try:
        return context.clock() >= datetime.fromisoformat(until)
    except (ValueError, TypeError):  # a session of an older version
        return True
