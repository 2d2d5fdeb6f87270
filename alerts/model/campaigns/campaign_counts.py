"""Counters of a campaign: how many of its rows are in each state. They move in the transaction that moves the rows."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.tables import CampaignCount, Delivery
from storage.sql.upsert import insert


async def add_counts(session: AsyncSession, campaign_id: int, changes: Mapping[str, int]) -> None:
    """Move a campaign's counters in the transaction that moves its rows (`{"pending": -3, "sent": 3}`)."""
    moved = {(campaign_id, state): n for state, n in changes.items()}
    await (await session.connection()).run_sync(move_counts, moved)


def move_counts(connection: Connection, changes: Mapping[tuple[int, str], int]) -> None:
    """Move the counters of many campaigns, by campaign and state."""
    rows = [  # in one order everywhere: two transactions on the same campaigns must not wait for each other
        {"campaign_id": campaign_id, "state": state, "n": n}
        for (campaign_id, state), n in sorted(changes.items())
        if n
    ]
    if rows:
        connection.execute(_counting(connection.dialect.name), rows)


@cache
def _counting(dialect: str) -> Any:
    statement = insert(dialect, CampaignCount)
    return statement.on_conflict_do_update(
        index_elements=["campaign_id", "state"], set_={"n": CampaignCount.n + statement.excluded.n}
    )


async def counts_of(session: AsyncSession, campaign_id: int) -> dict[str, int]:
    """Return a campaign's rows by state, and their `total`. The ledger is not scanned."""
    found = await session.execute(
        select(CampaignCount.state, CampaignCount.n).where(CampaignCount.campaign_id == campaign_id)
    )
    counts = {state: n for state, n in found if n}
    return {"total": sum(counts.values()), **counts}


async def recount(session: AsyncSession, campaign_id: int) -> None:
    """Set a campaign's counters by its rows; walks over all of them."""
    rows = await session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.campaign_id == campaign_id)
        .group_by(Delivery.state)
    )
    counted: Counter[str] = Counter()
    for state, n in rows:
        counted["pending" if state in {"claimed", "trying"} else state] += n
    await session.execute(delete(CampaignCount).where(CampaignCount.campaign_id == campaign_id))
    await add_counts(session, campaign_id, counted)
