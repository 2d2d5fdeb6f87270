"""The envelope of WeChat's pushes: signature, time window and AES, in plain, compatible and safe mode.

Not wechatpy's crypto: it parses before it checks, compares with `!=`, and raises IndexError, ValueError or struct.error
on signed junk (docs/wechat.md §9.4). AES is the cryptography library's; the tests seal and open with wechatpy as the
other side. Nothing is parsed and nothing is decrypted before the signature over it holds.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

WINDOW_S = 300
"""Seconds by which the timestamp of a push may differ from ours; WeChat names no window (docs/wechat.md §1.8)."""

_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4
_ENCRYPT = re.compile(rb"<Encrypt>\s*+(?:<!\[CDATA\[)?+\s*+([A-Za-z0-9+/=]++)\s*+(?:\]\]>)?+\s*+</Encrypt>")
"""Applied before the signature is checked. Its quantifiers are possessive, so it scans a body only once."""
_KEY = re.compile(r"[A-Za-z0-9]{43}", re.ASCII)


class Mode(StrEnum):
    """The mode of pushes, as set in 公众平台 under 消息加解密方式."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class CryptoErrorCode(IntEnum):
    """What was wrong with an envelope; the numbers are those of WeChat's sample code."""

    SIGNATURE = -40001
    XML = -40002
    APP_ID = -40005
    DECRYPT = -40007
    BUFFER = -40008
    BASE64 = -40010


class EnvelopeError(Exception):
    """A push that is not from WeChat, is for another account, or is too old. The response is 403.

    Attributes:
        code: what was wrong.
        reason: a few English words; they quote nothing of the push.
    """

    def __init__(self, code: CryptoErrorCode, reason: str) -> None:
        super().__init__(f"{int(code)} {reason}")
        self.code = code
        self.reason = reason


class NoEncryptError(EnvelopeError):
    """The query says that the push is encrypted, but the body has no usable `Encrypt`. The response is 400."""


def signature_of(*parts: str) -> str:
    """Return the signature of a push: SHA-1 over the sorted parts, in hex; `Encrypt` is the fourth part if it
    is sealed (§1.1).
    """
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324 - WeChat's protocol


class AesKey:
    """An EncodingAESKey of 43 letters and digits; AES-256-CBC, IV from the key, padded to 32 (§1.4)."""

    def __init__(self, encoding_aes_key: str) -> None:
        if not _KEY.fullmatch(encoding_aes_key):
            raise ValueError("an EncodingAESKey has exactly 43 letters and digits")
        key = base64.b64decode(encoding_aes_key + "=")  # spare bits may be other than zero
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def decrypt(self, encrypted: bytes, app_id: bytes) -> bytes:
        """Decrypt a message.

        Raises:
            EnvelopeError: not base64, another key, a broken buffer, or a message for another account.
        """
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except binascii.Error:
            raise EnvelopeError(CryptoErrorCode.BASE64, "Encrypt is not base64") from None
        if not sealed or len(sealed) % _RANDOM:
            raise EnvelopeError(CryptoErrorCode.BUFFER, "Encrypt is not made of whole blocks")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or len(plain) < _HEAD + pad or plain[-pad:] != bytes((pad,)) * pad:
            raise EnvelopeError(CryptoErrorCode.DECRYPT, "wrong key, or a broken padding")
        end = _HEAD + int.from_bytes(plain[_RANDOM:_HEAD])
        if end > len(plain) - pad:
            raise EnvelopeError(CryptoErrorCode.BUFFER, "the length field points beyond the buffer")
        if not hmac.compare_digest(plain[end:-pad], app_id):
            raise EnvelopeError(CryptoErrorCode.APP_ID, "made for another appid")
        return plain[_HEAD:end]

    def encrypt(self, message: bytes, app_id: bytes) -> str:
        """Return the message as base64, with 16 random characters before it."""
        body = b"".join(
            (secrets.token_hex(_RANDOM // 2).encode(), len(message).to_bytes(4), message, app_id),
        )
        pad = _BLOCK - len(body) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(body + bytes((pad,)) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()


@dataclass(frozen=True, slots=True)
class OpenedPush:
    """The content of an envelope.

    Attributes:
        xml: the message.
        key: what opened it, and seals its reply; None: the push was plain, and so is its reply.
    """

    xml: bytes
    key: AesKey | None = None


class Envelope:
    """Opens pushes of WeChat and seals replies.

    Args:
        token: the Token of 公众平台; an empty one is refused, because anyone could sign with it.
        app_id: a message for another account is refused.
        mode: `plain` takes plain pushes only, `safe` encrypted ones only, `compatible` both.
        aes_key: needed for all but plain mode.
        previous_aes_key: also accepted while the key is rotated.
        now: real time in unix seconds.
        steady: seconds of a clock that nobody sets.

    Raises:
        ValueError: an empty token, a malformed key, or a mode that needs a key and has none.
    """

    def __init__(
        self,
        token: str,
        app_id: str,
        *,
        mode: Mode = Mode.PLAIN,
        aes_key: str = "",
        previous_aes_key: str = "",
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        if not token:
            raise ValueError("an empty token would let anyone sign: set BOT_WECHAT_TOKEN")
        if mode is not Mode.PLAIN and not aes_key:
            raise ValueError(f"the {mode} mode needs an EncodingAESKey: set BOT_WECHAT_AES_KEY")
        self.mode = mode
        self._token = token
        self._app_id = app_id.encode()
        self._keys = tuple(AesKey(key) for key in (aes_key, previous_aes_key) if key)
        self._now = now
        self._steady = steady
        self._apart = now() - steady()

    def check_echo(self, query: Mapping[str, str]) -> str:
        """Return the `echostr` of the check of our address by 公众平台.

        Raises:
            EnvelopeError: signature or time are wrong.
        """
        self._check(query, query.get("signature", ""))
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> OpenedPush:
        """Check a push and return its message.

        Raises:
            NoEncryptError: the query says that it is encrypted, but the body has no `Encrypt`.
            EnvelopeError: signature, time, key or appid are wrong, or the push is plain in safe mode.
        """
        if self.mode is Mode.PLAIN or (self.mode is Mode.COMPATIBLE and not query.get("msg_signature")):
            self._check(query, query.get("signature", ""))
            if b"<Encrypt>" in body and b"<FromUserName>" not in body:
                raise EnvelopeError(CryptoErrorCode.DECRYPT, "encrypted, and no BOT_WECHAT_AES_KEY is set")
            return OpenedPush(body)
        found = _ENCRYPT.search(body)
        if found is None:
            if query.get("msg_signature"):
                raise NoEncryptError(CryptoErrorCode.XML, "no Encrypt in the body")
            raise EnvelopeError(CryptoErrorCode.SIGNATURE, "not encrypted, and the mode is safe")
        encrypted = found[1]
        self._check(query, query.get("msg_signature", ""), encrypted.decode())
        return self._decrypt(encrypted)

    def seal(self, xml: str, key: AesKey) -> str:
        """Return a reply, encrypted and signed (§1.5), with the key that its push was opened with: the only one
        WeChat surely has.

        Never seal `success`: WeChat expects it in plain.
        """
        timestamp, nonce = str(int(self._now())), secrets.token_hex(5)
        encrypted = key.encrypt(xml.encode(), self._app_id)
        signature = signature_of(self._token, timestamp, nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _check(self, query: Mapping[str, str], given: str, *encrypted: str) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        expected = signature_of(self._token, timestamp, nonce, *encrypted)
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
            raise EnvelopeError(CryptoErrorCode.SIGNATURE, "the signature does not hold")
        if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
            raise EnvelopeError(CryptoErrorCode.SIGNATURE, "the timestamp is not a number")
        if not self._is_fresh(int(timestamp)):
            raise EnvelopeError(CryptoErrorCode.SIGNATURE, "stale: check this machine's clock if it goes on")

    def _is_fresh(self, sent_at: int) -> bool:
        """Whether a push is of these minutes by the machine's clock, or by that clock as it was at the start.

        A clock that is set while we run, rightly or wrongly, must not shut everybody out.
        """
        return (
            abs(self._now() - sent_at) <= WINDOW_S or abs(self._steady() + self._apart - sent_at) <= WINDOW_S
        )

    def _decrypt(self, encrypted: bytes) -> OpenedPush:
        *earlier, last = self._keys
        for key in earlier:
            try:
                return OpenedPush(key.decrypt(encrypted, self._app_id), key)
            except EnvelopeError as problem:
                if problem.code not in {
                    CryptoErrorCode.DECRYPT,
                    CryptoErrorCode.BUFFER,
                    CryptoErrorCode.APP_ID,
                }:
                    raise
        return OpenedPush(last.decrypt(encrypted, self._app_id), last)
