"""Export: all subscribers for a CSV file, and the changes of one member for their own copy."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.sql.database import Database
from subscriptions.tables import Company, Member, Subscription, SubscriptionChange

_PAGE = 2_000


async def subscribers(
    database: Database, *, include_unfollowed: bool = False
) -> AsyncIterator[tuple[str, str, str, tuple[str, ...]]]:
    """openid, company, uscc and track ids of each member, in order of member id, read page by page.

    Only a confirmed company is exported, because an import of the same file would confirm it.

    Args:
        database: the database.
        include_unfollowed: also export members who unfollowed and whose choices are still kept.
    """
    after = 0
    while True:
        statement = (
            select(Member.id, Member.openid, func.coalesce(Company.name, ""), func.coalesce(Company.uscc, ""))
            .outerjoin(Company, (Company.id == Member.company_id) & Member.company_confirmed)
            .where(Member.id > after)
            .order_by(Member.id)
            .limit(_PAGE)
        )
        if not include_unfollowed:
            statement = statement.where(Member.following)
        async with database.read() as session:
            rows = (await session.execute(statement)).all()
            if not rows:
                return
            tracks = defaultdict(list)
            of_page = (
                select(Subscription.member_id, Subscription.track_id)
                .where(Subscription.member_id > after, Subscription.member_id <= rows[-1][0])
                .order_by(Subscription.member_id, Subscription.track_id)
            )
            for member_id, track_id in await session.execute(of_page):
                tracks[member_id].append(track_id)
        after = rows[-1][0]
        for member_id, openid, company, uscc in rows:
            yield openid, company, uscc, tuple(tracks[member_id])


CHANGE_NAMES: Mapping[str, str] = {"subscribed": "订阅", "unsubscribed": "退订"}
"""Chinese names of the actions."""


@dataclass(frozen=True, slots=True)
class ExportedChange:
    """One change of a subscription."""

    at: datetime
    track_id: str
    action: str
    source: str


async def history(database: Database, member_id: int, *, limit: int | None = 200) -> list[ExportedChange]:
    """Return the changes of one member's subscriptions, newest first. `limit=None`: all of them."""
    statement = (
        select(
            SubscriptionChange.at,
            SubscriptionChange.track_id,
            SubscriptionChange.action,
            SubscriptionChange.source,
        )
        .where(SubscriptionChange.member_id == member_id)
        .order_by(SubscriptionChange.id.desc())
        .limit(limit)
    )
    async with database.read() as session:
        return [ExportedChange(*row) for row in await session.execute(statement)]
