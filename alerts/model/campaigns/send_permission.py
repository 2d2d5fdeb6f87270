"""Asks the database whether a campaign may still send, right before a message leaves.

The mark in the ledger asks the same. But a marked message may wait for its turn longer than an operator's stop may
take. So each answer is used for `FRESH_S` seconds only.
"""

import asyncio
import time
from collections.abc import Collection

import structlog
from sqlalchemy import exists, select

from alerts.model.campaigns.campaign_states import Status
from alerts.model.kill_switch import OUTGOING
from alerts.model.tables import Campaign
from storage.sql.database import Database
from storage.sql.switches import Switch

FRESH_S = 0.3
"""A stop must hold within a second; the rest of the second is for the request's way to WeChat."""
_PAUSE_S = 0.1
_log = structlog.get_logger(__name__)
_SENDING = select(Campaign.id).where(
    Campaign.status == Status.SENDING.value, ~exists().where(Switch.name == OUTGOING)
)


class SendPermission:
    """The campaigns that may send now. Messages that ask at the same time share one query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._sending: frozenset[int] = frozenset()

    async def holds(self, campaign_ids: Collection[int], *, until: float) -> bool:
        """Whether all of these campaigns may send, by an answer that is fresh.

        Args:
            campaign_ids: those whose alerts a message brings.
            until: `time.monotonic()` after which it is too late anyway; while the database is away it is asked
                again and again so long.
        """
        while time.monotonic() < until:
            async with self._asking:
                if self._is_fresh() or await self._ask():
                    return self._sending.issuperset(campaign_ids) and time.monotonic() < until
            await asyncio.sleep(_PAUSE_S)
        return False

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._asked_at < FRESH_S

    async def _ask(self) -> bool:
        asked_at = time.monotonic()
        try:
            found = await self._database.run_in_read_transaction(
                lambda connection: connection.scalars(_SENDING).all()
            )
        except Exception as error:  # the edge of the database: nothing leaves until it answers
            _log.warning("worker.permission_not_asked", error=type(error).__name__)
            return False
        self._sending, self._asked_at = frozenset(found), asked_at
        return True
