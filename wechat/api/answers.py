"""The answers of the WeChat API that hold more than a number. wechatpy returns the bare JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

_OPENID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""The openids that the members' table can hold; those of WeChat have 28 characters."""


@dataclass(frozen=True, slots=True)
class AcceptedMassSend:
    """A mass send that WeChat accepted.

    Attributes:
        msg_id: its number in MASSSENDJOBFINISH and for `mass_status`.
        adopted: WeChat had it already, under the same clientmsgid.
    """

    msg_id: str
    adopted: bool


@dataclass(frozen=True, slots=True)
class FollowersPage:
    """A page of up to 10,000 followers. An empty page or an empty `next_openid` is the end of the list."""

    openids: tuple[str, ...]
    total: int
    next_openid: str

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """Read a page. The page after the last one has `count` 0 and no `data`; values that are no openid are left out."""
        listed = (answer.get("data") or {}).get("openid") or ()
        openids = [each for each in listed if isinstance(each, str) and _OPENID.fullmatch(each)]
        return cls(tuple(openids), int(answer.get("total") or 0), str(answer.get("next_openid") or ""))


@dataclass(frozen=True, slots=True)
class SceneQr:
    """A QR code with a scene: it encodes `url`; `ticket` opens the picture at WeChat; `expire_s` is None if it never expires."""

    ticket: str
    url: str
    expire_s: int | None

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """Read an answer of `qrcode/create`."""
        seconds = answer.get("expire_seconds")
        return cls(
            str(answer.get("ticket", "")), str(answer.get("url", "")), int(seconds) if seconds else None
        )

    @property
    def picture_url(self) -> str:
        """The address of the picture at WeChat; it needs no access token."""
        return f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={quote(self.ticket, safe='')}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one API today. A `daily_limit` of 0 means that there is no limit."""

    daily_limit: int
    used: int
    remain: int

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """Read an answer of `openapi/quota/get`."""
        quota = answer.get("quota") or {}
        return cls(*(int(quota.get(name) or 0) for name in ("daily_limit", "used", "remain")))
