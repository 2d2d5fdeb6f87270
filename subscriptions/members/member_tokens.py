"""Signed tokens for a member's page: in the link from the chat, in the cookie of a visit, in a web sign-in.

People forward links, so a link works once: the first browser uses it up (`claim`). The chat gives a new one.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer
from redis.asyncio import Redis


class Purpose(StrEnum):
    """What a token is for. A token of one purpose is not valid for another."""

    LINK = "me-link"
    VISIT = "me-visit"
    SIGN_IN = "me-sign-in"


LIFETIME_S = {Purpose.LINK: 15 * 60, Purpose.VISIT: 60 * 60, Purpose.SIGN_IN: 10 * 60}


@dataclass(frozen=True, slots=True)
class MemberToken:
    """The content of a valid token. `nonce` is unique; `until` is its expiry in unix seconds."""

    member_id: int
    nonce: str
    until: int


class BadMemberTokenError(Exception):
    """The token is forged, has another purpose, or has expired (`expired`)."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not valid")
        self.expired = expired


class MemberTokens:
    """Signs and verifies tokens.

    Args:
        secret: the secret key of the installation (`BOT_SECRET_KEY`).
        redis: stores used links until they expire.
        now: real time in unix seconds.
    """

    def __init__(self, secret: bytes, redis: Redis, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._redis = redis
        self._now = now

    def sign(self, purpose: Purpose, member_id: int) -> str:
        """Return a new token, safe in an address and in a cookie."""
        until = int(self._now()) + LIFETIME_S[purpose]
        return str(self._serializer(purpose).dumps([member_id, secrets.token_urlsafe(12), until]))

    def read(self, purpose: Purpose, text: str) -> MemberToken:
        """Return the content of a token.

        Raises:
            BadMemberTokenError: the token is not valid or has expired.
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
        """Return the token for forms of this visit, against cross-site requests."""
        return str(URLSafeSerializer(self._secret, salt="me-form").dumps(visit.nonce))

    def is_form_token(self, visit: MemberToken, text: str) -> bool:
        """Whether a form token belongs to this visit."""
        try:
            return bool(URLSafeSerializer(self._secret, salt="me-form").loads(text) == visit.nonce)
        except BadSignature:
            return False

    async def claim(self, link: MemberToken) -> bool:
        """Use a link up. False: it was used before."""
        seconds = max(1, link.until - int(self._now()))
        return bool(await self._redis.set(f"me:link:{link.nonce}", b"1", nx=True, ex=seconds))

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=purpose.value)
