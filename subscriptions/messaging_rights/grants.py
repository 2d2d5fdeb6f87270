"""Subscription notifications: how many sends each member granted, we spent, they revoked.

Each consent to a one-time template pays for one send; of a long-term one (`lasting` in
`BOT_WECHAT_TEMPLATES`) nothing is spent, and a consent holds until it is revoked (docs/wechat.md §5.3). The events
that tell of consent and of its withdrawal are `subscribe_msg_popup_event` and `subscribe_msg_change_event` (§2.5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import Grant

_REMAINING = Grant.granted - Grant.spent - Grant.revoked


@dataclass(frozen=True, slots=True)
class GrantCount:
    """Sends of one template: of one member, or of all."""

    granted: int
    spent: int
    revoked: int

    @property
    def remaining(self) -> int:
        """What may still be sent."""
        return self.granted - self.spent - self.revoked


class Grants:
    """The account of consents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, member_id: int, templates: Iterable[str]) -> None:
        """One more send of each template; the same template twice counts twice."""
        async with self._database.write() as session:
            for template_id in templates:
                await session.execute(
                    insert(session, Grant)
                    .values(member_id=member_id, template_id=template_id, granted=1)
                    .on_conflict_do_update(
                        index_elements=[Grant.member_id, Grant.template_id],
                        set_={"granted": Grant.granted + 1},
                    )
                )

    async def revoke(self, member_id: int, templates: Collection[str]) -> None:
        """The member switched the templates off: what is left of them is void."""
        async with self._database.write() as session:
            for template_id in templates:
                await void(session, template_id, [member_id])

    async def of_member(self, member_id: int) -> dict[str, GrantCount]:
        """Counts by template."""
        statement = select(Grant.template_id, Grant.granted, Grant.spent, Grant.revoked).where(
            Grant.member_id == member_id
        )
        async with self._database.read() as session:
            return {row[0]: GrantCount(*row[1:]) for row in await session.execute(statement)}

    async def by_template(self) -> dict[str, GrantCount]:
        """Counts over all members, by template, for the console."""
        statement = select(
            Grant.template_id, func.sum(Grant.granted), func.sum(Grant.spent), func.sum(Grant.revoked)
        ).group_by(Grant.template_id)
        async with self._database.read() as session:
            return {row[0]: GrantCount(*map(int, row[1:])) for row in await session.execute(statement)}


async def spend(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> set[int]:
    """Take one send for each member who has one left, in the caller's transaction; who had."""
    taken = await session.scalars(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids), _REMAINING > 0)
        .values(spent=Grant.spent + 1)
        .returning(Grant.member_id)
        .execution_options(synchronize_session=None)
    )
    return set(taken)


async def give_back(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> None:
    """Put back one send each that surely did not leave."""
    await session.execute(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids), Grant.spent > 0)
        .values(spent=Grant.spent - 1)
        .execution_options(synchronize_session=None)
    )


async def void(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> None:
    """Nothing is left: the members revoked it, or WeChat says so (43101)."""
    await session.execute(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids))
        .values(revoked=Grant.granted - Grant.spent)
        .execution_options(synchronize_session=None)
    )


def answers(raw: Mapping[str, Any], element: str) -> list[tuple[str, bool]]:
    """What a `subscribe_msg_*` event says: (template, accepted), in order.

    Args:
        raw: the event's elements (`Inbound.raw`).
        element: `SubscribeMsgPopupEvent` or `SubscribeMsgChangeEvent`.
    """
    rows = (raw.get(element) or {}).get("List") or []
    return [
        (str(row["TemplateId"]), row.get("SubscribeStatusString") == "accept")
        for row in rows
        if row.get("TemplateId")
    ]
