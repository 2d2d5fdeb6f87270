"""Drafts of clauses: written by one person, published by another, never over each other's work."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from policies import tables
from policies.changes import PolicyChange
from policies.models import Edition, Policy
from policies.publishing import bump_version, publication_of
from policies.revisions import (
    EDITION,
    EditConflictError,
    OwnDraftError,
    Publication,
    Revision,
    RevisionError,
    State,
    as_revision,
)
from storage.clock import Clock
from storage.database import Database

_R = tables.Revision


class Drafts:
    """Makes, changes, discards and publishes drafts. A subject has one draft at a time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self) -> tuple[Revision, ...]:
        """All drafts that wait for a publisher, by subject."""
        async with self._database.read() as session:
            rows = await session.scalars(select(_R).where(_R.state == State.DRAFT).order_by(_R.subject))
            return tuple(as_revision(row) for row in rows)

    async def of(self, subject: int) -> Revision | None:
        """The draft of a clause (or of `EDITION`), if there is one."""
        async with self._database.read() as session:
            row = await _current(session, subject, State.DRAFT)
            return as_revision(row) if row else None

    async def get(self, revision_id: int) -> Revision | None:
        """Any revision, by its id."""
        async with self._database.read() as session:
            row = await session.get(_R, revision_id)
            return as_revision(row) if row else None

    async def begin(
        self, content: Policy | Edition, *, author: str, note: str = "", retires: bool = False
    ) -> Revision:
        """Make a draft of a clause, or of what surrounds the clauses.

        Args:
            content: the new clause; for `retires` its last text.
            author: who wrote it; someone else must publish it.
            note: why, for the history.
            retires: publishing takes the clause out of the compendium.

        Raises:
            EditConflictError: the subject has a draft already.
        """
        subject = content.id if isinstance(content, Policy) else EDITION
        try:
            async with self._database.write() as session:
                row = await _insert(
                    session, subject, content, retires=retires, author=author, note=note, now=self._clock()
                )
                return as_revision(row)
        except IntegrityError as error:
            raise EditConflictError(f"{_named(subject)}已有未发布的草稿，请先打开那份草稿") from error

    async def save(
        self, revision_id: int, content: Policy | Edition, *, seen: int, author: str, note: str = ""
    ) -> Revision:
        """Save a draft again; its last editor becomes its author.

        Args:
            revision_id: the draft.
            content: its new content, of the same clause.
            seen: the count of `edits` that the editor began from.
            author: who saves.
            note: why, for the history.

        Raises:
            EditConflictError: the draft was saved, published or discarded in the meantime.
        """
        subject = content.id if isinstance(content, Policy) else EDITION
        async with self._database.write() as session:
            await _move(
                session,
                (_R.id == revision_id, _R.subject == subject, _R.state == State.DRAFT, _R.edits == seen),
                data=content.model_dump(mode="json"),
                author=author,
                note=note,
                edits=_R.edits + 1,
                updated_at=self._clock(),
            )
            return as_revision(await session.get_one(_R, revision_id, populate_existing=True))

    async def discard(self, revision_id: int, *, seen: int) -> None:
        """Give a draft up; it stays in the history.

        Raises:
            EditConflictError: the draft was saved, published or discarded in the meantime.
        """
        async with self._database.write() as session:
            where = (_R.id == revision_id, _R.state == State.DRAFT, _R.edits == seen)
            await _move(session, where, state=State.DISCARDED, updated_at=self._clock())

    async def publish(self, seen: Sequence[Revision], *, publisher: str, note: str = "") -> Publication:
        """Publish drafts together, in one transaction.

        Args:
            seen: the drafts as the publisher saw them.
            publisher: another person than the author of any of them.
            note: what the publication is about.

        Returns:
            The publication; `changes` says which clauses are new, changed and gone.

        Raises:
            OwnDraftError: the publisher wrote one of them.
            EditConflictError: one of them is no longer what the publisher saw.
            RevisionError: there is nothing to publish.
        """
        if not seen:
            raise RevisionError("没有可发布的草稿")
        own = [_named(draft.subject) for draft in seen if draft.author == publisher]
        if own:
            raise OwnDraftError(f"{'、'.join(own)}由您本人编辑，须由另一位同事发布")
        now = self._clock()
        async with self._database.write() as session:
            publication = tables.Publication(publisher=publisher, note=note, published_at=now)
            session.add(publication)
            await session.flush()
            for draft in sorted(seen, key=lambda one: one.subject):
                await _publish_one(session, draft, publication.id, publisher, now)
            await bump_version(session)
            return await publication_of(session, publication.id)

    async def begin_all(
        self, changes: Sequence[PolicyChange], edition: Edition | None, *, author: str, note: str
    ) -> tuple[Revision, ...]:
        """Make a draft of each change of an import, all or none.

        A draft that says the same already is left as it is, so applying an import twice does nothing more.

        Raises:
            EditConflictError: a clause has another draft; the message names each such clause.
        """
        contents: list[tuple[int, Policy | Edition, bool]] = [(EDITION, edition, False)] if edition else []
        for change in changes:
            last = change.after or change.before
            if last is not None:
                contents.append((change.policy_id, last, change.after is None))
        now = self._clock()
        made: list[tables.Revision] = []
        blocked: list[str] = []
        async with self._database.write() as session:
            for subject, content, retires in contents:
                draft = await _current(session, subject, State.DRAFT)
                if draft is None:
                    row = await _insert(
                        session, subject, content, retires=retires, author=author, note=note, now=now
                    )
                    made.append(row)
                elif (as_revision(draft).content, draft.retires) != (content, retires):
                    blocked.append(_named(subject))
            if blocked:
                raise EditConflictError(f"{'、'.join(blocked)}已有未发布的草稿，请先发布或放弃后再导入")
            return tuple(as_revision(row) for row in made)


async def _publish_one(
    session: AsyncSession, draft: Revision, publication_id: int, publisher: str, now: datetime
) -> None:
    if draft.base_id is not None:
        await _move(session, (_R.id == draft.base_id, _R.state == State.PUBLISHED), state=State.REPLACED)
    await _move(
        session,
        (_R.id == draft.id, _R.state == State.DRAFT, _R.edits == draft.edits),
        state=State.PUBLISHED,
        publisher=publisher,
        published_at=now,
    )
    await session.execute(
        insert(tables.PublicationItem).values(
            publication_id=publication_id, subject=draft.subject, before_id=draft.base_id, after_id=draft.id
        )
    )


async def _insert(
    session: AsyncSession,
    subject: int,
    content: Policy | Edition,
    *,
    retires: bool,
    author: str,
    note: str,
    now: datetime,
) -> tables.Revision:
    base = await _current(session, subject, State.PUBLISHED)
    last = await session.scalar(select(func.max(_R.number)).where(_R.subject == subject))
    row = tables.Revision(
        subject=subject,
        number=(last or 0) + 1,
        state=State.DRAFT,
        data=content.model_dump(mode="json"),
        retires=retires,
        base_id=base.id if base else None,
        author=author,
        note=note,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def _current(session: AsyncSession, subject: int, state: State) -> tables.Revision | None:
    found: tables.Revision | None = await session.scalar(
        select(_R).where(_R.subject == subject, _R.state == state)
    )
    return found


async def _move(session: AsyncSession, where: tuple[object, ...], **values: object) -> None:
    moved = await session.execute(update(_R).where(*where).values(**values))  # type: ignore[arg-type]
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        raise EditConflictError("草稿在此期间已被他人修改、发布或放弃，请刷新后再试")


def _named(subject: int) -> str:
    return f"第 {subject} 条" if subject != EDITION else "汇编的前言与分部"
