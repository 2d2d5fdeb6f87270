"""The kinds of rows in the table of the conversation: command, dialogue, event, intent, postscript.

A new command is a module with a handler and a row in `COMMANDS`, and the module's name in `handlers/table.py`
(docs/adding.md).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from policies.search.decision import Decision
from wechat.push.messages import Inbound


@dataclass(frozen=True, slots=True)
class Turn:
    """One message that is being answered.

    Attributes:
        text: the typed text, normalised (NFKC, simplified characters, trimmed); "" for events.
        rest: what follows the command's word (订阅 养老服务 → 养老服务).
        lead: courtesies and second thoughts that stood before the text (不对，).
        session: handlers change it in place; the callback stores it.
    """

    inbound: Inbound
    session: Session
    text: str = ""
    rest: str = ""
    lead: str = ""

    def saying(self, text: str) -> "Turn":
        """Return a copy of the message with another text."""
        return replace(self, inbound=replace(self.inbound, text=text), text=text)


Handler = Callable[[Turn, Context], Awaitable[Answer]]
DialogueHandler = Callable[[Turn, Context], Awaitable[Answer | None]]
IntentHandler = Callable[[Decision, str, Edition], Answer]
"""Answers a text from the search's decision. The answer is cached for everybody who types the same text."""
Postscript = Callable[[Turn, Context, Answer], Awaitable[str]]
"""Adds a line under an answer (您有 2 条未读提醒), or nothing ("").

It runs for each answer to a message that a person sent, so it must be fast when it adds nothing.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that people type or tap.

    Attributes:
        name: the intent's name in logs, metrics and `policybot ask`.
        words: texts that are the command (我的订阅). Case, and spaces and marks around the text, are ignored.
        prefixes: words that something follows (订阅 养老服务, 退订养老服务). The longest prefix wins.
        menu_key: the CLICK key of the menu button that does the same (`handlers.framework.menu.Key`), or "".
        phrases: patterns of whole messages that mean the command in other words (`handlers.framework.phrases.whole`).
        at_end: its phrases also count as the last part of a message that says something else before (你说不清 给我转个人).
        tact: it answers anger. This counts beside courtesies too.
        courtesy: it answers a courtesy, not a request.
        small_talk: it answers what is said to whoever is there (who are you, when do you answer, how far is my application).
    """

    name: str
    handle: Handler
    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    menu_key: str = ""
    phrases: tuple[str, ...] = ()
    courtesy: bool = False
    tact: bool = False
    at_end: bool = False
    small_talk: bool = False

    @property
    def is_for_person(self) -> bool:
        """Whether it is meant for the awaited person, if there is one."""
        return self.courtesy or self.tact or self.small_talk


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation over several messages. While `session.dialogue` is its name, its handler is tried first.

    The handler returns None for a message that is not meant for the dialogue. That message is answered as usual,
    and the dialogue continues. The router handles 取消.

    Attributes:
        not_read: repeats what is awaited, if nothing else answers the message. If it returns None, the message is
            answered like any other.
    """

    name: str
    handle: DialogueHandler
    not_read: DialogueHandler | None = None


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text in people's own words that is neither a command nor a question to the library (我们公司能拿什么).

    Attributes:
        name: the intent's name in logs, metrics and `policybot ask`.
        reads: reads a text as it was typed. None means that the text is not for this row. It must be fast and never wait.
        is_sure: whether the text can mean nothing else. It is then answered before a follow-up is tried.
        handle: answers it; gets what `reads` returned.
        yields: whether a clause that the library is sure of goes first, if no clause is in focus.
    """

    name: str
    reads: Callable[[str, Context], object | None]
    is_sure: Callable[[Any], bool]
    handle: Callable[[Turn, Context, Any], Awaitable[Answer]]
    yields: Callable[[str], bool] = lambda _text: False


@dataclass(frozen=True, slots=True)
class EventHandler:
    """The handler of one event of WeChat, by the event's name in lower case (subscribe, scan, templatesendjobfinish …).

    All handlers of an event run, in the order of `handlers/table.py`. Their texts are joined into one reply. A
    handler that says nothing returns an answer with `reply=None`.
    """

    event: str
    handle: Handler
