"""Who may approve a broadcast: an approver who wrote and submitted no part of it.

The least role of the page and of the API call that approve stands in their rows (`console.broadcasts.pages.ROUTES`,
`console.api.broadcasts.ENDPOINTS`). For drafts of clauses see `policies.publishing.four_eyes`.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.tables import Campaign, CampaignContribution
from storage.sql.upsert import insert


async def contribute(session: AsyncSession, campaign_id: int, person: str, now: datetime) -> None:
    """Note that a person wrote or submitted a part of a broadcast. The note stays when another person overwrites the part."""
    row = {"campaign_id": campaign_id, "person": person, "at": now}
    await session.execute(insert(session, CampaignContribution).values(row).on_conflict_do_nothing())


async def authors_of(session: AsyncSession, campaign_id: int) -> tuple[str, ...]:
    """Everybody who wrote or submitted a part of a broadcast."""
    table = CampaignContribution
    return tuple(
        await session.scalars(
            select(table.person).where(table.campaign_id == campaign_id).order_by(table.person)
        )
    )


def is_author(person: str) -> ColumnElement[bool]:
    """Whether the person wrote or submitted a part of the campaign of a statement, and so may not approve it."""
    table = CampaignContribution
    return or_(
        exists().where(table.campaign_id == Campaign.id, table.person == person).correlate(Campaign),
        func.coalesce(Campaign.submitted_by, "") == person,
    )
