"""Signed addresses of an alert's page: one campaign, one member.

The page says what a template message has no room for, and takes 已申报. A forwarded link shows that one alert
and can stop its reminders, nothing else; so it needs no end, and one keyed hash a message is all it costs.
"""

import base64
import hashlib
import hmac
import re

_TOKEN = re.compile(r"(\d{1,18})-(\d{1,18})-([\w-]{16})", re.ASCII)


class BadLinkError(Exception):
    """This program did not make the address."""


class AlertLinks:
    """Makes and reads the addresses."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        self._key = hashlib.blake2b(secret, person=b"alert links").digest()
        self._beginning = f"{public_url}/p/a/"

    def page(self, campaign_id: int, member_id: int) -> str:
        """Return the address of a campaign's page for a member."""
        return f"{self._beginning}{self.token(campaign_id, member_id)}"

    def token(self, campaign_id: int, member_id: int) -> str:
        """Return the last part of the address."""
        whose = f"{campaign_id}-{member_id}"
        mark = hashlib.blake2b(whose.encode(), key=self._key, digest_size=12).digest()
        return f"{whose}-{base64.urlsafe_b64encode(mark).decode()}"

    def read(self, token: str) -> tuple[int, int]:
        """Return campaign and member of a token.

        Raises:
            BadLinkError: it was not made by us.
        """
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            raise BadLinkError
        campaign_id, member_id = int(parts[1]), int(parts[2])
        if not hmac.compare_digest(self.token(campaign_id, member_id), token):
            raise BadLinkError
        return campaign_id, member_id
