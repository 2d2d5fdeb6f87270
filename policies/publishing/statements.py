"""Statements that move what is published; each runs inside a caller's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from policies.approval.columns import RevisionState
from policies.library import tables
from policies.library.library import Library, in_printed_order
from policies.library.models import Document, Policy, Surroundings
from policies.publishing.revisions import SURROUNDINGS, Publication, Revision, as_revision, change_of

SEEDED_BY = "policies.json"
"""Author and publisher of the revisions that fill an empty database."""
_A_FEW = 50
LOWEST_LAST_KEY = 1000
"""New clauses get keys above it, so that a printed number, which is lower, is hardly ever the key of another clause."""


async def claim_first(session: AsyncSession, *, is_sqlite: bool) -> bool:
    """Whether this transaction may fill the database. Of several that try at the same time, one may."""
    dialect = sqlite if is_sqlite else postgresql
    state = tables.LibraryState
    claim = dialect.insert(state).values(id=1, version=1, last_key=LOWEST_LAST_KEY).on_conflict_do_nothing()
    claimed = await session.execute(claim.returning(state.id))
    return claimed.first() is not None


async def insert_published(session: AsyncSession, library: Library, now: datetime) -> None:
    """Add a whole library as published, under the keys that it has."""
    for document in library.documents:
        is_default = document.id == library.default
        await insert_document(session, document, is_default=is_default, by=SEEDED_BY, now=now)
    await keep_keys(session, (policy.key for policy in library.policies))


async def insert_document(
    session: AsyncSession, document: Document, *, is_default: bool, by: str, now: datetime
) -> None:
    """Add a document as published, behind the others."""
    subject = await _insert_row(session, document.id, is_default=is_default, short_name=document.short_name)
    contents: list[tuple[int, Policy | Surroundings]] = [(subject, document.surroundings)]
    contents += [(policy.key, policy) for policy in document.policies]
    rows = [
        {
            "subject": number,
            "document": document.id,
            "number": 1,
            "state": RevisionState.PUBLISHED,
            "data": content.model_dump(mode="json"),
            "author": by,
            "created_at": now,
            "updated_at": now,
            "publisher": by,
            "published_at": now,
        }
        for number, content in contents
    ]
    await session.execute(insert(tables.RevisionRow), rows)


async def _insert_row(
    session: AsyncSession, document_id: str, *, is_default: bool, short_name: str = ""
) -> int:
    """Add the row of a new document behind the others; returns the subject of its surroundings."""
    table = tables.DocumentRow
    lowest = await session.scalar(select(func.min(table.subject)))
    last = await session.scalar(select(func.max(table.position))) or 0
    subject = SURROUNDINGS if lowest is None else lowest - 1
    row = table(
        id=document_id, subject=subject, position=last + 1, is_default=is_default, short_name=short_name
    )
    session.add(row)
    await session.flush()
    return subject


async def take_keys(session: AsyncSession, count: int) -> range:
    """Take a number of new keys. They are never given out again."""
    state = tables.LibraryState
    grown = update(state).values(last_key=state.last_key + count).returning(state.last_key)
    last = (await session.execute(grown)).scalar_one()
    return range(last - count + 1, last + 1)


async def keep_keys(session: AsyncSession, keys: Iterable[int]) -> None:
    """Make sure that keys which came with their clauses are not given out."""
    state = tables.LibraryState
    highest = max(keys, default=0)
    await session.execute(update(state).where(state.last_key < highest).values(last_key=highest))


async def documents_of(session: AsyncSession) -> Library:
    """Return the documents without their clauses, for names."""
    rows = await session.scalars(
        select(tables.RevisionRow).where(
            tables.RevisionRow.state == RevisionState.PUBLISHED, tables.RevisionRow.subject <= SURROUNDINGS
        )
    )
    return await _library(session, [as_revision(row) for row in rows])


async def library_of(session: AsyncSession, only: Collection[str] | None = None) -> Library:
    """Return what is published, as this transaction sees it; a library without documents if nothing is.

    Args:
        session: of the transaction.
        only: ids of the documents whose clauses are read. The others come without clauses. None: all documents.
    """
    table = tables.RevisionRow
    published = select(table).where(table.state == RevisionState.PUBLISHED)
    if only is not None:
        published = published.where((table.subject <= SURROUNDINGS) | table.document.in_(only))
    rows = await session.scalars(published.execution_options(populate_existing=True))
    return await _library(session, [as_revision(row) for row in rows])


async def _library(session: AsyncSession, revisions: Sequence[Revision]) -> Library:
    table = tables.DocumentRow
    rows = await session.scalars(select(table).where(table.retired.is_(False)).order_by(table.position))
    return library_from(
        [(row.id, row.is_default, row.short_name) for row in rows],
        [(one.content, one.retires, one.kin.key if one.kin else None) for one in revisions],
    )


def library_from(
    documents: Sequence[tuple[str, bool, str]],
    contents: Iterable[tuple[Policy | Surroundings, bool, int | None]],
) -> Library:
    """Return a library of published contents.

    Args:
        documents: ids in the order that people see them, which is the default one, and short names.
        contents: clauses and surroundings; whether a clause is retired, and the key of the one that took its place.
    """
    surroundings: dict[str, Surroundings] = {}
    clauses: dict[str, list[Policy]] = {document: [] for document, _, _ in documents}
    gone: dict[int, int | None] = {}
    for content, retires, successor in contents:
        if isinstance(content, Surroundings):
            surroundings[content.id] = content
        elif retires or content.document not in clauses:
            gone[content.key] = successor if retires else None
        else:
            clauses[content.document].append(content)
    return Library.of(
        (
            _document(surroundings[id_], clauses[id_], short_name)
            for id_, _, short_name in documents
            if id_ in surroundings
        ),
        next((id_ for id_, is_default, _ in documents if is_default), ""),
        gone,
    )


def _document(surroundings: Surroundings, policies: Iterable[Policy], short_name: str) -> Document:
    held = in_printed_order(surroundings, policies)
    return Document(**dict(surroundings), policies=held, short_name=short_name)


async def subject_of(session: AsyncSession, content: Policy | Surroundings) -> int:
    """Return the subject that the revisions of a clause, or of a document's surroundings, carry."""
    if isinstance(content, Policy):
        return content.key
    row = await session.get_one(tables.DocumentRow, content.id)
    return row.subject


async def subject_for(session: AsyncSession, content: Policy | Surroundings) -> int:
    """`subject_of`; a document that is new gets its row, and is nowhere seen before its surroundings are published."""
    if isinstance(content, Surroundings) and await session.get(tables.DocumentRow, content.id) is None:
        first = await session.scalar(select(func.count()).where(tables.DocumentRow.is_default)) == 0
        return await _insert_row(session, content.id, is_default=first)
    return await subject_of(session, content)


async def some_clauses(session: AsyncSession, policy: Policy) -> list[Policy]:
    """Return a few published clauses of the document of a clause: what one of them lacks, the document need not print."""
    table = tables.RevisionRow
    rows = await session.scalars(
        select(table)
        .where(table.document == policy.document, table.state == RevisionState.PUBLISHED)
        .where(table.subject > SURROUNDINGS, table.subject != policy.key)
        .limit(_A_FEW)
    )
    return [found for row in rows if (found := as_revision(row).policy)]


async def publication_of(session: AsyncSession, publication_id: int) -> Publication:
    """Return a publication with what it changed."""
    publication = await session.get_one(tables.PublicationRow, publication_id)
    item, before, after = tables.PublicationItem, aliased(tables.RevisionRow), aliased(tables.RevisionRow)
    rows = await session.execute(
        select(before, after)
        .select_from(item)
        .join(after, after.id == item.after_id)
        .outerjoin(before, before.id == item.before_id)
        .where(item.publication_id == publication_id)
        .order_by(item.subject)
    )
    moves: list[tuple[tables.RevisionRow | None, tables.RevisionRow]] = [(move[0], move[1]) for move in rows]
    revisions = [(as_revision(old) if old else None, as_revision(new)) for old, new in moves]
    return Publication(
        id=publication.id,
        publisher=publication.publisher,
        note=publication.note,
        published_at=publication.published_at,
        changes=tuple(change_of(old, new) for old, new in revisions if new.subject > SURROUNDINGS),
    )


def library_with(library: Library, drafts: Sequence[Revision]) -> Library:
    """Return the library as it would be public with these drafts."""
    around = [draft.content for draft in drafts if isinstance(draft.content, Surroundings)]
    new = [Document(**dict(one), policies=()) for one in around if library.document(one.id) is None]
    return Library.of(
        (_with_drafts(document, drafts) for document in (*library.documents, *new)), library.default
    )


def _with_drafts(document: Document, drafts: Sequence[Revision]) -> Document:
    policies = {policy.key: policy for policy in document.policies}
    surroundings = document.surroundings
    for draft in drafts:
        if isinstance(draft.content, Surroundings):
            surroundings = draft.content if draft.content.id == document.id else surroundings
        elif draft.content.document != document.id or draft.policy is None:
            policies.pop(draft.subject, None)
        else:
            policies[draft.subject] = draft.policy
    return _document(surroundings, policies.values(), document.short_name)


def documents_touched_by(drafts: Sequence[Revision]) -> frozenset[str]:
    """Return ids of the documents that drafts change."""
    contents = (draft.content for draft in drafts)
    return frozenset(one.id if isinstance(one, Surroundings) else one.document for one in contents)


def touched_by(drafts: Sequence[Revision]) -> frozenset[int | str]:
    """Return what drafts change: clauses by key, the surroundings of documents by id."""
    return frozenset(
        draft.content.id if isinstance(draft.content, Surroundings) else draft.subject for draft in drafts
    )
