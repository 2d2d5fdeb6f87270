"""Operators are told of a paused campaign where they are, not only where they look."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from pyreqwest.client import Client
from pyreqwest.exceptions import PyreqwestError
from sqlalchemy import select, update

from alerts.campaigns import Status
from alerts.lease import Held, guard
from alerts.tables import Campaign
from storage.database import Database

_TIMEOUT = timedelta(seconds=10)
_AT_ONCE = 20
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PauseNotices:
    """Writes to the operators' group; each pause once, again only where nobody knows whether it came through.

    Attributes:
        webhook: a group robot's address (企业微信 and 钉钉 take the same text message). It holds a key: never
            logged.
        desk: the desk's address, without a slash at the end.
    """

    database: Database
    http: Client
    webhook: str
    desk: str

    async def __call__(self, held: Held) -> None:
        """Tell of what has been paused since the last time."""
        waiting = (Campaign.status == Status.PAUSED.value, Campaign.pause_told.is_(False))
        async with self.database.read() as session:
            paused = (
                await session.execute(
                    select(Campaign.id, Campaign.title, Campaign.reason)
                    .where(*waiting)
                    .order_by(Campaign.id)
                    .limit(_AT_ONCE)
                )
            ).all()
        for campaign_id, title, reason in paused:
            if not await self._tell(
                f"推送“{title}”已暂停。\n原因：{reason or '由工作人员暂停'}\n"
                f"处理：{self.desk}/campaigns/{campaign_id}"
            ):
                return
            async with self.database.write() as session:
                await session.execute(
                    update(Campaign).where(Campaign.id == campaign_id, *waiting).values(pause_told=True)
                )
                await guard(session, held)

    async def _tell(self, text: str) -> bool:
        message = {"msgtype": "text", "text": {"content": text}}
        try:
            request = self.http.post(self.webhook).body_json(message).timeout(_TIMEOUT).error_for_status()
            answer = await (await request.build().send()).json()
            errcode = answer.get("errcode", 0) if isinstance(answer, dict) else None
            if errcode == 0:
                return True
            cause = f"errcode {errcode}"
        except (PyreqwestError, ValueError) as error:  # ValueError: the address is none
            cause = type(error).__name__
        _log.warning("operators_not_told", cause=cause, remedy="see BOT_OPERATORS_WEBHOOK")
        return False
