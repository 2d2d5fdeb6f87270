"""What we answer, before it becomes XML (a passive reply) or JSON (a customer-service message).

Not wechatpy's replies: those hold the addressee, so they can't be kept for a retry without an openid (docs/wechat.md §9.5).
"""

import json
from dataclasses import astuple, dataclass

_NOTHING, _TEXT, _NEWS = b"-", b"t", b"n"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any length; what exceeds 2048 bytes follows as customer-service messages or with 下一页."""

    content: str


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """Cards that open pages; WeChat shows one article in reply to a message, up to eight in reply to an event."""

    articles: tuple[Article, ...]


Reply = Text | News | None
"""None: nothing to say (`success`)."""


def reply_to_bytes(reply: Reply) -> bytes:
    """A reply as bytes for Redis, without its addressee. The first byte is its kind, a text follows as UTF-8."""
    if reply is None:
        return _NOTHING
    if isinstance(reply, Text):
        return _TEXT + reply.content.encode("utf-8", "surrogatepass")
    articles = [astuple(article) for article in reply.articles]
    return _NEWS + json.dumps(articles, ensure_ascii=False).encode("utf-8", "surrogatepass")


def reply_from_bytes(kept: bytes) -> Reply:
    """The reply that `reply_to_bytes` turned into these bytes.

    Raises:
        ValueError: the bytes are no such reply.
    """
    mark, content = kept[:1], kept[1:].decode("utf-8", "surrogatepass")
    if mark == _TEXT:
        return Text(content)
    if mark == _NEWS and isinstance(articles := json.loads(content), list):
        return News(tuple(Article(*map(str, article)) for article in articles))
    if kept == _NOTHING:
        return None
    raise ValueError("not a kept reply")
