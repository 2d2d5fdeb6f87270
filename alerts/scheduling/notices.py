"""Operators are told of a paused campaign where they are, not only where they look."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import structlog
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError
from sqlalchemy import select, update

from alerts.model.campaigns import Status
from alerts.model.tables import Campaign
from alerts.scheduling.lease import Held, guard
from storage.sql.database import Database

_TIMEOUT = timedelta(seconds=10)
_AT_ONCE = 20
_REASON_LENGTH = 300
"""With the longest title a text has room for so much: robots take 2,048 bytes."""
_TOO_OFTEN = frozenset({45009, 45033, 130101, 660026})
"""企业微信 and 钉钉 say: not now."""
_REST_S, _LONGEST_REST_S = 60.0, 3600.0
_log = structlog.get_logger(__name__)


class _Heard(Enum):
    """What became of a notice."""

    YES = auto()
    NOT_NOW = auto()
    REFUSED = auto()
    """This text, or the robot as it is set up; others may be taken."""


@dataclass(frozen=True, slots=True)
class PauseNotices:
    """Writes to the operators' group; each pause once, again only where nobody knows whether it came through.

    A notice that the robot refuses rests for a while, longer each time; the others go on.

    Attributes:
        webhook: a group robot's address (企业微信 and 钉钉 take the same text message). It holds a key: never
            logged.
        desk: the desk's address, without a slash at the end.
        now: seconds that only grow.
    """

    database: Database
    http: Client
    webhook: str
    desk: str
    now: Callable[[], float] = time.monotonic
    _resting: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Campaign → until when, and for how long."""

    async def __call__(self, held: Held) -> None:
        """Tell of what has been paused since the last time."""
        now = self.now()
        resting = [campaign_id for campaign_id, (until, _) in self._resting.items() if until > now]
        waiting = (Campaign.status == Status.PAUSED.value, Campaign.pause_told.is_(False))
        async with self.database.read() as session:
            paused = (
                await session.execute(
                    select(Campaign.id, Campaign.title, Campaign.reason)
                    .where(*waiting, Campaign.id.not_in(resting))
                    .order_by(Campaign.id)
                    .limit(_AT_ONCE)
                )
            ).all()
        for campaign_id, title, reason in paused:
            heard = await self._tell(
                f"推送“{title}”已暂停。\n原因：{(reason or '由工作人员暂停')[:_REASON_LENGTH]}\n"
                f"处理：{self.desk}/campaigns/{campaign_id}"
            )
            if heard is _Heard.NOT_NOW:
                return
            if heard is _Heard.REFUSED:
                self._rest(campaign_id)
                continue
            self._resting.pop(campaign_id, None)
            async with self.database.write() as session:
                await session.execute(
                    update(Campaign).where(Campaign.id == campaign_id, *waiting).values(pause_told=True)
                )
                await guard(session, held)

    def _rest(self, campaign_id: int) -> None:
        _, before = self._resting.get(campaign_id, (0.0, 0.0))
        pause = min(max(before * 2, _REST_S), _LONGEST_REST_S)
        self._resting[campaign_id] = (self.now() + pause, pause)

    async def _tell(self, text: str) -> _Heard:
        message = {"msgtype": "text", "text": {"content": text}}
        try:
            request = self.http.post(self.webhook).body_json(message).timeout(_TIMEOUT)
            response = await request.build().send()
            heard, cause = _judged(response.status, await response.json() if response.status < 400 else None)
        except (
            PyreqwestError,
            ValueError,
        ) as error:  # ValueError: the address is none, or the answer no JSON
            heard, cause = _Heard.NOT_NOW, type(error).__name__
        if heard is not _Heard.YES:
            _log.warning("operators_not_told", cause=cause, remedy="see BOT_OPERATORS_WEBHOOK")
        return heard


def _judged(status: int, answer: Any) -> tuple[_Heard, str]:
    """What a robot's answer means, and what to log of it."""
    if status >= 400:
        return (_Heard.REFUSED if status < 500 else _Heard.NOT_NOW), f"HTTP {status}"
    errcode = answer.get("errcode", 0) if isinstance(answer, dict) else None
    if errcode == 0:
        return _Heard.YES, ""
    return (_Heard.NOT_NOW if errcode in _TOO_OFTEN else _Heard.REFUSED), f"errcode {errcode}"
