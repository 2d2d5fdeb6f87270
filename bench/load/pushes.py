"""Requests as WeChat sends them, made before the clock starts: what people type, each with an id of its own.

The mix is a guess: of 250 messages, 12 turn a page, one asks for 我的订阅 or changes a subscription, the others are
questions of every set in `tests/data`, each tenth with a character missing, so that its text is new.
"""

import json
import random
import secrets
import time
from pathlib import Path
from urllib.parse import urlencode

from wechat.push.crypto import AesKey, signature_of

TOKEN = "simtoken123"
APP_ID = "wx0123456789abcdef"
AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

_PEOPLE = 2_000
_DATA = Path(__file__).parents[2] / "tests" / "data"
_PAGES = ("下一页", "下一页", "上一页")
_SUBSCRIBING = ("我的订阅", "订阅 海水淡化", "退订 海水淡化", "订阅 新材料")


def questions() -> list[str]:
    """What people ask, from all question sets."""
    lines = [
        line for file in sorted(_DATA.glob("questions-*.jsonl")) for line in file.read_text().splitlines()
    ]
    return [json.loads(line)["q"] for line in lines]


def typed(count: int) -> list[str]:
    """What is sent, one message after the other; the same in every run."""
    chance, asked = random.Random(1), questions()
    texts = []
    for number in range(count):
        text = chance.choice(asked)
        if number % 250 == 100:
            text = chance.choice(_SUBSCRIBING)
        elif number % 20 == 1:
            text = chance.choice(_PAGES)
        elif number % 10 == 0 and len(text) > 3:
            gone = chance.randrange(len(text))
            text = text[:gone] + text[gone + 1 :]
        texts.append(text)
    return texts


def requests(count: int, *, sealed: bool) -> list[bytes]:
    """HTTP requests with signed (and sealed) text messages, good for five minutes."""
    key = AesKey(AES_KEY)
    timestamp = str(int(time.time()))
    first_id = secrets.randbits(48)
    made = []
    for number, text in enumerate(typed(count)):
        xml = _text(text, first_id + number, number % _PEOPLE, timestamp)
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
