"""Application windows as things that hang on a clause: what becomes of them when the clause goes."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.tables import WindowRow
from policies.publishing.belongings import HeldThings
from policies.windows.window_fields import closing_words
from storage.clock import Clock, day_of

_LONGEST_TITLE = 200
_TWIN = "（原条款）"


class WindowsOfClauses:
    """Windows that are open or will open. A past one stays with its clause."""

    name = "windows"
    label = "申报期"
    ending = "撤回，并告知已收到提醒的用户"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Return the windows of clauses that have not closed."""
        rows = await session.scalars(
            select(WindowRow)
            .where(
                WindowRow.policy_id.in_(keys),
                WindowRow.withdrawn_at.is_(None),
                WindowRow.closes_on >= self._today(),
            )
            .order_by(WindowRow.closes_on, WindowRow.id)
        )
        names: dict[int, list[str]] = {}
        for row in rows:
            names.setdefault(row.policy_id, []).append(
                f"{row.title}（{row.opens_on} 至 {closing_words(row.closes_on)}）"
            )
        return {key: HeldThings(len(of_key), tuple(of_key)) for key, of_key in names.items()}

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Give the windows to another clause. They stay the same windows, so nobody is told of an opening again."""
        rows = (
            await session.scalars(select(WindowRow).where(WindowRow.policy_id.in_((key, successor))))
        ).all()
        taken = {(row.title, row.opens_on) for row in rows if row.policy_id == successor}
        for row in rows:
            if row.policy_id == key and row.withdrawn_at is None:
                if (row.title, row.opens_on) in taken:
                    row.title = row.title[: _LONGEST_TITLE - len(_TWIN)] + _TWIN
                row.policy_id, row.updated_at = successor, self._clock()
        await session.flush()

    async def end(self, session: AsyncSession, key: int) -> None:
        """Withdraw the windows; the next tick tells the members who were told of them."""
        now = self._clock()
        await session.execute(
            update(WindowRow)
            .where(
                WindowRow.policy_id == key,
                WindowRow.withdrawn_at.is_(None),
                WindowRow.closes_on >= self._today(),
            )
            .values(withdrawn_at=now, updated_at=now)
        )

    def _today(self) -> date:
        return day_of(self._clock())
