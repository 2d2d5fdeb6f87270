"""Says 推送已停止 under each answer about the reader's reminders, while nothing is sent to them."""

from handlers.application_windows.open_now import OPEN_WINDOWS
from handlers.commands.my_subscriptions import MY_SUBSCRIPTIONS
from handlers.commands.reminders import MY_ALERTS, NOT_APPLIED
from handlers.commands.settings.preferences import PREFERENCES
from handlers.commands.settings.quieting import QUIET
from handlers.commands.subscribing import SUBSCRIBE
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Turn
from handlers.framework.taps import tap
from handlers.topics.following import FOLLOW
from subscriptions.members.preference_lines import pushing

_OF_REMINDERS = frozenset(
    {
        SUBSCRIBE,
        FOLLOW,
        MY_SUBSCRIPTIONS,
        PREFERENCES,
        QUIET,
        MY_ALERTS,
        NOT_APPLIED,
        OPEN_WINDOWS,
        "subscribe",
        "scan",
    }
)
"""Intents of answers that promise or set reminders. The last two are the events of a follow and a scanned code."""
_RESUME = tap("恢复推送")


async def paused_notice(turn: Turn, context: Context, answer: Answer) -> str:
    """Under an answer about reminders, say that sending is stopped or paused, and how to resume; "" if it is not."""
    is_told = _RESUME in answer.text or bool(answer.offers)  # a choice of ways promises nothing
    if answer.intent not in _OF_REMINDERS or "提醒" not in answer.text or is_told:
        return ""
    return await paused_line(turn, context)


async def paused_line(turn: Turn, context: Context) -> str:
    """Say that sending is stopped or paused for the writer; "" if it is not."""
    profile = await context.members.by_openid(turn.inbound.openid)
    state = pushing(profile.preferences, context.today()) if profile else ""
    return f"请留意：{state}，现在不会主动给您发提醒。{_RESUME}" if state else ""


POSTSCRIPTS = (paused_notice,)
