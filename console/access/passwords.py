"""Passwords as argon2id hashes, made and compared off the event loop, a few at once."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from console.access.errors import OperatorError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
_PARALLEL = 2
"""One comparison takes a core for 50 ms, and 64 MB. Strangers must not occupy every core."""
_WAITING = 32
_T = TypeVar("_T")


def _is_a_row(password: str) -> bool:
    """Whether the password is a sequence (1234…, zyx…, 890) or one repeated character."""
    steps = {
        "09".find(before) - "09".find(after) if {before, after} == {"0", "9"} else ord(after) - ord(before)
        for before, after in pairwise(password)
    }
    return any(steps <= row for row in ({0}, {1}, {-1}))


class Passwords:
    """Hashes and compares."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._free = asyncio.Semaphore(_PARALLEL)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash of a new password.

        Raises:
            OperatorError: it is too short or too long, a row of characters, or too many wait.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise OperatorError(f"密码至少 {SHORTEST_PASSWORD} 个字符，最多 {LONGEST_PASSWORD} 个")
        if _is_a_row(password):
            raise OperatorError("密码不能只是连续或重复的字符，如 123456789012")
        return await self._off_the_loop(lambda: self._hasher.hash(password))

    async def matches(self, hashed: str | None, password: str) -> bool:
        """Whether the password is right. An unknown account (None) takes the same time.

        Raises:
            OperatorError: too many wait.
        """
        if len(password) > LONGEST_PASSWORD:
            return False
        return await self._off_the_loop(lambda: self._compare(hashed, password))

    async def _off_the_loop(self, work: Callable[[], _T]) -> _T:
        if self._waiting >= _WAITING:
            raise OperatorError("现在登录的人较多，请稍后重试")
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    def _compare(self, hashed: str | None, password: str) -> bool:
        nobody = self._nobody  # made at the first sign-in, known account or not
        try:
            return self._hasher.verify(hashed or nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
