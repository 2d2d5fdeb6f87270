"""What we answer, before it becomes XML (passive reply) or JSON (customer-service message)."""

import json
from dataclasses import astuple, dataclass


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


def reply_to_json(reply: Reply) -> bytes:
    """A reply for keeping; it holds what is said, not to whom."""
    if reply is None:
        return b"null"
    if isinstance(reply, Text):
        return json.dumps({"text": reply.content}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.dumps({"news": [astuple(article) for article in reply.articles]}, ensure_ascii=False).encode()


def reply_from_json(kept: bytes) -> Reply:
    """The reply that was kept.

    Raises:
        ValueError: these bytes are no kept reply.
    """
    fields = json.loads(kept)
    if fields is None:
        return None
    match fields:
        case {"text": str(content)}:
            return Text(content)
        case {"news": list(articles)}:
            return News(tuple(Article(*map(str, article)) for article in articles))
    raise ValueError("not a kept reply")
