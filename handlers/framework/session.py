"""What a conversation remembers between messages: the page of a list, a dialogue's place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SESSION_SECONDS = 30 * 60
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Session:
    """Kept in Redis under a keyed hash of the openid, for 30 minutes; JSON, and never an openid inside.

    Attributes:
        listing: ids of the list last shown, best first; 下一页 and 上一页 turn it.
        notes: a line under each clause of the list (an amount's quote), or [].
        groups: where a heading stands in the list: (position, heading).
        page: which page of the list, or which part of a long text, was shown, from 0.
        heading: the list's heading, shown again on each page.
        intent: the intent that the list or the long text answered.
        pending: the parts of a long reply, all of them; [] where the last reply was short.
        dialogue: the name of the dialogue under way, or "".
        step: the dialogue's own notes.
        asked: the last question that was answered from the compendium, for 没用.
        unread: how many unread alerts the person has been told of in this conversation.
    """

    listing: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=list)
    page: int = 0
    heading: str = ""
    intent: str = ""
    pending: list[str] = field(default_factory=list)
    dialogue: str = ""
    step: dict[str, Any] = field(default_factory=dict)
    asked: str = ""
    unread: int = 0

    @classmethod
    def from_json(cls, raw: bytes | None) -> "Session":
        """The session as stored; a missing, broken or older one is an empty one."""
        if not raw:
            return cls()
        session = cls()
        try:
            stored: Mapping[str, Any] = json.loads(raw)
            for name in stored:
                if name in cls.__slots__:
                    setattr(session, name, stored[name])
        except (ValueError, TypeError):
            return cls()
        return session

    def to_json(self) -> bytes:
        """The session for storing; fields at their defaults are left out."""
        kept = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return _TO_JSON(kept).encode()

    def leave_dialogue(self) -> None:
        """End the dialogue under way."""
        self.dialogue = ""
        self.step = {}

    def clear_screen(self) -> None:
        """Forget the list or long text that 下一页 would turn."""
        self.listing, self.notes, self.groups, self.pending = [], [], [], []
        self.page, self.heading, self.intent = 0, "", ""
