"""Requests as WeChat sends them, made before the clock starts: real questions, each with an id of its own."""

import json
import secrets
import time
from pathlib import Path
from urllib.parse import urlencode

from wechat.crypto import AesKey, signature_of

TOKEN = "simtoken123"
APP_ID = "wx0123456789abcdef"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

_PEOPLE = 2_000
_QUESTIONS = Path(__file__).parents[1] / "tests" / "data" / "questions-sample.jsonl"


def questions() -> list[str]:
    """What people ask, from the sample questions."""
    with _QUESTIONS.open(encoding="utf-8") as lines:
        return [json.loads(line)["q"] for line in lines]


def requests(count: int, *, sealed: bool) -> list[bytes]:
    """HTTP requests with signed (and sealed) text messages, good for five minutes."""
    key, asked = AesKey(AES_KEY), questions()
    timestamp = str(int(time.time()))
    first_id = secrets.randbits(48)
    made = []
    for number in range(count):
        xml = _text(asked[number % len(asked)], first_id + number, number % _PEOPLE, timestamp)
        nonce = str(number)
        query = {"signature": signature_of(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        query["openid"] = "oBENCH"
        if sealed:
            encrypted = key.encrypt(xml.encode(), APP_ID.encode())
            query |= {
                "encrypt_type": "aes",
                "msg_signature": signature_of(TOKEN, timestamp, nonce, encrypted),
            }
            xml = (
                "<xml><ToUserName><![CDATA[gh_bench]]></ToUserName>"
                f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
            )
        body = xml.encode()
        head = (
            f"POST /wechat?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\n"
            f"Accept: */*\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def _text(content: str, message_id: int, person: int, timestamp: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[gh_bench]]></ToUserName>"
        f"<FromUserName><![CDATA[oBENCH_{person:021d}]]></FromUserName><CreateTime>{timestamp}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
        f"<MsgId>{message_id}</MsgId></xml>"
    )
