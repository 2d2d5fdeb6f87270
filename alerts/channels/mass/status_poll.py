"""Asks WeChat how mass sends ended whose MASSSENDJOBFINISH never came."""

import asyncio

import structlog

from alerts.channels.mass.jobs import ASK_AFTER, JobReport, report, unreported
from alerts.model.rows.row_reasons import UNFINISHED
from storage.clock import Clock
from storage.sql.database import Database
from wechat.api.client import WeChatClient
from wechat.api.errors import ApiFailure

_EVERY_S = 300.0
_ENDED = {"SEND_SUCCESS": True, "SEND_FAIL": False, "DELETE": True}
_log = structlog.get_logger(__name__)


class MassStatus:
    """Asks `mass/get` every five minutes. An answer counts once, whichever worker asks."""

    def __init__(self, database: Database, client: WeChatClient, clock: Clock) -> None:
        self._database = database
        self._client = client
        self._clock = clock

    async def run(self) -> None:
        """Ask again and again until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.once()
            except Exception as error:  # the edge: asked again five minutes on
                _log.warning("worker.mass_status_failed", error=type(error).__name__)

    async def once(self) -> int:
        """Ask about each mass send that is overdue. The result counts those that had ended."""
        async with self._database.read() as session:
            overdue = await unreported(session, self._clock() - ASK_AFTER)
        ended = 0
        for message_id in overdue:
            try:
                status = await self._client.mass_status(message_id)
            except ApiFailure as failure:
                _log.warning("worker.mass_status_not_known", api=failure.api)
                continue
            if status in _ENDED:
                succeeded = _ENDED[status]
                told = JobReport(message_id, succeeded, "" if succeeded else UNFINISHED)
                async with self._database.write() as session:
                    ended += await report(session, told, self._clock())
        return ended
