"""The API's own count of what reached whom: once, again, or swallowed by its memory of ids."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MEMORY_SECONDS = 600.0
"""WeChat remembers a client_msg_id of one openid for ten minutes (docs/wechat.md §5.2)."""


@dataclass(slots=True)
class Deliveries:
    """What was handed to people, keyed by openid and the sender's id of the message.

    A customer-service message has no id of its own: its key is its content, so a second copy counts as a double.

    Attributes:
        memory_seconds: how long an id is remembered; a test scales it down.
        swallowed: for each repeat that was not delivered, the seconds since the first delivery.
        doubles: keys of what was delivered more than once, each time it happened.
    """

    memory_seconds: float = MEMORY_SECONDS
    swallowed: list[float] = field(default_factory=list)
    doubles: list[tuple[str, str]] = field(default_factory=list)
    by_way: Counter[str] = field(default_factory=Counter)
    _seen: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def remembered(self, openid: str, client_id: str, now: float) -> int | None:
        """Return the message id of this delivery, if the platform still remembers it."""
        if not client_id:
            return None
        seen = self._seen.get((openid, client_id))
        if seen is None or now - seen[0] >= self.memory_seconds:
            return None
        self.swallowed.append(now - seen[0])
        return seen[1]

    def record(self, way: str, openid: str, key: str, message_id: int, now: float) -> None:
        """Count one message that reached a person."""
        self.by_way[way] += 1
        if not key:
            return
        if (openid, key) in self._seen:
            self.doubles.append((openid, key))
        self._seen[openid, key] = (now, message_id)

    def delivered_to(self) -> set[str]:
        """Everyone whom something reached."""
        return {openid for openid, _ in self._seen}

    def delivered(self) -> list[tuple[str, str]]:
        """Return each openid and key that was delivered, at least once."""
        return list(self._seen)

    def summary(self) -> dict[str, Any]:
        """Return the figures for the control plane."""
        return {
            "delivered": len(self._seen),
            "by_way": dict(self.by_way),
            "doubles": len(self.doubles),
            "swallowed": len(self.swallowed),
            "oldest_swallowed_s": round(max(self.swallowed, default=0.0), 3),
        }

    def forget(self) -> None:
        """Begin to count anew."""
        self.swallowed.clear()
        self.doubles.clear()
        self.by_way.clear()
        self._seen.clear()
