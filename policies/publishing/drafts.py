"""Drafts of clauses: one person writes a draft, another person publishes it (`policies.approval.four_eyes`).

A save with a fault (see `policies.library.checking`) is refused, and so is publishing one. Drafts of an import may have
faults, so that people can correct them one by one.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.draft_table import AsSeen
from policies.approval.errors import EditConflictError, RevisionError
from policies.district.statements import bump_version, district_of
from policies.library import tables
from policies.library.checking import Fault
from policies.library.models import Policy, Surroundings
from policies.publishing.belongings import (
    Belongings,
    HeldThings,
    decided,
    settle_belongings,
)
from policies.publishing.draft_rows import CLAUSES, insert_draft
from policies.publishing.imported import Imported, begin_drafts
from policies.publishing.publication_faults import check_publication, excused, new_faults
from policies.publishing.revisions import FaultyDraftError, Publication, Revision, as_revision, named
from policies.publishing.statements import (
    documents_of,
    documents_touched_by,
    keep_keys,
    library_of,
    library_with,
    publication_of,
    some_clauses,
    subject_of,
    touched_by,
)
from storage.clock import Clock
from storage.sql.database import Database

_R = tables.RevisionRow


class Drafts:
    """Makes, changes, sends back, discards and publishes drafts. A subject has one draft at a time.

    Each method is one transaction, or a part of the transaction that the caller has open (`Database.write` nests). So an
    audit entry that the caller writes is kept together with the change, or neither is.
    """

    def __init__(self, database: Database, clock: Clock, belongings: Sequence[Belongings] = ()) -> None:
        self._database = database
        self._clock = clock
        self.belongings = tuple(belongings)

    async def open(self) -> tuple[Revision, ...]:
        """Return all drafts that are not yet published, in the order of their subjects."""
        async with self._database.read() as session:
            rows = await session.scalars(
                select(_R).where(_R.state == RevisionState.DRAFT).order_by(_R.subject)
            )
            return tuple(as_revision(row) for row in rows)

    async def of(self, subject: int) -> Revision | None:
        """Return the draft of a clause, or of what surrounds the clauses of a document, if there is one."""
        async with self._database.read() as session:
            row = await CLAUSES.find(session, subject, RevisionState.DRAFT)
            return as_revision(row) if row else None

    async def get(self, revision_id: int) -> Revision | None:
        """Return any revision, by its id."""
        async with self._database.read() as session:
            row = await session.get(_R, revision_id)
            return as_revision(row) if row else None

    async def authors(self, drafts: Sequence[Revision]) -> dict[int, tuple[str, ...]]:
        """Return everybody who wrote a part of each draft since its clause was last published, by revision id."""
        async with self._database.read() as session:
            return {draft.id: await CLAUSES.authors_of(session, draft) for draft in drafts}

    async def faults(self, drafts: Sequence[Revision]) -> tuple[Fault, ...]:
        """Return the faults for which publishing these drafts together would be refused; () for none."""
        async with self._database.read() as session:
            before = await library_of(session, documents_touched_by(drafts))
            district = await district_of(session)
        after = library_with(before, drafts)
        return check_publication(before, after, touched_by(drafts), district.tracks, district.departments)

    async def faults_of(self, policy: Policy) -> tuple[Fault, ...]:
        """Return the faults of one clause by itself; a save of this clause would be refused for them."""
        async with self._database.read() as session:
            return await self._faults_of(session, policy)

    async def begin(
        self,
        content: Policy | Surroundings,
        *,
        author: str,
        note: str = "",
        retires: bool = False,
        base: int | None = None,
    ) -> Revision:
        """Make a draft of a clause, or of what surrounds the clauses.

        Args:
            content: the new clause; for `retires` its last text.
            author: who wrote it; someone else must publish it.
            note: why, for the history.
            retires: publishing takes the clause out of the library.
            base: id of the published revision that the author began from, if it must still be that one.

        Raises:
            EditConflictError: the subject has a draft already, or another base.
            FaultyDraftError: the clause has a fault.
        """
        async with self._database.write() as session:
            subject = await subject_of(session, content)
            if not retires:
                await self._refuse_faults(session, content)
            if await CLAUSES.find(session, subject, RevisionState.DRAFT) is not None:
                name = named(content, await documents_of(session))
                raise EditConflictError(f"{name}已有未发布的草稿，请先打开那份草稿")
            row = await insert_draft(
                session, subject, content, retires=retires, author=author, note=note, now=self._clock()
            )
            if isinstance(content, Policy):
                await keep_keys(session, (content.key,))
            if base is not None and row.base_id != base:
                name = named(content, await documents_of(session))
                raise EditConflictError(f"{name}在此期间已发布新的内容，请对照后再保存")
            return as_revision(row)

    async def save(
        self,
        revision_id: int,
        content: Policy | Surroundings,
        *,
        seen: int,
        author: str,
        note: str = "",
    ) -> Revision:
        """Save a draft again. A person who changes its content becomes one of its authors.

        Saving the same content again adds no author and removes none.

        Args:
            revision_id: the draft.
            content: its new content, of the same clause.
            seen: the count of `edits` that the editor began from.
            author: who saves.
            note: why, for the history.

        Raises:
            EditConflictError: the draft was saved, published or discarded in the meantime.
            FaultyDraftError: the clause has a fault.
        """
        async with self._database.write() as session:
            draft = await session.get(_R, revision_id)
            if draft is None or draft.subject != await subject_of(session, content):
                raise EditConflictError(CLAUSES.words.changed)
            await self._refuse_faults(session, content)
            as_seen, now = AsSeen(revision_id, seen), self._clock()
            saved = await CLAUSES.save(session, as_seen, content, author=author, now=now, note=note)
            return as_revision(saved)

    async def discard(self, revision_id: int, *, seen: int) -> None:
        """Discard a draft. It stays in the history.

        Raises:
            EditConflictError: the draft was saved, published or discarded in the meantime.
        """
        async with self._database.write() as session:
            await CLAUSES.discard(session, AsSeen(revision_id, seen), self._clock())

    async def send_back(self, revision_id: int, *, seen: int, by: str, reason: str) -> None:
        """Send a draft back to its authors. It cannot be published before it is saved again.

        Raises:
            EditConflictError: the draft was saved, published or discarded in the meantime.
            RevisionError: no reason is given.
        """
        async with self._database.write() as session:
            as_seen, now = AsSeen(revision_id, seen), self._clock()
            await CLAUSES.send_back(session, as_seen, by=by, reason=reason, now=now)

    async def publish(
        self,
        seen: Sequence[Revision],
        *,
        publisher: str,
        note: str = "",
    ) -> Publication:
        """Publish drafts together, in one transaction.

        Args:
            seen: the drafts as the publisher saw them.
            publisher: a person who wrote no part of any of them since it was last published.
            note: what the publication is about.

        Returns:
            The publication; `changes` says which clauses are new, changed and gone.

        Raises:
            OwnDraftError: the publisher wrote a part of one of them.
            ReturnedDraftError: one of them was sent back and not saved since.
            EditConflictError: one of them is no longer what the publisher saw.
            FaultyDraftError: what would then be public has a fault.
            UndecidedError: something hangs on a clause that goes, and nobody decided what becomes of it.
            RevisionError: there is nothing to publish.
        """
        if not seen:
            raise RevisionError("没有可发布的草稿")
        async with self._database.write() as session:
            # First, so that of two publications at once each is checked against the result of the other.
            await bump_version(session)
            before = await library_of(session, documents_touched_by(seen))
            publication = await self._publish_all(session, seen, publisher, note)
            after = await library_of(session, documents_touched_by(seen))
            district = await district_of(session)
            faults = check_publication(before, after, touched_by(seen), district.tracks, district.departments)
            if faults:
                raise FaultyDraftError(faults)
            await settle_belongings(session, seen, self.belongings, after)
            return await publication_of(session, publication)

    async def _publish_all(
        self, session: AsyncSession, seen: Sequence[Revision], publisher: str, note: str
    ) -> int:
        """Move the drafts in the order of their subjects; the id of the publication."""
        now = self._clock()
        documents = await documents_of(session)
        publication = tables.PublicationRow(publisher=publisher, note=note, published_at=now)
        session.add(publication)
        await session.flush()
        in_order = sorted(seen, key=lambda one: one.subject)
        await CLAUSES.publish(
            session,
            in_order,
            publisher=publisher,
            now=now,
            named=lambda row: named(as_revision(row).content, documents),
        )
        items = [
            {
                "publication_id": publication.id,
                "subject": draft.subject,
                "before_id": draft.base_id,
                "after_id": draft.id,
            }
            for draft in seen
        ]
        await session.execute(insert(tables.PublicationItem), items)
        return publication.id

    async def begin_all(self, imported: Imported, *, author: str, note: str) -> tuple[Revision, ...]:
        """Make a draft of each change of an import, all or none, also of a change with a fault (`imported.begin_drafts`).

        Raises:
            EditConflictError: a clause has another draft; the message names each such clause.
        """
        async with self._database.write() as session:
            made = await begin_drafts(session, imported, author=author, note=note, now=self._clock())
            return tuple(as_revision(row) for row in made)

    async def decisions(self, drafts: Sequence[Revision]) -> dict[int, dict[str, int | None]]:
        """Return what was decided on these drafts, by revision id."""
        async with self._database.read() as session:
            return await decided(session, [draft.id for draft in drafts])

    async def held(self, keys: Collection[int]) -> dict[str, Mapping[int, HeldThings]]:
        """Return what belongs to these clauses, by the name of its kind."""
        async with self._database.read() as session:
            return {kind.name: await kind.held(session, keys) for kind in self.belongings}

    async def _refuse_faults(self, session: AsyncSession, content: Policy | Surroundings) -> None:
        if isinstance(content, Policy) and (faults := await self._faults_of(session, content)):
            raise FaultyDraftError(faults)

    async def _faults_of(self, session: AsyncSession, policy: Policy) -> tuple[Fault, ...]:
        district = await district_of(session)
        names = {department.name for department in district.departments}
        name = (await documents_of(session)).name(policy)
        public = await CLAUSES.find(session, policy.key, RevisionState.PUBLISHED)
        before = as_revision(public).policy if public else None
        faults = new_faults(policy, before, {track.id for track in district.tracks.tracks}, names, name)
        may_lack = excused(await some_clauses(session, policy))
        return tuple(fault for fault in faults if fault.kind not in may_lack)
