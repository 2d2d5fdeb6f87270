"""The session: what the bot keeps of a conversation between two messages.

The callback loads it together with the claim on the message, in one round trip (`bot/webhook/idempotency.py`). It
stores the session after the answer.
"""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from pydantic_core import from_json, to_json

SESSION_SECONDS = 30 * 60
_ASKED_KEPT = 200
"""Characters of the last question."""


@dataclass(slots=True)
class Session:
    """Stored in Redis as JSON for 30 minutes, under a keyed hash of the openid. It never contains an openid.

    Attributes:
        listing: clause ids of the list last shown, best first, for 下一页 and 上一页.
        notes: the line under each clause of the list, or [].
        groups: headings inside the list, as (position of the first clause, heading).
        page: the page of the list that was shown last, from 0.
        heading: the heading of the list, repeated on each page.
        intent: the intent that the list answered.
        pending: the parts of a long reply that have not been sent yet.
        dialogue: the name of the current dialogue, or "".
        step: data of the current dialogue.
        asked: the last question that was answered from the library, for 没用.
        unread: the count of unread alerts that this conversation has already mentioned.
        clause: the clause last shown in full. 0: none, or a list was shown after it.
        before: the clause shown before that one.
        named: the clauses that the last answer named, in the order of their places, for 第二个.
        office: the department whose clauses were listed last.
        area: the intent of the last command, if its area has a last resort (`table.LAST_RESORTS`); "" after an answer
            from the library.
        missed: how many questions in a row got no answer.
        left_topics: topics left by 全部退订, each with its words, so that it can be undone.
        talk: the last things typed, oldest first, for the operator who takes over.
        act: the last act, for 撤销 (`last_act`).
        offers: the texts that the last answer offered to tap, in order, if they are not clauses.
        seen: the clauses shown one after another since the last list, the newest first.
        case: what was typed about the clause in focus, the newest line first.
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
    clause: int = 0
    before: int = 0
    named: list[int] = field(default_factory=list)
    office: str = ""
    area: str = ""
    missed: int = 0
    talk: list[str] = field(default_factory=list)
    left_topics: list[tuple[str, str]] = field(default_factory=list)
    act: dict[str, Any] = field(default_factory=dict)
    offers: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    case: str = ""

    @classmethod
    def from_json(cls, raw: bytes | None) -> "Session":
        """Read a stored session. A missing or unreadable one gives an empty session; unknown fields are ignored."""
        if not raw:
            return cls()
        session = cls()
        try:
            for name, value in from_json(raw).items():
                if name in _FIELDS:
                    setattr(session, name, value)
        except (ValueError, TypeError, AttributeError):
            return cls()
        return session

    def to_json(self) -> bytes:
        """Return the session as JSON, without empty fields."""
        return to_json({name: value for name, value in zip(_NAMES, _VALUES(self), strict=True) if value})

    def keep_question(self, text: str) -> None:
        """Keep the beginning of a question as the last one."""
        self.asked = text[:_ASKED_KEPT]

    def forget(self) -> None:
        """Forget everything: the person was erased."""
        empty = Session()
        for name in _NAMES:
            setattr(self, name, getattr(empty, name))

    def leave_dialogue(self) -> None:
        """End the current dialogue."""
        self.dialogue = ""
        self.step = {}

    def clear_screen(self) -> None:
        """Forget the list and the long reply that 下一页 would continue."""
        self.listing, self.notes, self.groups, self.pending = [], [], [], []
        self.page, self.heading, self.intent = 0, "", ""


_NAMES: tuple[str, ...] = tuple(one.name for one in fields(Session))
_FIELDS = frozenset(_NAMES)
_VALUES = attrgetter(*_NAMES)
