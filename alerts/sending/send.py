"""One try of one message: it is sent, and WeChat's answer becomes a verdict."""

import random
from collections.abc import Awaitable, Callable

import structlog

from alerts.channels.verdicts import SendVerdict, Try, accepted, failed
from alerts.model.rows.row_reasons import NO_ANSWER
from alerts.model.rows.row_states import RowState, Timing
from alerts.sending.message import Message
from alerts.sending.metrics import DeliveryMetrics
from storage import tracing
from wechat.api.calls import Gate
from wechat.api.errors import ApiFailure, HeldBack, NotSent, WeChatError

_log = structlog.get_logger(__name__)


class Sender:
    """Sends messages.

    Args:
        ask_openid: what user/info says of an openid that a send was refused for.
    """

    def __init__(
        self,
        metrics: DeliveryMetrics,
        *,
        ask_openid: Callable[[str], Awaitable[SendVerdict]],
        rng: random.Random,
        timing: Timing,
    ) -> None:
        self._metrics = metrics
        self._ask_openid = ask_openid
        self._rng = rng
        self._timing = timing

    async def attempt(self, message: Message, gate: Gate) -> SendVerdict | None:
        """Send a message once. Return None if `gate` said no; then nothing was sent. Never raises."""
        try:
            with tracing.span("wechat: send", parent=message.chunk.trace, channel=message.channel.value):
                answer = await message.call(gate=gate)
            return accepted(message.channel, answer)
        except HeldBack:
            return None
        except ApiFailure as failure:
            self._count(message, failure)
            tried = Try(message.channel, message.rows[0].attempts + 1, message.doubted)
            verdict = failed(failure, tried, self._timing, self._rng)
        except Exception:  # the edge of sending: whatever broke, WeChat may have the message
            _log.exception("worker.send_broke", campaign=message.campaign.id)
            again = message.channel.remembered
            return SendVerdict(
                RowState.PENDING if again else RowState.UNKNOWN,
                NO_ANSWER,
                retry_in_s=60 if again else 0,
                doubt=True,
            )
        return await self._ask_openid(message.recipients[0].openid) if verdict.ask_openid else verdict

    def _count(self, message: Message, failure: ApiFailure) -> None:
        if isinstance(failure, WeChatError):
            errcode = str(failure.errcode)
        else:
            errcode = "unsent" if isinstance(failure, NotSent) else "none"
        self._metrics.tried.labels(message.channel.value, errcode).inc()
