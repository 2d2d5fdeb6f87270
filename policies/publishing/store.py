"""The library in the database. What is published there counts; a file only fills an empty database."""

from typing import Any

from sqlalchemy import select

from policies.approval.columns import RevisionState
from policies.district.models import District, DistrictPart
from policies.district.statements import (
    bump_version,
    district_of,
    holds_district,
    rules_of,
    seed_parts,
    tracks_of,
)
from policies.library import tables
from policies.library.library import Library
from policies.library.models import TrackList
from policies.publishing.earlier_editions import EarlierEditions, earlier_editions
from policies.publishing.published_library import PublishedLibrary
from policies.publishing.revisions import Publication, Revision, as_revision
from policies.publishing.statements import (
    claim_first,
    insert_published,
    library_of,
    publication_of,
)
from storage.clock import Clock
from storage.sql.database import Database

_VERSION = select(select(tables.LibraryState.version).scalar_subquery())
_ANNOUNCED_AT_ONCE = 20


class NothingPublishedError(Exception):
    """The database holds no library yet; `seed` has not run."""


class PolicyStore:
    """Reads what is published and what it was before; drafts are made and published in `Drafts`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._published = PublishedLibrary(database)

    async def is_seeded(self) -> bool:
        """Whether nothing is left that a seed would fill."""
        async with self._database.read() as session:
            return await session.get(tables.LibraryState, 1) is not None and await holds_district(session)

    async def seed(self, library: Library, district: District) -> bool:
        """Fill an empty database in one transaction; one that was filled keeps what it has.

        The first clauses make no publication, so no alert announces them. A database of an earlier version, which kept
        tracks alone, gets what it lacks of the district's data.

        Returns:
            Whether the database was empty and this call filled it.
        """
        if await self.is_seeded():
            return False
        now = self._clock()
        async with self._database.write() as session:
            first = await claim_first(session, is_sqlite=self._database.is_sqlite)
            if first:
                await insert_published(session, library, now)
            if await seed_parts(session, district, now) and not first:
                await bump_version(session)
        return first

    async def version(self) -> int:
        """Return how often what is published, or the list of tracks, has changed. It reads one row. 0: not seeded."""
        (version,) = await self._database.look(_VERSION)
        return version or 0

    async def published(self) -> Library:
        """Return the library as published now.

        Raises:
            NothingPublishedError: the database has not been seeded.
        """
        if not self._database.in_transaction:
            library = await self._published.read()
        else:  # also what the caller's transaction has published
            async with self._database.read() as session:
                held = await session.get(tables.LibraryState, 1)
                library = await library_of(session) if held is not None else None
        if library is None:
            raise NothingPublishedError("the database holds no library yet")
        return library

    async def earlier_editions(self, library: Library) -> EarlierEditions:
        """Return what the present edition of each document of a published library changed."""
        return await earlier_editions(self._database, library)

    async def published_revisions(self) -> dict[int, Revision]:
        """Return the current revision of each subject, retired clauses included."""
        table = tables.RevisionRow
        async with self._database.read() as session:
            rows = await session.scalars(select(table).where(table.state == RevisionState.PUBLISHED))
            return {row.subject: as_revision(row) for row in rows}

    async def tracks(self) -> TrackList:
        """Return the tracks people can follow now, in their order."""
        async with self._database.read() as session:
            return await tracks_of(session)

    async def district(self) -> District:
        """Return the tracks, departments, places and texts in effect."""
        async with self._database.read() as session:
            return await district_of(session)

    async def rules(self) -> dict[DistrictPart, Any]:
        """Return the rules for matching companies, as the library's files give them."""
        async with self._database.read() as session:
            return await rules_of(session)

    async def texts(self) -> dict[int, str]:
        """Return each published clause's text by its number; {} if nothing is published."""
        library = await self.published() if await self.version() else Library()
        return {policy.key: policy.text for policy in library.policies}

    async def history(self, subject: int) -> tuple[Revision, ...]:
        """Return every revision of a clause, or of what surrounds the clauses of a document, newest first."""
        table = tables.RevisionRow
        async with self._database.read() as session:
            rows = await session.scalars(
                select(table).where(table.subject == subject).order_by(table.number.desc())
            )
            return tuple(as_revision(row) for row in rows)

    async def publications_after(self, last: int) -> tuple[Publication, ...]:
        """Return the next publications after the one with this id, oldest first: what alerts have yet to announce."""
        table = tables.PublicationRow
        async with self._database.read() as session:
            ids = await session.scalars(
                select(table.id).where(table.id > last).order_by(table.id).limit(_ANNOUNCED_AT_ONCE)
            )
            return tuple([await publication_of(session, publication_id) for publication_id in ids.all()])
