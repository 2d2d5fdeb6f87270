"""Announcements (公告) reach who takes them: each kind of audience and each way respects who left them."""

from itertools import count

import pytest
from sqlalchemy import select

from alerts.lease.lease import HeldLease
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_reasons import NO_ANNOUNCEMENTS
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.worker.sweep import _is_to_all
from storage.sql.database import Database
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock

_numbers = count()


async def announced(
    database: Database, held: HeldLease, clock: SetClock, audience: Audience, channel: str = "auto"
) -> tuple[dict[int, str | None], Campaign]:
    """Why each listed member gets none of an announcement, None where they get it; and the campaign."""
    new = NewCampaign(
        f"broadcast:{next(_numbers)}",
        AlertKind.ANNOUNCEMENT,
        Content(title="宣讲会"),
        audience,
        channel=channel,
    )
    async with database.write() as session:
        campaign_id = await create_campaign(session, new, clock())
    assert campaign_id is not None
    progress = CampaignProgress(database, clock)
    await progress.start(held)
    await progress.list_all(held)
    async with database.read() as session:
        rows = await session.scalars(select(Delivery).where(Delivery.campaign_id == campaign_id))
        return {row.member_id: row.reason for row in rows}, await session.get_one(Campaign, campaign_id)


@pytest.mark.parametrize("channel", ["auto", "mass"])
@pytest.mark.parametrize("by", ["everyone", "tracks", "members"])
async def test_who_left_the_announcements_gets_none_however_they_are_addressed(
    database: Database, people: People, held: HeldLease, clock: SetClock, by: str, channel: str
) -> None:
    (takes,) = await people.add("ai")
    (left,) = await people.add("ai", announcements=False)
    audience = {
        "everyone": Audience(everyone=True),
        "tracks": Audience(tracks=("ai",)),
        "members": Audience(members=(takes, left)),
    }[by]
    told, campaign = await announced(database, held, clock, audience, channel)
    assert told == {takes: None, left: NO_ANNOUNCEMENTS}
    assert not _is_to_all(campaign.audience) or channel == "auto", "to all would reach who left"


async def test_a_mass_send_to_all_stays_one_where_nobody_left(
    database: Database, people: People, held: HeldLease, clock: SetClock
) -> None:
    await people.add("ai")
    await people.add(announcements=False, following=False, unfollowed_at=clock())
    _, campaign = await announced(database, held, clock, Audience(everyone=True), "mass")
    assert _is_to_all(campaign.audience)
