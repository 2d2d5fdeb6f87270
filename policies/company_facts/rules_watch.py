"""Keeps what companies are matched by current in a process: a change that was approved at the desk is read within seconds."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from policies.district.models import Part
from policies.library.data_files import DataFileError
from policies.publishing.store import PolicyStore
from storage.tasks.outage_log import OutageLog
from storage.tasks.polling import keep_looking

_log = structlog.get_logger(__name__)
_POLL_S = 1.0


class RulesWatch:
    """Reads the rules again where the published version has changed.

    Args:
        store: where the rules are kept.
        take: takes the rules over; it runs in a thread. Rules that it refuses leave those before.
    """

    def __init__(self, store: PolicyStore, take: Callable[[Mapping[Part, Any]], None]) -> None:
        self._store = store
        self._take = take
        self._version: int | None = None

    async def refresh(self) -> bool:
        """Take the rules over if something was published since the last call. The first call notes the version only."""
        version = await self._store.version()
        known, self._version = self._version, version
        if known is None or known == version:
            return False
        try:
            await asyncio.to_thread(self._take, await self._store.rules())
        except DataFileError as error:
            _log.warning(
                "rules.not_usable", cause=str(error), remedy="企业对照按原来的条件进行，请在服务台修改"
            )
            return False
        return True

    async def run(self) -> None:
        """Refresh once a second until cancelled."""
        await keep_looking(self.refresh, _POLL_S, OutageLog("rules.not_refreshed"))
