"""One-time codes (TOTP, RFC 6238), their seeds as the database holds them, and recovery codes for a lost phone."""

import base64
import hashlib
import os
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SEALED = "aesgcm:"
_NONCE_BYTES = 12
_CODES = 10
_CODE_BYTES = 10
_GROUP = 4


class SealBrokenError(Exception):
    """A seed can't be opened: it was sealed with another secret key or for another account."""


class Seeds:
    """Encrypts the seeds of one-time codes: nobody can make codes from a copy of the database.

    Args:
        secret: the secret key of this installation, BOT_SECRET_KEY.
    """

    def __init__(self, secret: bytes) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=b"policybot one-time code seeds").derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, seed: str, operator: int) -> str:
        """Return the seed as the database may hold it, for this account alone."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, seed.encode(), _owner(operator))
        return _SEALED + base64.b64encode(sealed).decode()

    def open(self, sealed: str, operator: int) -> str:
        """Return the seed itself.

        Raises:
            SealBrokenError: it is not of this account and key.
        """
        try:
            raw = base64.b64decode(sealed.removeprefix(_SEALED), validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _owner(operator)).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError from error

    @staticmethod
    def is_sealed(kept: str) -> bool:
        return kept.startswith(_SEALED)


def _owner(operator: int) -> bytes:
    return f"operator {operator}".encode()


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """Return the time step of this code: the present one, the one before or the one after. None for a wrong code."""
    totp = pyotp.TOTP(seed)
    present = totp.timecode(now)
    steps = (present - 1, present, present + 1)
    # All three are compared, so that the time taken does not tell which one was right.
    right = [step for step in steps if compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return right[0] if right else None


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, in groups that can be read aloud."""
    codes = (base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(_CODES))
    return ["-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)) for code in codes]


def recovery_hash(code: str) -> str:
    """Return what the database keeps of a recovery code. It has 80 random bits, so a plain hash cannot be searched."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
