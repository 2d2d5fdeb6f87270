"""Guides are entered as drafts, and another person publishes them, like clauses."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.draft_table import DraftTable, Words
from policies.approval.errors import EditConflictError, RevisionError
from policies.approval.four_eyes import Contributions
from policies.guides.guide import Guide
from policies.guides.store import GuideVersion, version_of
from policies.guides.tables import GuideContribution, GuideRevision, GuideState
from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert

GUIDES = DraftTable(
    GuideRevision,
    GuideRevision.clause_key,
    Contributions(GuideContribution.revision_id),
    Words(
        changed="这份指南在此期间已被他人修改、发布或放弃，请刷新后再试",
        own="有您本人填写的内容，须由没有参与填写的同事发布",
        returned="已退回的指南修改保存后才能发布",
    ),
)


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
            The draft. None: the guide has not changed, so nothing was saved.

        Raises:
            EditConflictError: the draft was saved, published or discarded meanwhile, or there is another one.
        """
        now = self._clock()
        async with self._database.write() as session:
            draft = await GUIDES.find(session, clause_key, RevisionState.DRAFT)
            if (draft is None) != (seen is None):
                raise EditConflictError(GUIDES.words.changed)
            before = draft or await GUIDES.find(session, clause_key, RevisionState.PUBLISHED)
            if before is not None and Guide.model_validate(before.data) == guide:
                return None
            if seen is None:
                row = await GUIDES.begin(session, clause_key, guide, author=author, now=now)
            else:
                row = await GUIDES.save(session, seen, guide, author=author, now=now)
            return version_of(row)

    async def discard(self, seen: GuideVersion) -> None:
        """Discard a draft. It stays in the history.

        Raises:
            EditConflictError: it is no longer as seen.
        """
        async with self._database.write() as session:
            await GUIDES.discard(session, seen, self._clock())

    async def send_back(self, seen: GuideVersion, *, by: str, reason: str) -> None:
        """Send a draft back to its authors. It cannot be published before it is saved again.

        Raises:
            EditConflictError: it is no longer as seen.
            RevisionError: no reason is given.
        """
        async with self._database.write() as session:
            await GUIDES.send_back(session, seen, by=by, reason=reason, now=self._clock())

    async def authors(self, drafts: Sequence[GuideVersion]) -> dict[int, tuple[str, ...]]:
        """Return everybody who wrote a part of each draft since its clause's guide was last published, by version id."""
        async with self._database.read() as session:
            return {one.id: await GUIDES.authors_of(session, one) for one in drafts}

    async def publish(self, seen: Sequence[GuideVersion], *, publisher: str) -> None:
        """Publish drafts together, in one transaction.

        Args:
            seen: the drafts as the publisher saw them.
            publisher: a person who wrote no part of any of them.

        Raises:
            OwnDraftError: the publisher wrote a part of one of them.
            ReturnedDraftError: one of them was sent back and not saved since.
            EditConflictError: one of them is no longer what the publisher saw.
            OutdatedDraftError: another guide was published since one of them was begun.
            RevisionError: there is nothing to publish.
        """
        if not seen:
            raise RevisionError("没有可发布的指南")
        async with self._database.write() as session:
            await bump_guides(session)  # first, so that of two publications at once one waits for the other
            await GUIDES.publish(session, seen, publisher=publisher, now=self._clock())

    async def publish_at_once(self, guides: Mapping[int, Guide], *, author: str) -> tuple[int, ...]:
        """Publish guides without a second person, by the authority of whoever has the shell.

        A draft of the same clause is discarded; the history keeps it.

        Returns:
            The keys of the clauses whose guide is another now.
        """
        now, changed = self._clock(), []
        async with self._database.write() as session:
            await bump_guides(session)
            for key, guide in guides.items():
                published = await GUIDES.find(session, key, RevisionState.PUBLISHED)
                if published is not None and Guide.model_validate(published.data) == guide:
                    continue
                if draft := await GUIDES.find(session, key, RevisionState.DRAFT):
                    await GUIDES.discard(session, draft, now)
                await GUIDES.publish_at_once(session, key, guide, author=author, now=now)
                changed.append(key)
        return tuple(changed)


async def bump_guides(session: AsyncSession) -> None:
    """Raise the version, so that every process reads the guides again."""
    statement = insert(session, GuideState).values(id=1, version=1)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"version": GuideState.version + 1})
    )
