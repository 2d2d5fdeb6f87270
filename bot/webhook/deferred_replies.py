"""Deferred replies: a reply that came too late for its push, or was too long for one message.

It is sent at once as a customer-service message. If the account may not send one, it waits in Redis for the next
message.
"""

from typing import Protocol

import structlog

from storage import tracing
from storage.redis.pipeline import RedisPipeline
from wechat.api.errors import ApiFailure, WeChatError
from wechat.replies import Reply, Text, reply_from_bytes, reply_to_bytes
from wechat.texts import TEXT_LIMIT, cut_to_bytes

KEPT_S = 24 * 3600
_MOST_MESSAGES = 3
"""Customer-service messages; the smaller of WeChat's two allowances (after a tap, a follow or a scan; docs/wechat.md §5.1)."""

_log = structlog.stdlib.get_logger(__name__)


class CustomerService(Protocol):
    """Sends customer-service messages; `wechat.api.client.WeChatClient` does."""

    async def custom_text(self, openid: str, content: str) -> None:
        """Send a text of at most 2048 bytes."""


class DeferredReplies:
    """Delivers a reply after its push: at once as a customer-service message, else with the next reply.

    Args:
        customer_service: None if the account may not send customer-service messages (unverified).
        pipeline: Redis keeps a reply until the person's next message. None: it cannot wait.
    """

    def __init__(self, customer_service: CustomerService | None, pipeline: RedisPipeline | None) -> None:
        self._customer_service = customer_service
        self._pipeline = pipeline

    def key(self, who: str) -> str:
        """Return the Redis key of a person's deferred reply; `who` is the pseudonym."""
        return f"wx:late:{who}"

    async def deliver(self, openid: str, who: str, reply: Reply) -> None:
        """Send the reply now if WeChat allows it, else store it for the next message. Raises no ApiFailure."""
        if reply is None:
            return
        rest = cut_to_bytes(reply.content)
        if self._customer_service is not None:
            rest = await self._send(self._customer_service, openid, rest)
        if rest and self._pipeline is not None:
            self._pipeline.post(("SET", self.key(who), reply_to_bytes(Text("".join(rest))), "EX", KEPT_S))

    async def _send(self, service: CustomerService, openid: str, parts: list[str]) -> list[str]:
        """Send the parts that WeChat takes; returns those that it did not take."""
        for at, part in enumerate(parts):
            try:
                if at >= _MOST_MESSAGES:
                    return parts[at:]
                with tracing.span("wechat: customer-service message"):
                    await service.custom_text(openid, part)
            except ApiFailure as failure:
                errcode = failure.errcode if isinstance(failure, WeChatError) else None
                _log.warning("callback.deferred_not_sent", cause=type(failure).__name__, errcode=errcode)
                return parts[at:]
        return []

    def delete(self, who: str) -> None:
        """Delete the stored reply: it has been shown."""
        if self._pipeline is not None:
            self._pipeline.post(("DEL", self.key(who)))


def prepend_deferred(kept: bytes, reply: Reply) -> tuple[Reply, Reply]:
    """Return a stored reply, put before the present one: the part that fits into one message, and the rest or None."""
    try:
        deferred = reply_from_bytes(kept)
    except (ValueError, TypeError):
        return reply, None
    text = f"您上一条消息的回答：\n{_content(deferred)}"
    if reply is not None:
        text += f"\n\n{_content(reply)}"
    first, *rest = cut_to_bytes(text, TEXT_LIMIT)
    return Text(first), Text("".join(rest)) if rest else None


def _content(reply: Reply) -> str:
    return "" if reply is None else reply.content
