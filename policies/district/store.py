"""A district's data in the database: the folder fills it once; then two people change it, one who writes and one who approves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from policies.district.checking import faults_of
from policies.district.models import District, Part
from policies.district.revisions import (
    ChangedMeanwhileError,
    FaultyPartError,
    OutdatedProposalError,
    OwnProposalError,
    Revision,
    State,
    as_revision,
)
from policies.district.statements import (
    bump_version,
    district_of,
    insert_next,
    move,
    names_in_use,
    revisions_of,
    row_of,
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
    """A part at the desk: what is in effect, and the proposal that waits, if there is one."""

    in_effect: Revision | None
    proposal: Revision | None

    @property
    def latest(self) -> Revision | None:
        """What an editor goes on from."""
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
        """What is in effect, with the rules."""
        async with self._database.read() as session:
            return replace(await district_of(session), rules=await rules_as_kept(session))

    async def parts(self) -> Mapping[Part, PartNow]:
        """Each part with what is in effect and what waits for approval."""
        table = DistrictRevision
        open_states = (State.IN_EFFECT, State.PROPOSED)
        async with self._database.read() as session:
            rows = await session.scalars(select(table).where(table.state.in_(open_states)))
            revisions = {(revision.part, revision.state): revision for revision in map(as_revision, rows)}
        return {
            part: PartNow(revisions.get((part, State.IN_EFFECT)), revisions.get((part, State.PROPOSED)))
            for part in Part
        }

    async def history(self, part: Part) -> tuple[Revision, ...]:
        """The newest revisions of a part, newest first."""
        async with self._database.read() as session:
            return await revisions_of(session, part, _HISTORY)

    async def propose(self, part: Part, content: BaseModel, *, seen: int, author: str) -> Revision:
        """Save a proposal: a new one, or the one that waits, written on.

        Args:
            part: which part.
            content: the whole part as it is to be.
            seen: the number of the revision that the author began from (0: none), so that nobody's words are overwritten.
            author: who wrote it; somebody else must approve.

        Raises:
            ChangedMeanwhileError: the part is no longer what the author saw.
            FaultyPartError: it can't be as it is written.
        """
        now = self._clock()
        try:
            async with self._database.write() as session:
                await self._refuse_faults(session, content)
                waiting = await row_of(session, part, State.PROPOSED)
                effective = await row_of(session, part, State.IN_EFFECT)
                latest = waiting or effective
                if mark_of(latest) != seen:
                    raise ChangedMeanwhileError
                if waiting is None:
                    row = await insert_next(
                        session, part, content, state=State.PROPOSED, author=author, now=now
                    )
                    return as_revision(row)
                await move(
                    session,
                    waiting,
                    data=content.model_dump(mode="json"),
                    edits=waiting.edits + 1,
                    authors=list(dict.fromkeys((*waiting.authors, author))),
                    updated_at=now,
                )
                return as_revision(
                    await session.get_one(DistrictRevision, waiting.id, populate_existing=True)
                )
        except IntegrityError as error:
            raise ChangedMeanwhileError from error

    async def approve(self, part: Part, *, seen: int, by: str) -> Revision:
        """Put a proposal in effect; every process shows it within a second.

        Args:
            part: which part.
            seen: the mark of the proposal as it was looked at (`mark_of`).
            by: a person who wrote no part of it.

        Raises:
            ChangedMeanwhileError: the proposal is no longer the one that was looked at.
            OwnProposalError: `by` wrote a part of it.
            OutdatedProposalError: another state was put in effect since it was begun.
            FaultyPartError: clauses published meanwhile need what it takes away.
        """
        async with self._database.write() as session:
            row = await self._proposal(session, part, seen)
            if by in row.authors:
                raise OwnProposalError
            effective = await row_of(session, part, State.IN_EFFECT)
            if (effective.number if effective else 0) != row.base_number:
                raise OutdatedProposalError
            await self._refuse_faults(session, as_revision(row).content)
            return await self._put_in_effect(session, row, by)

    async def discard(self, part: Part, *, seen: int) -> Revision:
        """Give a proposal up; it stays in the history. Raises `ChangedMeanwhileError`."""
        async with self._database.write() as session:
            row = await self._proposal(session, part, seen)
            revision = as_revision(row)
            await move(session, row, state=State.DISCARDED, updated_at=self._clock())
            return revision

    async def replace(self, part: Part, content: BaseModel, *, by: str) -> Revision:
        """Put a part in effect at once, by the authority of whoever has the shell. A proposal that waits stays.

        Raises:
            FaultyPartError: it can't be as it is written.
        """
        async with self._database.write() as session:
            await self._refuse_faults(session, content)
            row = await insert_next(
                session, part, content, state=State.REPLACED, author=by, now=self._clock()
            )
            return await self._put_in_effect(session, row, by)

    async def _put_in_effect(self, session: AsyncSession, row: DistrictRevision, by: str) -> Revision:
        """Let a revision take the place of the one in effect."""
        now, part = self._clock(), Part(row.part)
        effective = await row_of(session, part, State.IN_EFFECT)
        if effective is not None:
            await move(session, effective, state=State.REPLACED)
        await move(session, row, state=State.IN_EFFECT, approved_by=by, in_effect_at=now, updated_at=now)
        revision = as_revision(await session.get_one(DistrictRevision, row.id, populate_existing=True))
        if isinstance(revision.content, TrackList):
            await store_tracks(session, revision.content)
        await bump_version(session)
        return revision

    async def _proposal(self, session: AsyncSession, part: Part, seen: int) -> DistrictRevision:
        row = await row_of(session, part, State.PROPOSED)
        if row is None or mark_of(row) != seen:
            raise ChangedMeanwhileError
        return row

    async def _refuse_faults(self, session: AsyncSession, content: BaseModel) -> None:
        tracks, departments = await names_in_use(session)
        faults = faults_of(content, tracks_used=tracks, departments_used=departments)
        if faults:
            raise FaultyPartError(faults)


def mark_of(revision: Revision | DistrictRevision | None) -> int:
    """A number that another state of the part does not have: a save, an approval and a new proposal change it."""
    return revision.id * 1000 + revision.edits if revision else 0
