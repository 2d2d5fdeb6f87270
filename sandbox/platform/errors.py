"""WeChat's refusals: an errcode and what WeChat says with it (docs/wechat.md §7)."""

from collections.abc import Mapping
from typing import Any

ERRMSG: Mapping[int, str] = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40031: "invalid openid list",
    40032: "invalid openid list size",
    40033: "invalid charset",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40066: "invalid url",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40152: "invalid tagid",
    40164: "invalid ip, not in whitelist",
    40249: "template content is marketing",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    42001: "access_token expired",
    42010: "mass send too fast",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    43107: "template capability banned",
    43116: "marketing template banned",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "too many tag now, please delete one first",
    45058: "can't modify sys tag",
    45059: "can not tag more than 20 labels",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45072: "invalid command",
    45080: "user has no interaction in 30 seconds",
    45081: "typing already",
    45083: "invalid speed",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user block",
    48004: "api forbidden for irregularities",
    48006: "api forbidden to clear quota because of reaching the limit",
    50005: "user is unsubscribed",
    65301: "no such conditional menu",
    76021: "cgi_path not found",
}


class ApiError(Exception):
    """A call is refused.

    Attributes:
        errcode: WeChat's number.
        errmsg: WeChat's words for it, with `detail` behind them.
        extra: further fields of the answer (45065 carries the msg_id that exists).
    """

    def __init__(self, errcode: int, detail: str = "", **extra: Any) -> None:
        self.errcode = errcode
        self.errmsg = f"{ERRMSG.get(errcode, 'unknown error')} {detail}".strip()
        self.extra = extra
        super().__init__(f"{errcode} {self.errmsg}")

    def answer(self) -> dict[str, Any]:
        """Return the JSON object that WeChat answers with, still at HTTP status 200."""
        return {"errcode": self.errcode, "errmsg": self.errmsg, **self.extra}
