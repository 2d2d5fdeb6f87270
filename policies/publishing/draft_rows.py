"""Statements on drafts; each runs inside a caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library import tables
from policies.library.changes import Kin
from policies.library.models import Policy, Surroundings
from policies.publishing.four_eyes import contribute
from policies.publishing.revisions import EditConflictError, Revision, State

_R = tables.Revision


async def insert_draft(
    session: AsyncSession,
    subject: int,
    content: Policy | Surroundings,
    *,
    retires: bool,
    author: str,
    note: str,
    now: datetime,
    import_id: int | None = None,
    kin: Kin | None = None,
) -> tables.Revision:
    """Add a draft that begins from what is published now."""
    base = await current(session, subject, State.PUBLISHED)
    last = await session.scalar(select(func.max(_R.number)).where(_R.subject == subject))
    row = tables.Revision(
        subject=subject,
        document=content.document if isinstance(content, Policy) else content.id,
        number=(last or 0) + 1,
        state=State.DRAFT,
        data=content.model_dump(mode="json"),
        retires=retires,
        base_id=base.id if base else None,
        author=author,
        note=note,
        created_at=now,
        updated_at=now,
        import_id=import_id,
        relation=kin.relation if kin else "",
        kin=kin.key if kin else None,
    )
    session.add(row)
    await session.flush()
    await contribute(session, row.id, author, now)
    return row


async def current(session: AsyncSession, subject: int, state: State) -> tables.Revision | None:
    """The row of a subject that has the state, such as its draft or its published revision."""
    found: tables.Revision | None = await session.scalar(
        select(_R).where(_R.subject == subject, _R.state == state)
    )
    return found


async def move(session: AsyncSession, where: tuple[object, ...], **values: object) -> None:
    """Change one row, if it is still as the caller saw it.

    Raises:
        EditConflictError: it is not.
    """
    moved = await session.execute(update(_R).where(*where).values(**values))  # type: ignore[arg-type]
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        raise EditConflictError("草稿在此期间已被他人修改、发布或放弃，请刷新后再试")


def as_seen(draft: Revision | tuple[int, int]) -> tuple[object, ...]:
    """Conditions for a draft that nobody has saved, published or discarded since: its id, state and `edits`."""
    identity, edits = draft if isinstance(draft, tuple) else (draft.id, draft.edits)
    return (_R.id == identity, _R.state == State.DRAFT, _R.edits == edits)


async def publish_row(
    session: AsyncSession, draft: Revision, publication_id: int, publisher: str, now: datetime
) -> None:
    """Put a draft in the place of what is published."""
    if draft.base_id is not None:
        await move(session, (_R.id == draft.base_id, _R.state == State.PUBLISHED), state=State.REPLACED)
    await move(session, as_seen(draft), state=State.PUBLISHED, publisher=publisher, published_at=now)
    await session.execute(
        insert(tables.PublicationItem).values(
            publication_id=publication_id, subject=draft.subject, before_id=draft.base_id, after_id=draft.id
        )
    )


async def rows_of(session: AsyncSession, drafts: Sequence[Revision]) -> list[tables.Revision]:
    """The drafts' rows as they are now, by subject."""
    found = await session.scalars(
        select(_R)
        .where(_R.id.in_([draft.id for draft in drafts]))
        .order_by(_R.subject)
        .execution_options(populate_existing=True)
    )
    return list(found)
