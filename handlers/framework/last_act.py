"""The last act of a conversation (a subscription, a cancellation, a setting). The session keeps it for 撤销.

Each message that changes something replaces it. All changes by one message are one act.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from handlers.framework.registry import Turn
from handlers.framework.taps import taps
from subscriptions.members.preferences import Digest, Preferences

UNDO = "撤销"
"""Undoes the last act."""
_BY, _ADDED, _REMOVED, _BEFORE, _WAY = "by", "added", "removed", "before", "way"


def note_subscribed(turn: Turn, ids: Iterable[str]) -> None:
    """Remember the ids of tracks and topics that the message newly subscribed to."""
    _note(turn, _ADDED, list(ids))


def note_unsubscribed(turn: Turn, gone: Iterable[tuple[str, str]]) -> None:
    """Remember the tracks and topics that the message left: each id, and the words if it is a question."""
    _note(turn, _REMOVED, [list(one) for one in gone])


def note_preferred(turn: Turn, before: Preferences, now: Preferences) -> None:
    """Remember the earlier values of the preferences that the message changed."""
    names = [one.name for one in fields(Preferences) if getattr(before, one.name) != getattr(now, one.name)]
    if names:
        _note(turn, _BEFORE, {name: _plain(getattr(before, name)) for name in names})


def note_other(turn: Turn, way: str) -> None:
    """Remember a command, offered as a tap, that undoes the last act."""
    _note(turn, _WAY, way)


def forget_other(turn: Turn, way: str) -> None:
    """Forget this command, so that 撤销 no longer offers it: the act was undone or is over."""
    if turn.session.act.get(_WAY) == way:
        turn.session.act = {}


def is_of(turn: Turn) -> bool:
    """Whether this message has changed something."""
    return bool(turn.session.act) and turn.session.act[_BY] == turn.inbound.message_id


def ways(turn: Turn) -> str:
    """Return the words to tap after a subscription. 撤销 is among them if this message has changed something."""
    return taps("我的订阅", "提醒设置", *((UNDO,) if is_of(turn) else ()))


def added(act: dict[str, Any]) -> list[str]:
    """Return the ids of tracks and topics that the act subscribed to."""
    return list(act.get(_ADDED, ()))


def removed(act: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the tracks and topics that the act left, each with its words."""
    return [(str(one), str(words)) for one, words in act.get(_REMOVED, ())]


def way(act: dict[str, Any]) -> str:
    """Return the command that undoes the act; "" if 撤销 itself can undo it."""
    return str(act.get(_WAY, ""))


def preferences_before(act: dict[str, Any], now: Preferences) -> Preferences | None:
    """Return the preferences with the changed values put back. Return None if the act changed none."""
    before = act.get(_BEFORE)
    if not before:
        return None
    kept = {one.name: getattr(now, one.name) for one in fields(Preferences)}
    return Preferences(**kept | {name: _read(name, value) for name, value in before.items()})


def _note(turn: Turn, what: str, value: Any) -> None:
    if not value:
        return
    act, by = turn.session.act, turn.inbound.message_id
    earlier = act if by and act.get(_BY) == by else {_BY: by}
    held = earlier.get(what)
    turn.session.act = earlier | {what: [*held, *value] if isinstance(held, list) else value}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def _read(name: str, value: Any) -> Any:
    if name == "digest":
        return Digest(value)
    if name == "paused_until":
        return None if value is None else date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
