"""Group robots (群机器人) of 企业微信 and 钉钉: one text to the operators' group.

- Needs: the robot's address (`BOT_OPERATORS_WEBHOOK`). It holds a key, so it is never logged. A 钉钉 robot with a
  signature (加签) is not supported. Its keyword (自定义关键词) can be 处理, which every notice contains.
- Limits: a text of 2,048 bytes (企业微信); 20 messages a minute (both).
- Message: `{"msgtype": "text", "text": {"content": …}}`, the same for both.
- Errors: see `NOT_NOW`. Every other code means that the robot refuses this text, or is not set up as it should be.

Sources: 企业微信 developer documentation, 消息推送; 钉钉 open platform, 自定义机器人发送群消息.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import structlog
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError

from wechat.texts import cut_to_bytes

TEXT_BYTES = 2_048
NOT_NOW: Mapping[int, str] = {
    45009: "企业微信：发送过快",
    45033: "企业微信：并发过多",
    130101: "钉钉：发送过快",
    660026: "钉钉：稍后再试",
}
"""Error codes after which the same text may be sent again later."""
_TIMEOUT = timedelta(seconds=10)
_log = structlog.get_logger(__name__)


class RobotAnswer(Enum):
    """What became of a text."""

    TAKEN = auto()
    NOT_NOW = auto()
    """The robot is busy or cannot be reached: no other text would pass now either."""
    REFUSED = auto()
    """The robot refuses this text; it may take others."""


@dataclass(frozen=True, slots=True)
class GroupRobot:
    """Writes to one group.

    Attributes:
        http: the process's HTTP client.
        webhook: the robot's address.
    """

    http: Client
    webhook: str

    async def send(self, text: str) -> RobotAnswer:
        """Send a text; what is longer than 2,048 bytes is cut off. Never raises."""
        message = {"msgtype": "text", "text": {"content": cut_to_bytes(text, TEXT_BYTES)[0]}}
        try:
            request = self.http.post(self.webhook).body_json(message).timeout(_TIMEOUT)
            response = await request.build().send()
            answer, cause = _read(response.status, await response.json() if response.status < 400 else None)
        except (PyreqwestError, ValueError) as error:  # ValueError: no address, or an answer that is no JSON
            answer, cause = RobotAnswer.NOT_NOW, type(error).__name__
        if answer is not RobotAnswer.TAKEN:
            _log.warning("operators.not_told", cause=cause, remedy="see BOT_OPERATORS_WEBHOOK")
        return answer


def _read(status: int, body: Any) -> tuple[RobotAnswer, str]:
    """Return what a robot's answer means, and the cause for the log."""
    if status >= 400:
        return (RobotAnswer.REFUSED if status < 500 else RobotAnswer.NOT_NOW), f"HTTP {status}"
    errcode = body.get("errcode", 0) if isinstance(body, dict) else None
    if errcode == 0:
        return RobotAnswer.TAKEN, ""
    return (RobotAnswer.NOT_NOW if errcode in NOT_NOW else RobotAnswer.REFUSED), f"errcode {errcode}"
