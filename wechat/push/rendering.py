"""A reply as WeChat's XML; no text in it can break out of its element (docs/wechat.md §3).

Not wechatpy's replies: they don't split `]]>`, so a text could rewrite the envelope (docs/wechat.md §9.5).
"""

import re

from wechat.replies import Article, News, Reply, Text

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids: control characters, lone surrogates, U+FFFE and U+FFFF."""

ARTICLES_TO_MESSAGE = 1
ARTICLES_TO_EVENT = 8
"""The largest number of articles that WeChat shows; it drops the rest."""


def cdata(text: str) -> str:
    """A text as CDATA; illegal characters are dropped, `]]>` is split over two sections."""
    legal = ILLEGAL.sub("", text)  # first, because a dropped character may stand inside a `]]>`
    return f"<![CDATA[{legal.replace(']]>', ']]]]><![CDATA[>')}]]>"


def render(reply: Reply, *, to: str, sender: str, at: int, to_event: bool = False) -> str:
    """The XML of a passive reply; "" for None.

    Args:
        reply: a text must be cut to 2048 bytes already.
        to: the openid of the recipient.
        sender: our own gh_… id.
        at: unix seconds.
        to_event: the reply answers an event; then up to eight articles are shown, else one.
    """
    if reply is None:
        return ""
    head = (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(sender)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime>"
    )
    if isinstance(reply, Text):
        return f"{head}<MsgType><![CDATA[text]]></MsgType><Content>{cdata(reply.content)}</Content></xml>"
    return f"{head}{_news(reply, ARTICLES_TO_EVENT if to_event else ARTICLES_TO_MESSAGE)}</xml>"


def _news(news: News, most: int) -> str:
    articles = news.articles[:most]
    items = "".join(_item(article) for article in articles)
    return (
        f"<MsgType><![CDATA[news]]></MsgType><ArticleCount>{len(articles)}</ArticleCount>"
        f"<Articles>{items}</Articles>"
    )


def _item(article: Article) -> str:
    return (
        f"<item><Title>{cdata(article.title)}</Title><Description>{cdata(article.description)}</Description>"
        f"<PicUrl>{cdata(article.picture_url)}</PicUrl><Url>{cdata(article.url)}</Url></item>"
    )
