"""The shapes of what people can say: a command, a dialogue, an event, an intent, a postscript.

A new command is a handler in a file of its own, a row in that file's `COMMANDS`, and the file's
name in `handlers/table.py`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from policies.search.decision import Decision
from wechat.push.messages import Inbound


@dataclass(frozen=True, slots=True)
class Turn:
    """One message under way.

    Attributes:
        text: what was typed, normalised (NFKC, simplified characters, trimmed), "" for events.
        rest: what stands behind a command's word (订阅 海水淡化 → 海水淡化).
        session: to be changed in place; the callback stores it.
    """

    inbound: Inbound
    session: Session
    text: str = ""
    rest: str = ""


Handler = Callable[[Turn, Context], Awaitable[Answer]]
DialogueHandler = Callable[[Turn, Context], Awaitable[Answer | None]]
IntentHandler = Callable[[Decision, str, Edition], Answer]
"""Composes the answer to a text from its reading; it is kept for whoever types the same."""
Postscript = Callable[[Turn, Context, Answer], Awaitable[str]]
"""A line to stand under an answer that was going out anyway (您有 2 条未读提醒), or "".

It runs for each text reply to a message a person sent: it must be cheap where it has nothing to say.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command people type or tap.

    Attributes:
        name: the intent's name in logs, metrics and `policybot ask`.
        words: what is typed, whole (我的订阅); compared without case, spaces and marks around it.
        prefixes: words that take something behind them (订阅 海水淡化, 退订海水淡化); the longest wins.
        menu_key: the CLICK key of the custom menu that does the same (`handlers.framework.menu.Key`), or "".
    """

    name: str
    handle: Handler
    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    menu_key: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation over several messages; asked first while `session.dialogue` is its name.

    Its handler returns None for a message that is not meant for it: the message is answered as any
    other and the dialogue goes on. 取消 is handled by the router.
    """

    name: str
    handle: DialogueHandler


@dataclass(frozen=True, slots=True)
class EventHandler:
    """What an event (lower case) leads to: subscribe, unsubscribe, scan, templatesendjobfinish …

    All handlers of one event run, in the order of `handlers/table.py`; the texts they give are
    joined into one reply. A handler with nothing to say answers with `reply=None`.
    """

    event: str
    handle: Handler
