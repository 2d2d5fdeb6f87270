"""Signed links that open one member's page for a while, and the signed cookie that keeps it open.

A link gets forwarded, so it is only a first step: whoever opens it first has it (`claim`); for
everybody else it is used up, and the chat gives a new one.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer
from redis.asyncio import Redis


class Purpose(StrEnum):
    """What a signature is for; one can't stand for another."""

    LINK = "me-link"
    VISIT = "me-visit"
    SIGN_IN = "me-sign-in"


LIFETIME_S = {Purpose.LINK: 15 * 60, Purpose.VISIT: 60 * 60, Purpose.SIGN_IN: 10 * 60}


@dataclass(frozen=True, slots=True)
class MemberToken:
    """What a valid signature says: whose page, under which name of its own, until when (unix seconds)."""

    member_id: int
    nonce: str
    until: int


class BadMemberTokenError(Exception):
    """The signature isn't ours, is for something else, or its time is over (`expired`)."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not valid")
        self.expired = expired


class MemberTokens:
    """Makes and reads signatures.

    Args:
        secret: the house's secret key.
        redis: where used links are remembered until they expire.
        now: real time in unix seconds.
    """

    def __init__(self, secret: bytes, redis: Redis, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._redis = redis
        self._now = now

    def sign(self, purpose: Purpose, member_id: int) -> str:
        """A text for an address or a cookie."""
        until = int(self._now()) + LIFETIME_S[purpose]
        return str(self._serializer(purpose).dumps([member_id, secrets.token_urlsafe(12), until]))

    def read(self, purpose: Purpose, text: str) -> MemberToken:
        """What was signed.

        Raises:
            BadMemberTokenError: it is not valid, or no longer.
        """
        try:
            member_id, nonce, until = self._serializer(purpose).loads(text)
            found = MemberToken(int(member_id), str(nonce), int(until))
        except (BadSignature, ValueError, TypeError):
            raise BadMemberTokenError from None
        if found.until <= self._now():
            raise BadMemberTokenError(expired=True)
        return found

    def form_token(self, visit: MemberToken) -> str:
        """What a form of this visit carries, so that no other site can send it."""
        return str(URLSafeSerializer(self._secret, salt="me-form").dumps(visit.nonce))

    def is_form_token(self, visit: MemberToken, text: str) -> bool:
        """Whether a form was made for this visit."""
        try:
            return bool(URLSafeSerializer(self._secret, salt="me-form").loads(text) == visit.nonce)
        except BadSignature:
            return False

    async def claim(self, link: MemberToken) -> bool:
        """Use a link up; False where somebody has already."""
        seconds = max(1, link.until - int(self._now()))
        return bool(await self._redis.set(f"me:link:{link.nonce}", b"1", nx=True, ex=seconds))

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=purpose.value)
