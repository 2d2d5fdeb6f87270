"""What we answer, before it becomes XML (a passive reply) or JSON (a customer-service message).

Not wechatpy's replies: those hold the addressee, so they can't be kept for a retry without an openid (docs/wechat.md §9.5).
"""

import json
from dataclasses import astuple, dataclass

_NOTHING, _TEXT, _NEWS = b"-", b"t", b"n"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any length; what goes over 2048 bytes follows as customer-service messages or on 下一页."""

    content: str


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """A card that opens a page; WeChat shows one article to a message, up to eight to an event."""

    articles: tuple[Article, ...]


Reply = Text | News | None
"""None: nothing to say (`success`)."""


def reply_to_bytes(reply: Reply) -> bytes:
    """A reply for keeping; it holds what is said, not to whom. A text is kept as it is, after a mark."""
    if reply is None:
        return _NOTHING
    if isinstance(reply, Text):
        return _TEXT + reply.content.encode("utf-8", "surrogatepass")
    articles = [astuple(article) for article in reply.articles]
    return _NEWS + json.dumps(articles, ensure_ascii=False).encode("utf-8", "surrogatepass")


def reply_from_bytes(kept: bytes) -> Reply:
    """The reply that was kept.

    Raises:
        ValueError: these bytes are no kept reply.
    """
    mark, content = kept[:1], kept[1:].decode("utf-8", "surrogatepass")
    if mark == _TEXT:
        return Text(content)
    if mark == _NEWS and isinstance(articles := json.loads(content), list):
        return News(tuple(Article(*map(str, article)) for article in articles))
    if kept == _NOTHING:
        return None
    raise ValueError("not a kept reply")
