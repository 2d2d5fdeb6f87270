"""A reply as WeChat's XML; no text in it can break out of its element (docs/wechat.md §3).

Not wechatpy's replies: they don't split `]]>`, so a text could rewrite the envelope (docs/wechat.md §9.5).
"""

import re

from wechat.replies import Reply

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids: control characters, lone surrogates, U+FFFE and U+FFFF."""


def cdata(text: str) -> str:
    """Return a text as CDATA; illegal characters are dropped, `]]>` is split over two sections."""
    legal = ILLEGAL.sub("", text)  # first, because a dropped character may stand inside a `]]>`
    return f"<![CDATA[{legal.replace(']]>', ']]]]><![CDATA[>')}]]>"


def render(reply: Reply, *, to: str, sender: str, at: int) -> str:
    """Return the XML of a passive reply; "" for None.

    Args:
        reply: a text must be cut to 2048 bytes already.
        to: the openid of the recipient.
        sender: our own gh_… id.
        at: unix seconds.
    """
    if reply is None:
        return ""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content>{cdata(reply.content)}</Content></xml>"
    )
