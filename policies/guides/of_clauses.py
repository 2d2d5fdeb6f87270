"""Guides as things that hang on a clause: what becomes of them when the clause goes."""

from collections.abc import Collection, Mapping

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.guides.drafts import GUIDES, bump_guides
from policies.guides.guide import Guide
from policies.guides.tables import GuideRevision
from policies.publishing.belongings import HeldThings
from storage.clock import Clock

_R = GuideRevision
_CURRENT = (RevisionState.PUBLISHED, RevisionState.DRAFT)


class GuidesOfClauses:
    """Published guides, and drafts of guides."""

    name = "guides"
    label = "办事指南"
    ending = "不再显示，历史中仍可查看"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Return clauses that have a guide or a draft of one."""
        rows = await session.scalars(select(_R).where(_R.clause_key.in_(keys), _R.state.in_(_CURRENT)))
        names: dict[int, list[str]] = {}
        for row in rows:
            if row.state == RevisionState.DRAFT or not Guide.model_validate(row.data).is_empty:
                names.setdefault(row.clause_key, []).append(
                    "草稿" if row.state == RevisionState.DRAFT else "已发布"
                )
        return {key: HeldThings(len(of_key), tuple(of_key)) for key, of_key in names.items()}

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Give the guide to another clause. One that the other clause has already stays there.

        Who wrote a part of a draft stays one of its authors.
        """
        for state in _CURRENT:
            row, taken = await GUIDES.find(session, key, state), await GUIDES.find(session, successor, state)
            if row is None or (taken is not None and not Guide.model_validate(taken.data).is_empty):
                continue
            if taken is not None:
                taken.state = (
                    RevisionState.REPLACED if state is RevisionState.PUBLISHED else RevisionState.DISCARDED
                )
                await session.flush()
            now = self._clock()
            new = await GUIDES.begin(
                session,
                successor,
                Guide.model_validate(row.data),
                author=row.author,
                now=now,
                state=state,
                publisher=row.publisher,
                published_at=row.published_at,
            )
            for person in await GUIDES.authors_of(session, row):
                await GUIDES.authors.add(session, new.id, person, now)
        await self.end(session, key)

    async def end(self, session: AsyncSession, key: int) -> None:
        """Take the guide away; it stays in the history."""
        for state, after in (
            (RevisionState.PUBLISHED, RevisionState.REPLACED),
            (RevisionState.DRAFT, RevisionState.DISCARDED),
        ):
            await session.execute(
                update(_R)
                .where(_R.clause_key == key, _R.state == state)
                .values(state=after, updated_at=self._clock())
            )
        await bump_guides(session)
