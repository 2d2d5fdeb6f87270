"""A district's data in the database: the folder fills it once; then two people change it, one who writes and one who approves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError
from policies.district.checking import faults_of
from policies.district.models import District, DistrictPart
from policies.district.revisions import FaultyPartError, PartRevision, as_revision
from policies.district.statements import (
    PARTS,
    bump_version,
    district_of,
    names_in_use,
    revisions_of,
    rules_as_kept,
    store_tracks,
)
from policies.district.tables import DistrictRevision
from policies.library.models import TrackList
from storage.clock import Clock
from storage.sql.database import Database

_HISTORY = 20


@dataclass(frozen=True, slots=True)
class PartNow:
    """A part at the desk: what is in effect, and the proposal that waits, if there is one.

    Attributes:
        authors: who wrote a part of the proposal, or of one discarded since the last approval; they may not approve it.
    """

    in_effect: PartRevision | None
    proposal: PartRevision | None
    authors: tuple[str, ...] = ()

    @property
    def latest(self) -> PartRevision | None:
        """Return the revision that an editor continues from."""
        return self.proposal or self.in_effect


class DistrictStore:
    """Reads and changes the data of the district.

    Each method is one transaction, or a part of the caller's (`Database.write` nests), so a change and its audit entry
    are kept together.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self) -> District:
        """Return what is in effect, with the rules."""
        async with self._database.read() as session:
            return replace(await district_of(session), rules=await rules_as_kept(session))

    async def parts(self) -> Mapping[DistrictPart, PartNow]:
        """Return each part with what is in effect and what waits for approval."""
        table = DistrictRevision
        open_states = (RevisionState.PUBLISHED, RevisionState.DRAFT)
        async with self._database.read() as session:
            rows = (await session.scalars(select(table).where(table.state.in_(open_states)))).all()
            drafts = [row for row in rows if row.state == RevisionState.DRAFT]
            authors = {row.part: await PARTS.authors_of(session, row) for row in drafts}
            revisions = {(revision.part, revision.state): revision for revision in map(as_revision, rows)}
        return {
            part: PartNow(
                revisions.get((part, RevisionState.PUBLISHED)),
                revisions.get((part, RevisionState.DRAFT)),
                authors.get(part, ()),
            )
            for part in DistrictPart
        }

    async def history(self, part: DistrictPart) -> tuple[PartRevision, ...]:
        """Return the newest revisions of a part, newest first."""
        async with self._database.read() as session:
            return await revisions_of(session, part, _HISTORY)

    async def propose(
        self, part: DistrictPart, content: BaseModel, *, seen: int, author: str
    ) -> PartRevision:
        """Save a proposal: a new one, or the one that waits, written on.

        Args:
            part: which part.
            content: the whole part as it is to be.
            seen: the number of the revision that the author began from (0: none), so that nobody's words are overwritten.
            author: who wrote it; somebody else must approve.

        Raises:
            EditConflictError: the part is no longer what the author saw.
            FaultyPartError: the part has faults.
        """
        now = self._clock()
        async with self._database.write() as session:
            await self._refuse_faults(session, content)
            draft = await PARTS.find(session, part, RevisionState.DRAFT)
            if mark_of(draft or await PARTS.find(session, part, RevisionState.PUBLISHED)) != seen:
                raise EditConflictError(PARTS.words.changed)
            if draft is None:
                return as_revision(await PARTS.begin(session, part, content, author=author, now=now))
            return as_revision(await PARTS.save(session, draft, content, author=author, now=now))

    async def approve(self, part: DistrictPart, *, seen: int, by: str) -> PartRevision:
        """Put a proposal in effect; every process shows it within a second.

        Args:
            part: which part.
            seen: the mark of the proposal as it was looked at (`mark_of`).
            by: a person who wrote no part of it.

        Raises:
            EditConflictError: the proposal is no longer the one that was looked at.
            OwnDraftError: `by` wrote a part of it.
            ReturnedDraftError: it was sent back and not saved since.
            OutdatedDraftError: another state was put in effect since it was begun.
            FaultyPartError: clauses published meanwhile need what it takes away.
        """
        async with self._database.write() as session:
            draft = await self._draft(session, part, seen)
            [row] = await PARTS.publish(session, [draft], publisher=by, now=self._clock())
            revision = as_revision(row)
            await self._refuse_faults(session, revision.content)
            await _take_effect(session, revision)
            return revision

    async def send_back(self, part: DistrictPart, *, seen: int, by: str, reason: str) -> None:
        """Send a proposal back to its authors. It cannot be approved before it is saved again.

        Raises:
            EditConflictError: it is no longer as seen.
            RevisionError: no reason is given.
        """
        async with self._database.write() as session:
            draft = await self._draft(session, part, seen)
            await PARTS.send_back(session, draft, by=by, reason=reason, now=self._clock())

    async def discard(self, part: DistrictPart, *, seen: int) -> PartRevision:
        """Give a proposal up; it stays in the history. Raises `EditConflictError`."""
        async with self._database.write() as session:
            draft = await self._draft(session, part, seen)
            revision = as_revision(draft)
            await PARTS.discard(session, draft, self._clock())
            return revision

    async def replace(self, part: DistrictPart, content: BaseModel, *, by: str) -> PartRevision:
        """Put a part in effect at once, by the authority of whoever has the shell. A proposal that waits stays.

        Raises:
            FaultyPartError: the part has faults.
        """
        async with self._database.write() as session:
            await self._refuse_faults(session, content)
            row = await PARTS.publish_at_once(session, part, content, author=by, now=self._clock())
            revision = as_revision(row)
            await _take_effect(session, revision)
            return revision

    async def _draft(self, session: AsyncSession, part: DistrictPart, seen: int) -> DistrictRevision:
        row = await PARTS.find(session, part, RevisionState.DRAFT)
        if row is None or mark_of(row) != seen:
            raise EditConflictError(PARTS.words.changed)
        return row

    async def _refuse_faults(self, session: AsyncSession, content: BaseModel) -> None:
        tracks, departments = await names_in_use(session)
        faults = faults_of(content, tracks_used=tracks, departments_used=departments)
        if faults:
            raise FaultyPartError(faults)


async def _take_effect(session: AsyncSession, revision: PartRevision) -> None:
    """Do what follows when another revision of a part takes effect."""
    if isinstance(revision.content, TrackList):
        await store_tracks(session, revision.content)
    await bump_version(session)


def mark_of(revision: PartRevision | DistrictRevision | None) -> int:
    """Return a number that another state of the part does not have: a save, an approval and a new proposal change it."""
    return revision.id * 1000 + revision.edits if revision else 0
