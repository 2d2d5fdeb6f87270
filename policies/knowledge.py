"""Keeps the index of what is published, and the guides, current in a process."""

import asyncio

import structlog

from policies.guides.guide import NO_GUIDES, GuideBook
from policies.guides.store import GuideStore
from policies.library.models import Department
from policies.publishing.store import NothingPublishedError, PolicyStore
from policies.questions.lessons import Lessons
from policies.search.index import PolicyIndex, Taught
from policies.search.words.language import LanguageData, load_language
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.outage_log import OutageLog

_log = structlog.get_logger(__name__)
_POLL_S = 0.5


class NotReadyError(Exception):
    """No index has been built yet: `refresh` has not run, or nothing is published."""


class Knowledge:
    """Holds the current index. After a change of clauses, tracks or taught words it builds a new one and replaces the old.

    An index never changes, so a caller may keep using the one it has.
    """

    def __init__(
        self,
        store: PolicyStore,
        lessons: Lessons | None = None,
        data: LanguageData | None = None,
        guides: GuideStore | None = None,
    ) -> None:
        self._store = store
        self._lessons = lessons
        self._guides = guides
        self._book = NO_GUIDES
        self._book_version = 0
        self._offices: dict[str, Department] = {}
        self._data = data or load_language()
        self._index: PolicyIndex | None = None
        self._version: tuple[int, int] | None = None
        self._building = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        """Whether there is an index to ask."""
        return self._index is not None

    @property
    def index(self) -> PolicyIndex:
        """The current index.

        Raises:
            NotReadyError: there is none yet.
        """
        if self._index is None:
            raise NotReadyError("the index has not been built")
        return self._index

    @property
    def guides(self) -> GuideBook:
        """The published guides, and where departments are reached. The same object is returned until either changes."""
        return self._book

    async def refresh(self) -> bool:
        """Read the guides if they have changed. Build a new index, in a thread, if clauses, tracks or taught words have changed.

        Returns:
            Whether a new index was swapped in.

        Raises:
            NothingPublishedError: the database has not been seeded.
        """
        async with self._building:
            await self._refresh_guides()
            version = await self._current_version()
            if version == self._version:
                return False
            library, district = await self._store.published(), await self._store.district()
            taught = await self._lessons.words() if self._lessons else ()
            self._index = await asyncio.to_thread(PolicyIndex.build, library, district, taught, self._data)
            self._offices = district.offices
            self._book = self._book.with_offices(self._offices)
            self._version = version
            return True

    async def with_word(self, policy_id: int, word: str) -> PolicyIndex:
        """Build the index as it would be if a clause had one more word. The current index stays."""
        library, district = await self._store.published(), await self._store.district()
        taught = await self._lessons.words() if self._lessons else ()
        more = (*taught, Taught(policy_id, word))
        return await asyncio.to_thread(PolicyIndex.build, library, district, more, self._data)

    async def _refresh_guides(self) -> None:
        if self._guides is None:
            return
        version = await self._guides.version()
        if version != self._book_version:
            self._book, self._book_version = (await self._guides.book()).with_offices(self._offices), version

    async def _current_version(self) -> tuple[int, int]:
        return await self._store.version(), await self._lessons.version() if self._lessons else 0

    async def run(self) -> None:
        """Refresh twice a second until cancelled. While the database is unavailable the last index stays."""
        outage = OutageLog("index.not_refreshed")
        while True:
            await asyncio.sleep(_POLL_S)
            try:
                if await self.refresh():
                    _log.info("index.swapped", clauses=len(self.index.library.policies))
                outage.recovered()
            except (*DATABASE_ERRORS, NothingPublishedError) as error:
                outage.failed(error)
