"""Guides are entered as drafts, and another person publishes them, as with clauses."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from policies.guides.guide import Guide
from policies.guides.store import GuideVersion, authors_of, version_of
from policies.guides.tables import GuideContribution, GuideRevision, GuideState
from policies.publishing.four_eyes import person_of
from policies.publishing.revisions import (
    EditConflictError,
    OwnDraftError,
    ReturnedDraftError,
    RevisionError,
    State,
)
from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert

_R = GuideRevision
_MEANWHILE = "这份指南在此期间已被他人修改、发布或放弃，请刷新后再试"


class GuideDrafts:
    """Makes, changes, sends back, discards and publishes drafts of guides. A clause has one draft at a time.

    Each method is one transaction, or a part of the transaction that the caller has open.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def save(
        self, clause_key: int, guide: Guide, *, author: str, seen: GuideVersion | None = None
    ) -> GuideVersion | None:
        """Save a guide as the clause's draft.

        Args:
            clause_key: the clause.
            guide: the new guide.
            author: who saves; someone else must publish it.
            seen: the draft that the author began from; None: there was none.

        Returns:
            The draft; None where the guide is as it was, so nothing was saved.

        Raises:
            EditConflictError: the draft was saved, published or discarded meanwhile, or there is another one.
        """
        now = self._clock()
        try:
            async with self._database.write() as session:
                row = await _row(session, clause_key, State.DRAFT)
                if (row is None) != (seen is None):
                    raise EditConflictError(_MEANWHILE)
                before = row or await _row(session, clause_key, State.PUBLISHED)
                if before is not None and Guide.model_validate(before.data) == guide:
                    return None
                if row is None:
                    row = await _new_row(session, clause_key, guide, author, now)
                elif seen is not None:
                    await _move(
                        session,
                        seen,
                        data=guide.model_dump(mode="json"),
                        author=author,
                        edits=_R.edits + 1,
                        updated_at=now,
                        returned_by=None,
                        return_reason="",
                    )
                await _contribute(session, row.id, author, now)
                return version_of(await session.get_one(_R, row.id, populate_existing=True))
        except IntegrityError as error:  # another process began a draft at the same moment
            raise EditConflictError(_MEANWHILE) from error

    async def discard(self, seen: GuideVersion) -> None:
        """Discard a draft. It stays in the history.

        Raises:
            EditConflictError: it is no longer as seen.
        """
        async with self._database.write() as session:
            await _move(session, seen, state=State.DISCARDED, updated_at=self._clock())

    async def send_back(self, seen: GuideVersion, *, by: str, reason: str) -> None:
        """Send a draft back to its authors. It cannot be published before it is saved again.

        Raises:
            EditConflictError: it is no longer as seen.
            RevisionError: no reason is given.
        """
        if not reason.strip():
            raise RevisionError("请写明退回的原因")
        async with self._database.write() as session:
            await _move(session, seen, edits=_R.edits + 1, returned_by=by, return_reason=reason[:500])

    async def publish(self, seen: Sequence[GuideVersion], *, publisher: str) -> None:
        """Publish drafts together, in one transaction.

        Args:
            seen: the drafts as the publisher saw them.
            publisher: a person who wrote no part of any of them.

        Raises:
            OwnDraftError: the publisher wrote a part of one of them.
            ReturnedDraftError: one of them was sent back and not saved since.
            EditConflictError: one of them is no longer what the publisher saw.
            RevisionError: there is nothing to publish.
        """
        if not seen:
            raise RevisionError("没有可发布的指南")
        async with self._database.write() as session:
            await bump_guides(session)  # first, so that of two publications at once one waits for the other
            for draft in seen:
                if draft.returned_by is not None:
                    raise ReturnedDraftError("已退回的指南修改保存后才能发布")
                if person_of(publisher) in await authors_of(session, draft.clause_key, draft.number):
                    raise OwnDraftError("有您本人填写的内容，须由没有参与填写的同事发布")
                await self._publish_one(session, draft, publisher)

    async def publish_at_once(self, guides: Mapping[int, Guide], *, author: str) -> tuple[int, ...]:
        """Publish guides without a second person, by the authority of whoever has the shell.

        A draft of the same clause is discarded; the history keeps it.

        Returns:
            The keys of the clauses whose guide is another now.
        """
        changed = []
        async with self._database.write() as session:
            await bump_guides(session)
            for key, guide in guides.items():
                published = await _row(session, key, State.PUBLISHED)
                if published is not None and Guide.model_validate(published.data) == guide:
                    continue
                draft = await _row(session, key, State.DRAFT)
                if draft is not None:
                    await self.discard(version_of(draft))
                new = await _new_row(session, key, guide, author, self._clock())
                await self._publish_one(session, version_of(new), author)
                changed.append(key)
        return tuple(changed)

    async def _publish_one(self, session: AsyncSession, draft: GuideVersion, publisher: str) -> None:
        await session.execute(
            update(_R)
            .where(_R.clause_key == draft.clause_key, _R.state == State.PUBLISHED)
            .values(state=State.REPLACED)
        )
        now = self._clock()
        await _move(session, draft, state=State.PUBLISHED, publisher=publisher, published_at=now)


async def bump_guides(session: AsyncSession) -> None:
    """Raise the version, so that every process reads the guides again."""
    statement = insert(session, GuideState).values(id=1, version=1)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"version": GuideState.version + 1})
    )


async def _row(session: AsyncSession, clause_key: int, state: State) -> GuideRevision | None:
    found: GuideRevision | None = await session.scalar(
        select(_R)
        .where(_R.clause_key == clause_key, _R.state == state)
        .execution_options(populate_existing=True)
    )
    return found


async def _new_row(
    session: AsyncSession, clause_key: int, guide: Guide, author: str, now: datetime
) -> GuideRevision:
    last = await session.scalar(select(func.max(_R.number)).where(_R.clause_key == clause_key))
    row = _R(
        clause_key=clause_key,
        number=(last or 0) + 1,
        state=State.DRAFT,
        data=guide.model_dump(mode="json"),
        author=author,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def _move(session: AsyncSession, seen: GuideVersion, **values: object) -> None:
    """Change a draft, if it is still as the caller saw it."""
    moved = await session.execute(
        update(_R).where(_R.id == seen.id, _R.state == State.DRAFT, _R.edits == seen.edits).values(**values)
    )
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        raise EditConflictError(_MEANWHILE)


async def _contribute(session: AsyncSession, revision_id: int, author: str, now: datetime) -> None:
    row = {"revision_id": revision_id, "person": person_of(author), "at": now}
    await session.execute(insert(session, GuideContribution).values(row).on_conflict_do_nothing())
