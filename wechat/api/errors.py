"""How a call to the WeChat API can fail: refused, unanswered, or never sent.

Not wechatpy's exceptions: they can't say whether a request left, and their text may hold the access token
(docs/wechat.md §9.6). No message here holds a token, a secret, an address with a query, or an openid.
"""

import re

from wechat.api.errcodes import Errcode, ErrcodeAction, explain

_OPENID = re.compile(r"\bo[\w-]{27}\b", re.ASCII)
_RID = re.compile(r"rid: ([0-9a-f-]+)")


class ApiFailure(Exception):  # noqa: N818 - the three kinds are named after what happened
    """The base of the three errors: catch it if the difference does not matter."""

    def __init__(self, api: str, what: str) -> None:
        super().__init__(f"{api}: {what}")
        self.api = api


class WeChatError(ApiFailure):
    """WeChat answered and refused.

    Attributes:
        errcode: WeChat's number.
        errmsg: its words, openids taken out.
        rid: the request id for WeChat's support, or "".
        row: what the errcode means and what follows (wechat/api/errcodes.py).
        msg_id: of the mass send that exists already (45065), else "".
    """

    def __init__(
        self, api: str, errcode: int, errmsg: str, *, row: Errcode | None = None, msg_id: str = ""
    ) -> None:
        self.errcode = errcode
        self.errmsg = _OPENID.sub("(openid)", errmsg)
        self.row = row or explain(errcode)
        found = _RID.search(errmsg)
        self.rid = found[1] if found else ""
        self.msg_id = msg_id
        super().__init__(api, f"{errcode} {self.errmsg}")

    @property
    def action(self) -> ErrcodeAction:
        """Return what follows from the refusal, by the table."""
        return self.row.action


class NoAnswer(ApiFailure):
    """The request left, and no usable answer came: WeChat may have executed it.

    The connection broke or timed out after sending, or the answer was HTTP 5xx or no JSON object.
    """


class NotSent(ApiFailure):
    """WeChat has not executed the request: no connection, no access token, or HTTP 3xx or 4xx."""


class HeldBack(NotSent):
    """The caller's gate held the request back."""
