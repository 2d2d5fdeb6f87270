"""Statements that move what is published; each runs inside a caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from policies.library import tables
from policies.library.models import Compendium, Edition, Policy, Track, TrackList
from policies.publishing.revisions import EDITION, Publication, Revision, State, as_revision, change_of

SEEDED_BY = "policies.json"
"""Author and publisher of the revisions that fill an empty database."""


async def claim_first(session: AsyncSession, *, is_sqlite: bool) -> bool:
    """Whether this transaction may fill the database. Of several that try at the same time, one may."""
    dialect = sqlite if is_sqlite else postgresql
    claim = dialect.insert(tables.CompendiumState).values(id=1, version=1).on_conflict_do_nothing()
    claimed = await session.execute(claim.returning(tables.CompendiumState.id))
    return claimed.first() is not None


async def insert_published(session: AsyncSession, compendium: Compendium, now: datetime) -> None:
    """Add a whole compendium as published."""
    contents: list[tuple[int, Policy | Edition]] = [(EDITION, compendium.edition)]
    contents += [(policy.id, policy) for policy in compendium.policies]
    rows = [
        {
            "subject": subject,
            "number": 1,
            "state": State.PUBLISHED,
            "data": content.model_dump(mode="json"),
            "author": SEEDED_BY,
            "created_at": now,
            "updated_at": now,
            "publisher": SEEDED_BY,
            "published_at": now,
        }
        for subject, content in contents
    ]
    await session.execute(insert(tables.Revision), rows)


async def compendium_of(session: AsyncSession) -> Compendium | None:
    """What is published, as this transaction sees it; None where nothing has been."""
    table = tables.Revision
    rows = await session.scalars(
        select(table).where(table.state == State.PUBLISHED).execution_options(populate_existing=True)
    )
    revisions = {row.subject: as_revision(row) for row in rows}
    edition = revisions.get(EDITION)
    if edition is None or not isinstance(edition.content, Edition):
        return None
    policies = tuple(r.policy for _, r in sorted(revisions.items()) if r.policy is not None)
    return Compendium(**dict(edition.content), policies=policies)


async def tracks_of(session: AsyncSession) -> TrackList:
    """The tracks people can follow now, as this transaction sees them."""
    table = tables.Track
    found = await session.scalars(select(table).where(table.active).order_by(table.position))
    rows = found.all()
    return TrackList(
        provisional=any(row.provisional for row in rows),
        tracks=tuple(Track(id=row.id, name=row.name, aliases=tuple(row.aliases)) for row in rows),
    )


async def bump_version(session: AsyncSession) -> None:
    """Raise the version, so that every process that polls it reads again."""
    table = tables.CompendiumState
    await session.execute(update(table).values(version=table.version + 1))


async def publication_of(session: AsyncSession, publication_id: int) -> Publication:
    """A publication with what it changed."""
    publication = await session.get_one(tables.Publication, publication_id)
    item, before, after = tables.PublicationItem, aliased(tables.Revision), aliased(tables.Revision)
    rows = await session.execute(
        select(before, after)
        .select_from(item)
        .join(after, after.id == item.after_id)
        .outerjoin(before, before.id == item.before_id)
        .where(item.publication_id == publication_id)
        .order_by(item.subject)
    )
    moves: list[tuple[tables.Revision | None, tables.Revision]] = [(move[0], move[1]) for move in rows]
    revisions = [(as_revision(old) if old else None, as_revision(new)) for old, new in moves]
    return Publication(
        id=publication.id,
        publisher=publication.publisher,
        note=publication.note,
        published_at=publication.published_at,
        changes=tuple(change_of(old, new) for old, new in revisions if new.subject != EDITION),
        edition_changed=any(new.subject == EDITION for _, new in revisions),
    )


def compendium_with(compendium: Compendium, drafts: Sequence[Revision]) -> Compendium:
    """The compendium as it would be public with these drafts."""
    policies = {policy.id: policy for policy in compendium.policies}
    edition = compendium.edition
    for draft in drafts:
        if isinstance(draft.content, Edition):
            edition = draft.content
        elif draft.policy is None:
            policies.pop(draft.subject, None)
        else:
            policies[draft.subject] = draft.policy
    return Compendium(**dict(edition), policies=tuple(policy for _, policy in sorted(policies.items())))


def touched_by(drafts: Sequence[Revision]) -> frozenset[int | None]:
    """What drafts change: clauses by number, None for what surrounds them."""
    return frozenset(None if draft.subject == EDITION else draft.subject for draft in drafts)
