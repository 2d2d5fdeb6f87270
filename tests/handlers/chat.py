"""A person in a chat with the bot, as the tests speak of it: says, taps, clicks, follows."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from sandbox.credentials import sandbox_credentials
from tests.wechat.pushes import Sender, path
from wechat.push.rendering import cdata

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

ACCOUNT = "gh_sim000000001"
_TAP = re.compile(
    r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^&"]+)&msgmenuid=[^"&]+">(.*?)</a>', re.DOTALL
)
_LINK = re.compile(r'<a href="(https?://[^"]+)">(.*?)</a>', re.DOTALL)
_ANCHOR = re.compile(r"</?a(?: [^>]*)?>")
_CLAUSE = re.compile(r"^(?:【[^】]+】)?第(\d+)条 ", re.MULTILINE)

Push = Callable[[str], Awaitable[str]]
"""Sends a push's XML to the bot and gives the reply's XML, "" for `success`."""


@dataclass(frozen=True)
class TextShown:
    """A text as the person sees it."""

    raw: str
    """The text with its links."""

    @property
    def text(self) -> str:
        return _ANCHOR.sub("", self.raw)

    @property
    def taps(self) -> dict[str, str]:
        """What can be tapped: label → what it says."""
        return {label: unquote(says) for says, label in _TAP.findall(self.raw)}

    @property
    def links(self) -> dict[str, str]:
        """Links to pages: label → address."""
        return {label: address for address, label in _LINK.findall(self.raw)}


@dataclass(frozen=True)
class ReplyShown(TextShown):
    """A reply as WeChat shows it."""

    xml: str = field(repr=False)
    """As WeChat gets it; "" for `success`."""

    @property
    def clauses(self) -> list[int]:
        """The clauses shown or listed, in their order."""
        return [int(number) for number in _CLAUSE.findall(self.text)]

    @property
    def clause_ids(self) -> set[int]:
        return set(self.clauses)


class Chat:
    """One person; remembers the last reply, so that its links can be tapped."""

    def __init__(self, push: Push, openid: str = "oSIM_user_000000000000000001") -> None:
        self._push = push
        self.openid = openid
        self.last = ReplyShown("", "")

    def another(self) -> "Chat":
        """Somebody else's chat with the same bot."""
        return Chat(self._push, f"oSIM_user_{secrets.token_hex(9)}")

    async def says(self, text: str) -> ReplyShown:
        """Types a text."""
        return await self._message("text", f"<Content>{cdata(text)}</Content>")

    async def taps(self, label: str) -> ReplyShown:
        """Taps a word of the last reply; a KeyError shows what could be tapped."""
        says = self.last.taps[label]
        return await self._message(
            "text", f"<Content>{cdata(says)}</Content><bizmsgmenuid>{cdata('1')}</bizmsgmenuid>"
        )

    async def speaks(self, heard: str) -> ReplyShown:
        """Sends a voice message that WeChat recognised as `heard`."""
        return await self._message(
            "voice", f"<MediaId>m</MediaId><Format>amr</Format><Recognition>{cdata(heard)}</Recognition>"
        )

    async def sends(self, kind: str) -> ReplyShown:
        """Sends a message of another kind (image, location, file …)."""
        return await self._message(kind, "<MediaId>m</MediaId>")

    async def clicks(self, key: str) -> ReplyShown:
        """Taps a button of the custom menu."""
        return await self.event("CLICK", key)

    async def follows(self) -> ReplyShown:
        return await self.event("subscribe")

    async def event(self, event: str, key: str = "", more: str = "") -> ReplyShown:
        return await self._send(
            f"<MsgType>event</MsgType><Event>{cdata(event)}</Event><EventKey>{cdata(key)}</EventKey>{more}"
        )

    async def everything(self, text: str) -> set[int]:
        """All clauses that a question lists, page after page."""
        shown = await self.says(text)
        found = set(shown.clause_ids)
        while "下一页" in shown.taps:
            shown = await self.taps("下一页")
            found |= shown.clause_ids
        return found

    async def _message(self, kind: str, content: str) -> ReplyShown:
        number = secrets.randbelow(2**62)
        return await self._send(f"<MsgType>{kind}</MsgType>{content}<MsgId>{number}</MsgId>")

    async def _send(self, inner: str) -> ReplyShown:
        # The second keeps repeated events apart: WeChat tells them by sender, time, event and key.
        at = 1767225600 + secrets.randbelow(10**6)
        xml = await self._push(
            f"<xml><ToUserName>{cdata(ACCOUNT)}</ToUserName><FromUserName>{cdata(self.openid)}</FromUserName>"
            f"<CreateTime>{at}</CreateTime>{inner}</xml>"
        )
        self.last = ReplyShown(_content(xml), xml)
        return self.last


def _content(xml: str) -> str:
    """The text of a reply to the account's member, which WeChat would take; "" where it has none."""
    if not xml:
        return ""
    root = ET.fromstring(xml)
    assert root.findtext("FromUserName") == ACCOUNT
    content = root.findtext("Content") or ""
    assert len(content.encode()) <= 2048
    return content


def chat_over(web: "TestClient[Any, Any]", secret: bytes) -> Chat:
    """One person's chat with an application: sealed pushes, as WeChat sends them on the sandbox's account."""
    account = sandbox_credentials(secret)
    sender = Sender(account.token, account.aes_key, account.app_id)

    async def push(xml: str) -> str:
        query, body = sender.sealed(xml)
        async with web.post(path(query), data=body) as response:
            assert response.status == 200
            reply = await response.text()
        return "" if reply in {"", "success"} else sender.open_reply(reply)

    return Chat(push)
