"""Told facts in the last part of an address: a result can be opened again although nothing is kept of it. Pure.

The part holds facts and a keyed hash, no person. The hash keeps others from putting facts in our name into a link.
"""

import base64
import hashlib
import hmac
import json
import zlib
from binascii import Error as NotBase64Error
from typing import Any

from policies.matching.conditions import ToldFacts
from policies.matching.facts import Facts, as_raw

_MARK = 9
"""Bytes of the hash."""
_LONGEST_TOKEN = 4_000
_MOST_BYTES = 16_000
"""Bytes of the facts unpacked; all facts together take half of it."""


class BadFactLinkError(Exception):
    """This program did not make the address."""


class FactLinks:
    """Makes and reads the addresses of results."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        self._key = hashlib.blake2b(secret, person=b"fact links").digest()
        self._beginning = f"{public_url}/match/r/"

    def page(self, told: ToldFacts) -> str:
        """Return the address of the result of told facts."""
        return f"{self._beginning}{self.token(told)}"

    def token(self, told: ToldFacts) -> str:
        """Return the last part of the address."""
        words = json.dumps(as_raw(told), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        packed = zlib.compress(words.encode(), 9)
        return base64.urlsafe_b64encode(self._mark(packed) + packed).decode().rstrip("=")

    def read(self, token: str, facts: Facts) -> dict[str, Any]:
        """Return the facts of a token. A fact that no longer exists is left out.

        Raises:
            BadFactLinkError: it was not made by us, or is cut off.
        """
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            raise BadFactLinkError
        try:
            whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (NotBase64Error, ValueError) as error:
            raise BadFactLinkError from error
        mark, packed = whole[:_MARK], whole[_MARK:]
        if not hmac.compare_digest(mark, self._mark(packed)):
            raise BadFactLinkError
        raw = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
        return facts.read_kept(raw)

    def _mark(self, packed: bytes) -> bytes:
        return hashlib.blake2b(packed, key=self._key, digest_size=_MARK).digest()
