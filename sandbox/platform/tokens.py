"""Access tokens as the platform hands them out: the stable kind and the legacy one, apart from each other."""

import random
import string
from collections.abc import Callable

from sandbox.platform.account import SandboxAccount
from sandbox.platform.errors import ApiError

LIFETIME = 7200.0
OVERLAP = 300.0
"""A replaced token lives this many seconds longer; the stable kind renews itself within them."""
FORCE_APART = 30.0
FORCES_A_DAY = 20
_ALPHABET = string.ascii_letters + string.digits + "-_"


class TokenRegistry:
    """Which tokens are good until when (docs/wechat.md §7.1); times in seconds of `now`."""

    def __init__(self, account: SandboxAccount, now: Callable[[], float], rng: random.Random) -> None:
        self._account = account
        self._now = now
        self._rng = rng
        self._until: dict[str, float] = {}
        self._stable = ""
        self._legacy = ""
        self._forced_at: list[float] = []
        self.fetched = 0

    def stable(self, app_id: str, secret: str, *, force: bool = False) -> tuple[str, int]:
        """Return the stable token and the seconds it has left.

        `force` makes a new one and ends the previous one at once. Under 30 s apart, or over 20 a day, it refreshes
        nothing.

        Raises:
            ApiError: 40013, 40125, 41002, 41004.
        """
        self._check_secret(app_id, secret)
        self.fetched += 1
        now = self._now()
        if force and self._may_force(now):
            self._forced_at.append(now)
            self._until.pop(self._stable, None)
            self._stable = self._issue(now)
        elif self._until.get(self._stable, 0) - now <= OVERLAP:
            self._stable = self._issue(now)
        return self._stable, int(self._until[self._stable] - now)

    def legacy(self, app_id: str, secret: str) -> tuple[str, int]:
        """Make a new legacy token. The one before it lives five minutes longer.

        Raises:
            ApiError: 40013, 40125, 41002, 41004.
        """
        self._check_secret(app_id, secret)
        self.fetched += 1
        now = self._now()
        if self._legacy in self._until:
            self._until[self._legacy] = min(self._until[self._legacy], now + OVERLAP)
        self._legacy = self._issue(now)
        return self._legacy, int(LIFETIME)

    def check(self, token: str) -> None:
        """Let a good token pass.

        Raises:
            ApiError: 41001 none, 40014 malformed, 40001 unknown or thrown out, 42001 expired.
        """
        until = self._until.get(token)
        if until is None:
            if not token:
                raise ApiError(41001)
            raise ApiError(40001 if len(token) >= 32 and token.isascii() else 40014)
        if until <= self._now():
            raise ApiError(42001)

    def throw_out(self) -> None:
        """End every token now, behind the bot's back."""
        self._until.clear()

    def _issue(self, now: float) -> str:
        token = "".join(self._rng.choices(_ALPHABET, k=136))
        self._until = {known: until for known, until in self._until.items() if until > now - LIFETIME}
        self._until[token] = now + LIFETIME
        return token

    def _may_force(self, now: float) -> bool:
        self._forced_at = [at for at in self._forced_at if at > now - 86400]
        return len(self._forced_at) < FORCES_A_DAY and (
            not self._forced_at or now - self._forced_at[-1] >= FORCE_APART
        )

    def _check_secret(self, app_id: str, secret: str) -> None:
        if not app_id:
            raise ApiError(41002)
        if not secret:
            raise ApiError(41004)
        if app_id != self._account.credentials.app_id:
            raise ApiError(40013)
        if secret != self._account.credentials.app_secret:
            raise ApiError(40125)
