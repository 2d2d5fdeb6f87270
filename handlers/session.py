"""What a conversation remembers between messages: the page of a list, a dialogue's place."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SESSION_SECONDS = 30 * 60


@dataclass(slots=True)
class Session:
    """Kept in Redis under a keyed hash of the openid, for 30 minutes; JSON, and never an openid inside.

    Attributes:
        listing: ids of the list last shown, best first; a number picks from it.
        page: which page of it was shown, from 0.
        heading: the list's heading, shown again on each page.
        dialogue: the name of the dialogue under way, or "".
        step: the dialogue's own notes.
        pending: parts of a long reply not yet shown.
    """

    listing: list[int] = field(default_factory=list)
    page: int = 0
    heading: str = ""
    dialogue: str = ""
    step: dict[str, Any] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    @classmethod
    def from_json(cls, raw: bytes | None) -> "Session":
        """The session as stored; a missing, broken or older one is an empty one."""
        if not raw:
            return cls()
        try:
            stored: Mapping[str, Any] = json.loads(raw)
            return cls(**{name: stored[name] for name in cls.__slots__ if name in stored})
        except (ValueError, TypeError):
            return cls()

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    def leave_dialogue(self) -> None:
        """End the dialogue under way."""
        self.dialogue = ""
        self.step = {}
