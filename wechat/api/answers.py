"""The answers of the WeChat API that hold more than a number. wechatpy returns the bare JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

_OPENID = re.compile(r"[\w-]{1,64}", re.ASCII)
"""What the members' table holds; WeChat's have 28 characters."""


@dataclass(frozen=True, slots=True)
class AcceptedMassSend:
    """A mass send that WeChat took on.

    Attributes:
        msg_id: what MASSSENDJOBFINISH and `mass_status` know it by.
        adopted: it was there already under the same clientmsgid.
    """

    msg_id: str
    adopted: bool


@dataclass(frozen=True, slots=True)
class FollowersPage:
    """Up to 10,000 followers; an empty page or no `next_openid` is the end."""

    openids: tuple[str, ...]
    total: int
    next_openid: str

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """The page after the last one has `count` 0 and no `data` at all; what is no openid is left out."""
        listed = (answer.get("data") or {}).get("openid") or ()
        openids = [each for each in listed if isinstance(each, str) and _OPENID.fullmatch(each)]
        return cls(tuple(openids), int(answer.get("total") or 0), str(answer.get("next_openid") or ""))


@dataclass(frozen=True, slots=True)
class SceneQr:
    """A parametric QR code: `url` is what it encodes, `ticket` opens WeChat's picture of it."""

    ticket: str
    url: str
    expire_s: int | None

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """As `qrcode/create` answers."""
        seconds = answer.get("expire_seconds")
        return cls(
            str(answer.get("ticket", "")), str(answer.get("url", "")), int(seconds) if seconds else None
        )

    @property
    def picture_url(self) -> str:
        """Where WeChat shows the picture; needs no token."""
        return f"https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={quote(self.ticket, safe='')}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one API today; 0 as limit: none is set."""

    daily_limit: int
    used: int
    remain: int

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Self:
        """As `openapi/quota/get` answers."""
        quota = answer.get("quota") or {}
        return cls(*(int(quota.get(name) or 0) for name in ("daily_limit", "used", "remain")))
