"""What each person on the desk sees in their chat, and who is watching it."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

KEPT = 200
Listener = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing in a chat.

    Attributes:
        side: `person` what they sent, `account` what came from the bot, `note` a grey line between.
        kind: text, voice, image, news, menu, template, notification, event, fault.
        raw: the messages behind it, each with a heading (推送, 明文 …), for who wants to see the XML.
    """

    number: int
    openid: str
    side: Literal["person", "account", "note"]
    kind: str
    content: dict[str, Any]
    at: float
    raw: tuple[tuple[str, str], ...] = ()


class Conversations:
    """The chats of the people on the desk; everyone else's are not kept."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._chats: dict[str, deque[Bubble]] = {}
        self._listeners: list[Listener] = []
        self._number = 0

    def open(self, openid: str) -> None:
        """Keep this person's chat from now on."""
        self._chats.setdefault(openid, deque(maxlen=KEPT))

    def is_open(self, openid: str) -> bool:
        return openid in self._chats

    def add(
        self,
        openid: str,
        side: Literal["person", "account", "note"],
        kind: str,
        content: dict[str, Any],
        raw: tuple[tuple[str, str], ...] = (),
    ) -> int:
        """Show one more thing in a chat to all who watch. Return its number, or 0 if the chat is not kept."""
        chat = self._chats.get(openid)
        if chat is None:
            return 0
        self._number += 1
        bubble = Bubble(self._number, openid, side, kind, content, self._now(), raw)
        chat.append(bubble)
        self.tell("bubble", asdict(bubble))
        return bubble.number

    def attach(self, openid: str, number: int, raw: tuple[tuple[str, str], ...]) -> None:
        """Put the messages behind a bubble to it, once they are known."""
        chat = self._chats.get(openid, deque())
        for place, bubble in enumerate(chat):
            if bubble.number == number:
                chat[place] = replace(bubble, raw=raw)
                self.tell("raw", {"number": number, "raw": raw})

    def shown(self) -> list[dict[str, Any]]:
        """Return every bubble of every chat, oldest first."""
        bubbles = [bubble for chat in self._chats.values() for bubble in chat]
        return [asdict(bubble) for bubble in sorted(bubbles, key=lambda bubble: bubble.number)]

    def clear(self, openid: str) -> None:
        """Empty one chat."""
        if openid in self._chats:
            self._chats[openid].clear()
            self.tell("cleared", {"openid": openid})

    def tell(self, what: str, content: dict[str, Any]) -> None:
        """Pass something on to all who watch."""
        for listener in list(self._listeners):
            listener(what, content)

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called with each change; gives the way to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
