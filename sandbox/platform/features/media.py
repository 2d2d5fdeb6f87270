"""Temporary media: kept three days (docs/wechat.md §5.5)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.platform.errors import ApiError

KEPT_SECONDS = 3 * 86400.0
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}


@dataclass(frozen=True, slots=True)
class Medium:
    kind: str
    content_type: str
    content: bytes
    created_at: float


class MediaShelf:
    """What the bot uploaded, by media id."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept: dict[str, Medium] = {}

    def add(self, kind: str, content_type: str, content: bytes) -> tuple[str, Medium]:
        """Keep a file.

        Raises:
            ApiError: 40004 unknown kind, 41005 empty, 40006 too large.
        """
        if kind not in LIMITS:
            raise ApiError(40004)
        if not content:
            raise ApiError(41005)
        if len(content) > LIMITS[kind]:
            raise ApiError(40006)
        medium = Medium(kind, content_type, content, self._now())
        media_id = f"SANDBOX_{hashlib.sha256(content).hexdigest()[:40]}_{len(self._kept)}"
        self._kept[media_id] = medium
        return media_id, medium

    def get(self, media_id: str) -> Medium:
        """Return a file that is still kept.

        Raises:
            ApiError: 40007.
        """
        if not self.known(media_id):
            raise ApiError(40007)
        return self._kept[media_id]

    def known(self, media_id: str) -> bool:
        medium = self._kept.get(media_id)
        return medium is not None and medium.created_at + KEPT_SECONDS > self._now()
