"""Who may publish a draft: nobody who wrote a part of it since the clause was last published.

A contribution stays when another person overwrites it or saves the same text again. Contributions to discarded drafts
since the last publication count too, because their text may be in the new draft. The least role of who publishes stands in
`console.clauses.publishing.ROUTES`. For broadcasts see `alerts.model.four_eyes`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.tables import Revision, RevisionContribution
from storage.sql.upsert import insert


def person_of(author: str) -> str:
    """The person behind an author's name: the author `cli:li` of a command is the operator `li`."""
    return author.removeprefix("cli:")


async def contribute(session: AsyncSession, revision_id: int, author: str, now: datetime) -> None:
    """Note that a person wrote a part of a revision."""
    row = {"revision_id": revision_id, "person": person_of(author), "at": now}
    await session.execute(insert(session, RevisionContribution).values(row).on_conflict_do_nothing())


async def authors_of(session: AsyncSession, draft: Revision) -> tuple[str, ...]:
    """Everybody who wrote a part of a draft, or of one discarded since its clause was last published."""
    base = await session.get(Revision, draft.base_id) if draft.base_id is not None else None
    found = await session.scalars(
        select(RevisionContribution.person)
        .join(Revision, Revision.id == RevisionContribution.revision_id)
        .where(
            Revision.subject == draft.subject,
            Revision.number > (base.number if base is not None else 0),
            Revision.number <= draft.number,
        )
        .group_by(RevisionContribution.person)
        .order_by(RevisionContribution.person)
    )
    return tuple(found)


async def own_among(session: AsyncSession, drafts: Sequence[Revision], person: str) -> list[int]:
    """Subjects of the drafts that a person wrote a part of, and so may not publish."""
    return [draft.subject for draft in drafts if person_of(person) in await authors_of(session, draft)]
