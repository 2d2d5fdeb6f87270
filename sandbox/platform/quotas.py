"""How many times each API may be called in a day and in a minute. Days end at midnight in Beijing."""

from collections.abc import Callable, Mapping

from sandbox.platform.errors import ApiError

DAILY: Mapping[str, int] = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/subscribe/bizsend": 100_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/media/upload": 100_000,
}
"""Calls a day of a verified account (docs/wechat.md §7.3, the older table)."""
CLEARS_A_MONTH = 10
_BEIJING = 8 * 3600


class Quotas:
    """Counts calls. `now` is the sandbox's date in unix seconds: setting another date begins a new day."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.daily: dict[str, int | None] = dict(DAILY)
        self.per_minute: dict[str, int] = {}
        self._day = 0
        self._used: dict[str, int] = {}
        self._minute = 0
        self._used_minute: dict[str, int] = {}
        self._cleared: list[float] = []

    def take(self, path: str) -> None:
        """Count one call.

        Raises:
            ApiError: 45009 the day's quota, 45011 the minute's.
        """
        now = self._now()
        if self.per_minute:
            self._take_of_minute(path, int(now // 60))
        day = int((now + _BEIJING) // 86400)
        if day != self._day:
            self._day, self._used = day, {}
        used = self._used.get(path, 0)
        limit = self.daily.get(path)
        if limit is not None and used >= limit:
            raise ApiError(45009)
        self._used[path] = used + 1

    def _take_of_minute(self, path: str, minute: int) -> None:
        if minute != self._minute:
            self._minute, self._used_minute = minute, {}
        used = self._used_minute.get(path, 0)
        if path in self.per_minute and used >= self.per_minute[path]:
            raise ApiError(45011)
        self._used_minute[path] = used + 1

    def clear(self) -> None:
        """`clear_quota`: the day begins anew, ten times a month.

        Raises:
            ApiError: 48006.
        """
        now = self._now()
        self._cleared = [at for at in self._cleared if at > now - 30 * 86400]
        if len(self._cleared) >= CLEARS_A_MONTH:
            raise ApiError(48006)
        self._cleared.append(now)
        self._used = {}

    def of(self, path: str) -> dict[str, int]:
        """`openapi/quota/get`.

        Raises:
            ApiError: 76021.
        """
        limit = self.daily.get(path)
        if limit is None:
            raise ApiError(76021)
        today = int((self._now() + _BEIJING) // 86400)
        used = self._used.get(path, 0) if today == self._day else 0
        return {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
