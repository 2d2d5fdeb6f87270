"""What we answer, before it becomes XML (a passive reply) or JSON (a customer-service message).

Not wechatpy's replies: those hold the addressee, so they can't be kept for a retry without an openid (docs/wechat.md §9.5).
"""

from dataclasses import dataclass

_NOTHING, _TEXT = b"-", b"t"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any length; what exceeds 2048 bytes follows as customer-service messages or with 下一页."""

    content: str


Reply = Text | None
"""None: nothing to say (`success`)."""


def reply_to_bytes(reply: Reply) -> bytes:
    """Return a reply as bytes for Redis, without its addressee. The first byte is its kind, a text follows as UTF-8."""
    if reply is None:
        return _NOTHING
    return _TEXT + reply.content.encode("utf-8", "surrogatepass")


def reply_from_bytes(kept: bytes) -> Reply:
    """Return the reply that `reply_to_bytes` turned into these bytes.

    Raises:
        ValueError: the bytes are no such reply.
    """
    mark, content = kept[:1], kept[1:].decode("utf-8", "surrogatepass")
    if mark == _TEXT:
        return Text(content)
    if kept == _NOTHING:
        return None
    raise ValueError("not a kept reply")
