"""The time-out of a dialogue: 15 minutes after its last step. Handlers then tell the person that it has ended."""

from datetime import datetime, timedelta
from typing import Any

from handlers.framework.context import Context
from handlers.framework.registry import Turn

TIMEOUT = timedelta(minutes=15)
_UNTIL = "until"


def begin(turn: Turn, context: Context, dialogue: str, **step: Any) -> None:
    """Start a dialogue, or its next step. Another dialogue of this session ends."""
    turn.session.dialogue = dialogue
    turn.session.step = {**step, _UNTIL: (context.clock() + TIMEOUT).isoformat()}


def is_expired(turn: Turn, context: Context) -> bool:
    """Whether the session's dialogue has passed its time-out."""
    until = turn.session.step.get(_UNTIL, "")
    try:
        return context.clock() >= datetime.fromisoformat(until)
    except (ValueError, TypeError):  # a session of an older version
        return True
