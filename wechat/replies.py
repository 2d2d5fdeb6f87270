"""What we answer, before it becomes XML (passive reply) or JSON (customer-service message)."""

from dataclasses import dataclass


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
