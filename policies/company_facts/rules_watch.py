"""Keeps what companies are matched by current in a process: a change of rules or clauses is read within seconds."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog
from sqlalchemy import select

from policies.district.models import DistrictPart
from policies.library.data_files import DataFileError
from policies.library.tables import LibraryState
from policies.publishing.store import PolicyStore
from storage.tasks.polling import Followed

_log = structlog.get_logger(__name__)


class RulesWatch:
    """Reads the rules again if the published version has changed.

    Args:
        store: where the rules are kept.
        take: takes over the rules and the clauses' texts in force; it runs in a thread. Rules that it refuses leave those before.
    """

    def __init__(
        self, store: PolicyStore, take: Callable[[Mapping[DistrictPart, Any], Mapping[int, str]], None]
    ) -> None:
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
            await asyncio.to_thread(self._take, await self._store.rules(), await self._store.texts())
        except DataFileError as error:
            _log.warning(
                "rules.not_usable", cause=str(error), remedy="企业对照按原来的条件进行，请在服务台修改"
            )
            return False
        return True

    def followed(self) -> Followed:
        """Return what the process polls: the version of what is published."""
        return Followed("rules.not_refreshed", [select(LibraryState.version).scalar_subquery()], self._hear)

    def _hear(self, version: int | None) -> Coroutine[Any, Any, object] | None:
        return None if version == self._version else self.refresh()
