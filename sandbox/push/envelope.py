"""Signs and encrypts as WeChat does (docs/wechat.md §1), by wechatpy's cryptography: independent of the bot's own."""

import hashlib
import re
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

from sandbox.platform.account import SandboxAccount
from sandbox.push.push_xml import element, elements

_ENCRYPT = re.compile(r"<Encrypt><!\[CDATA\[([^\]<]++)]]></Encrypt>")


class BadEnvelopeError(Exception):
    """The bot's answer isn't what WeChat would take; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class SealedPush:
    """A push as it leaves: query and body."""

    query: dict[str, str]
    body: str


class Envelope:
    """Seals pushes and opens replies for one account, by its mode."""

    def __init__(self, account: SandboxAccount) -> None:
        credentials = account.credentials
        self._account = account
        self._token = credentials.token
        self._crypto = (
            None
            if account.mode == "plain"
            else WeChatCrypto(credentials.token, credentials.aes_key, credentials.app_id)
        )

    def seal(self, xml: str, openid: str, timestamp: str, nonce: str) -> SealedPush:
        """Return the push that carries `xml`: plain, both, or encrypted only."""
        query = {"signature": self._sign(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        query["openid"] = openid
        if self._crypto is None:
            return SealedPush(query, xml)
        found = _ENCRYPT.search(self._crypto.encrypt_message(xml, nonce, timestamp))
        if found is None:
            raise RuntimeError("wechatpy's envelope has no Encrypt")
        encrypted = found[1]
        query |= {"encrypt_type": "aes", "msg_signature": self._sign(timestamp, nonce, encrypted)}
        if self._account.mode == "compatible":
            return SealedPush(query, xml.replace("</xml>", f"{element('Encrypt', encrypted)}</xml>"))
        outer = {"ToUserName": self._account.credentials.account_id, "Encrypt": encrypted}
        return SealedPush(query, f"<xml>{elements(outer)}</xml>")

    def open(self, body: str) -> str:
        """Return the plain XML of a reply, decrypted if it is encrypted.

        Raises:
            BadEnvelopeError: malformed, unsigned, signed wrongly, not ours, or plain in the safe mode.
        """
        try:
            outer = (xmltodict.parse(body) or {}).get("xml")
        except Exception as error:  # expat, entities and types: all of it is malformed XML
            raise BadEnvelopeError("回复不是格式良好的 XML") from error
        if not isinstance(outer, dict):
            raise BadEnvelopeError("回复不是 <xml> 报文")
        if "Encrypt" not in outer:
            if self._account.mode == "safe":
                raise BadEnvelopeError("安全模式下的回复没有加密")
            return body
        if self._crypto is None:
            raise BadEnvelopeError("明文模式下的回复加了密")
        try:
            opened = self._crypto.decrypt_message(
                body, str(outer["MsgSignature"]), str(outer["TimeStamp"]), str(outer["Nonce"])
            )
        except KeyError as error:
            raise BadEnvelopeError("加密回复缺少 MsgSignature、TimeStamp 或 Nonce") from error
        except (WeChatException, ValueError, IndexError) as error:
            raise BadEnvelopeError("加密回复的签名、密钥或 AppID 不对") from error
        return opened if isinstance(opened, str) else str(opened.decode())

    def _sign(self, *parts: str) -> str:
        joined = "".join(sorted([self._token, *parts]))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
