"""The sandbox account's credentials, the same at each start: made from the bot's own secret key."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a WeChat account's settings page would show.

    Attributes:
        app_id: `wx` and 16 hexadecimal digits.
        account_id: the original id, `gh_` and 12 hexadecimal digits.
        aes_key: EncodingAESKey, 43 letters and digits.
    """

    app_id: str
    account_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


def sandbox_credentials(secret: bytes) -> Credentials:
    """Credentials that only the holder of `secret` can make; they tell nothing about it.

    Raises:
        ValueError: the secret is empty.
    """
    if not secret:
        raise ValueError("the sandbox's credentials need the bot's secret key")

    def derived(what: str) -> bytes:
        return hmac.digest(secret, f"policybot sandbox {what}".encode(), hashlib.sha256)

    return Credentials(
        app_id="wx" + derived("app id").hex()[:16],
        account_id="gh_" + derived("account id").hex()[:12],
        app_secret=derived("app secret").hex()[:32],
        token=derived("token").hex()[:32],
        aes_key=_letters_and_digits(derived("aes key")),
    )


def _letters_and_digits(key: bytes) -> str:
    """32 bytes as the 43 letters and digits of an EncodingAESKey, which has no + and /."""
    encoded = base64.b64encode(key).decode().rstrip("=")
    return encoded.replace("+", "p").replace("/", "s")
