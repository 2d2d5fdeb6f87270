"""Keeps the index of what is published, the guides and the editions before current in a process."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

import structlog
from sqlalchemy import func, select

from policies.district.models import District
from policies.guides.guide import NO_GUIDES, GuideBook
from policies.guides.store import GuideStore
from policies.guides.tables import GuideState
from policies.library.library import Library
from policies.library.models import Department
from policies.library.tables import LibraryState
from policies.meanings.reading import MeaningReader
from policies.publishing.earlier_editions import NO_EARLIER, EarlierEditions
from policies.publishing.store import NothingPublishedError, PolicyStore
from policies.questions.lessons import Lessons
from policies.questions.tables import TaughtState
from policies.search.index import PolicyIndex
from policies.search.indexing import Taught
from policies.search.words.language import load_language
from storage.tasks.outage_log import OutageLog
from storage.tasks.polling import POLL_SECONDS, Followed, keep_looking
from storage.tasks.without_garbage_collection import without_garbage_collection

_log = structlog.get_logger(__name__)
_VERSIONS = [
    select(func.max(table.version)).scalar_subquery() for table in (LibraryState, TaughtState, GuideState)
]
"""All that an index is built from changes with one of these."""


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
        guides: GuideStore | None = None,
        meanings: MeaningReader | None = None,
    ) -> None:
        self._store = store
        self._lessons = lessons
        self._guides = guides
        self._meanings = meanings
        self._read: PolicyIndex | None = None
        self._book = NO_GUIDES
        self._book_version = 0
        self._offices: dict[str, Department] = {}
        self._earlier = NO_EARLIER
        self._index: PolicyIndex | None = None
        self._version: tuple[int, int] | None = None
        self._building = asyncio.Lock()
        self._heard: tuple[int | None, ...] = ()
        self._outage = OutageLog("index.not_refreshed")

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

    @property
    def earlier(self) -> EarlierEditions:
        """What the present editions changed. The same object is returned until something is published."""
        return self._earlier

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
            earlier = await self._store.earlier_editions(library)
            self._index, self._earlier = await self._built(library, district), earlier
            self._offices = district.offices
            self._book = self._book.with_offices(self._offices)
            self._version = version
            return True

    async def with_word(self, policy_id: int, word: str) -> PolicyIndex:
        """Build the index as it would be if a clause had one more word. The current index stays."""
        library, district = await self._store.published(), await self._store.district()
        return await self._built(library, district, Taught(policy_id, word))

    async def _built(self, library: Library, district: District, *more: Taught) -> PolicyIndex:
        taught = await self._lessons.words() if self._lessons else ()
        confirmed = await self._lessons.confirmed.prototypes() if self._lessons else ()
        build = partial(PolicyIndex.build, data=load_language(), prototypes=confirmed, before=self._index)

        def made() -> PolicyIndex:
            with without_garbage_collection():
                library.warm_up()
                return build(library, district, (*taught, *more))

        return await asyncio.to_thread(made)

    async def _refresh_guides(self) -> None:
        if self._guides is None:
            return
        version = await self._guides.version()
        if version != self._book_version:
            self._book, self._book_version = (await self._guides.book()).with_offices(self._offices), version

    async def _current_version(self) -> tuple[int, int]:
        return await self._store.version(), await self._lessons.version() if self._lessons else 0

    async def read_meanings(self) -> None:
        """Read the current index with the sentence model, if that has not been done, and put what it says into it.

        It takes seconds where clauses are new. A new index that comes meanwhile is read the next time.
        """
        index = self._index
        if self._meanings is None or index is None or index is self._read:
            return
        meanings = await self._meanings.meanings_of(index)
        if index is self._index:
            self._read = self._index = index if meanings is None else index.with_meanings(meanings)

    async def run_meanings(self) -> None:
        """Read every new index until cancelled. While the database is unavailable words alone decide."""
        await keep_looking(self.read_meanings, POLL_SECONDS, OutageLog("meanings.not_read"))

    def followed(self) -> Followed:
        """Return what the process polls. While the database is away, the last index stays."""
        return Followed("index.not_refreshed", _VERSIONS, self._hear)

    def _hear(self, *versions: int | None) -> Coroutine[Any, Any, object] | None:
        return None if versions == self._heard else self._follow(versions)

    async def _follow(self, versions: tuple[int | None, ...]) -> None:
        try:
            if await self.refresh():
                _log.info("index.swapped", clauses=len(self.index.library.policies))
            self._outage.recovered()
        except NothingPublishedError as error:
            self._outage.failed(error)
            return
        self._heard = versions
