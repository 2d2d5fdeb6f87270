"""QR codes with a scene (带参数二维码, docs/wechat.md §6)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.platform.errors import ApiError

SECONDS_DEFAULT = 30
SECONDS_MAX = 2_592_000
_BY_NUMBER = {"QR_SCENE": (1, 2**32 - 1), "QR_LIMIT_SCENE": (1, 100_000)}
_BY_TEXT = {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code that the bot made. `until` is in unix seconds. None: the code is permanent."""

    ticket: str
    scene: str
    url: str
    until: float | None


class QrCodes:
    """Codes by ticket."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._codes: dict[str, QrCode] = {}

    def create(self, body: dict[str, Any]) -> tuple[QrCode, int | None]:
        """Make a code; the second value is the seconds it lives, None for good.

        Raises:
            ApiError: 40052 unknown action_name, 40053 a scene out of range.
        """
        action = body.get("action_name")
        if action not in _BY_NUMBER and action not in _BY_TEXT:
            raise ApiError(40052)
        scene = _scene(str(action), body.get("action_info"))
        lasting = "LIMIT" in str(action)
        seconds = None if lasting else _seconds(body.get("expire_seconds"))
        number = len(self._codes) + 1
        ticket = f"gQSANDBOX{number:010d}{int(self._now()):x}"
        until = None if seconds is None else self._now() + seconds
        code = QrCode(ticket, scene, f"http://weixin.qq.com/q/{ticket}", until)
        self._codes[ticket] = code
        return code, seconds

    def get(self, ticket: str) -> QrCode | None:
        """Return a code that still works."""
        code = self._codes.get(ticket)
        return code if code and (code.until is None or code.until > self._now()) else None

    def recent(self) -> list[QrCode]:
        """Return the newest eight codes that still work, newest first."""
        alive = [code for code in self._codes.values() if self.get(code.ticket)]
        return alive[:-9:-1]


def _seconds(given: object) -> int:
    if given is None:
        return SECONDS_DEFAULT
    if not isinstance(given, int) or given < 1:
        raise ApiError(40053)
    return min(given, SECONDS_MAX)


def _scene(action: str, info: object) -> str:
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise ApiError(40053)
    if action in _BY_TEXT:
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 1 <= len(text) <= 64:
            raise ApiError(40053)
        return text
    number = scene.get("scene_id")
    low, high = _BY_NUMBER[action]
    if not isinstance(number, int) or not low <= number <= high:
        raise ApiError(40053)
    return str(number)
