"""One push of every kind that WeChat sends, and a WeChat that signs and seals them with wechatpy's crypto."""

import json
import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

PUSHES: dict[str, str] = json.loads((Path(__file__).parents[1] / "data" / "wechat_pushes.json").read_text())

TOKEN = "simtoken123"
APP_ID = "wx0123456789abcdef"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
OTHER_KEY = "a" * 43
ACCOUNT = "gh_sim000000001"
OPENID = "oSIM_user_000000000000000001"


def sign(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return cast(str, signer.signature)


def text_push(content: str, *, message_id: int = 1, openid: str = OPENID, at: int = 1767225600) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{message_id}</MsgId></xml>"
    )


class Sender:
    """WeChat's side of the envelope."""

    def __init__(self, token: str = TOKEN, aes_key: str = AES_KEY, app_id: str = APP_ID) -> None:
        self.token = token
        self.crypto = WeChatCrypto(token, aes_key, app_id)

    def plain(
        self, xml: str, *, nonce: str = "418273645", at: float | None = None
    ) -> tuple[dict[str, str], bytes]:
        timestamp = str(int(time.time() if at is None else at))
        signature = sign(self.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}, xml.encode()

    def sealed(
        self, xml: str, *, nonce: str = "418273645", at: float | None = None, beside: str = ""
    ) -> tuple[dict[str, str], bytes]:
        """`beside`: the plain fields that compatible mode sends along."""
        query, _ = self.plain(xml, nonce=nonce, at=at)
        envelope = self.crypto.encrypt_message(xml, nonce, query["timestamp"])
        encrypted = envelope.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        query |= {
            "encrypt_type": "aes",
            "msg_signature": sign(self.token, query["timestamp"], nonce, encrypted),
        }
        fields = beside or f"<ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        return query, f"<xml>{fields}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()

    def open_reply(self, body: str) -> str:
        """A sealed reply as WeChat opens it: signature, key and appid checked by wechatpy."""
        import xmltodict

        fields: dict[str, Any] = xmltodict.parse(body)["xml"]
        return cast(
            str,
            self.crypto.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]),
        )


def path(query: dict[str, str]) -> str:
    return "/wechat?" + urlencode(query)
