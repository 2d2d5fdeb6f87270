"""Consents to subscription notifications: sends that a member granted, that we spent, that the member revoked.

A consent to a one-time template allows one send. A consent to a long-term template (`lasting` in
`BOT_WECHAT_TEMPLATES`) is not spent; it is valid until it is revoked (docs/wechat.md §5.3). WeChat reports consents
with `subscribe_msg_popup_event` and withdrawals with `subscribe_msg_change_event` (§2.5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import Grant

_REMAINING = Grant.granted - Grant.spent - Grant.revoked


@dataclass(frozen=True, slots=True)
class GrantCount:
    """Counts of sends by one template, for one member or for all."""

    granted: int
    spent: int
    revoked: int

    @property
    def remaining(self) -> int:
        """Sends that are still allowed."""
        return self.granted - self.spent - self.revoked


class Grants:
    """Reads and changes consents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(self, member_id: int, templates: Iterable[str]) -> None:
        """Add one send for each template. The same template twice counts twice."""
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
        """The member switched these templates off: their remaining sends are void."""
        async with self._database.write() as session:
            for template_id in templates:
                await void(session, template_id, [member_id])

    async def of_member(self, member_id: int) -> dict[str, GrantCount]:
        """Return the member's counts, by template id."""
        statement = select(Grant.template_id, Grant.granted, Grant.spent, Grant.revoked).where(
            Grant.member_id == member_id
        )
        async with self._database.read() as session:
            return {row[0]: GrantCount(*row[1:]) for row in await session.execute(statement)}


async def spend(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> set[int]:
    """Spend one send of each member who has one, in the caller's transaction. Returns these members' ids."""
    taken = await session.scalars(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids), _REMAINING > 0)
        .values(spent=Grant.spent + 1)
        .returning(Grant.member_id)
        .execution_options(synchronize_session=None)
    )
    return set(taken)


async def give_back(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> None:
    """Give back one send to each member, for messages that were certainly not sent."""
    await session.execute(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids), Grant.spent > 0)
        .values(spent=Grant.spent - 1)
        .execution_options(synchronize_session=None)
    )


async def void(session: AsyncSession, template_id: str, member_ids: Collection[int]) -> None:
    """Void all remaining sends: the members revoked them, or WeChat refused with 43101."""
    await session.execute(
        update(Grant)
        .where(Grant.template_id == template_id, Grant.member_id.in_(member_ids))
        .values(revoked=Grant.granted - Grant.spent)
        .execution_options(synchronize_session=None)
    )


def answers(raw: Mapping[str, Any], element: str) -> list[tuple[str, bool]]:
    """Return the answers in a `subscribe_msg_*` event: (template id, accepted), in order.

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
