"""A campaign's last steps: rows that can't leave any more, and when it is done."""

import asyncio
import random
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import update

from alerts.channels.mass.send_to_all import SendToAll
from alerts.lease.lease import HeldLease
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.content import AlertKind
from alerts.model.rows.row_reasons import CANCELLED, EXPIRED, NO_ANSWER
from alerts.model.tables import Campaign, Delivery, MassJob
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.jobs import alert_jobs
from alerts.scheduling.tick import Tick, TickMetrics
from policies.publishing.store import PolicyStore
from tests.alerts.delivery_stage import Stage
from tests.kit.polling_statements import statements


async def in_doubt(stage: Stage, row_id: int) -> None:
    async with stage.database.write() as session:
        await session.execute(
            update(Delivery)
            .where(Delivery.id == row_id)
            .values(tried_at=stage.real_ago(30), channel="template", attempts=1)
        )


async def test_while_no_campaign_is_open_all_jobs_of_one_second_share_one_look(
    stage: Stage, held: HeldLease
) -> None:
    tick = Tick(
        stage.database,
        PolicyStore(stage.database, stage.clock),
        stage.clock,
        TickMetrics.register(CollectorRegistry()),
    )
    _due, *jobs = alert_jobs(tick, CampaignProgress(stage.database, stage.clock))
    with statements() as asked:
        await asyncio.gather(*(job.run(held) for job in jobs))
    assert (len(jobs), len(asked)) == (4, 1)


@pytest.mark.parametrize("reason", [CANCELLED, EXPIRED])
async def test_a_row_in_doubt_is_unknown_when_its_campaign_ends_and_the_others_are_skipped(
    stage: Stage, held: HeldLease, reason: str
) -> None:
    campaign = await stage.campaign(await stage.members(3))
    await in_doubt(stage, (await stage.rows(campaign))[1].id)
    async with stage.database.write() as session:
        if reason == CANCELLED:
            await act(session, campaign, CampaignAction.CANCEL, stage.clock())
        else:
            expired = stage.clock() - timedelta(minutes=1)
            await session.execute(update(Campaign).where(Campaign.id == campaign).values(expires_at=expired))
    await CampaignProgress(stage.database, stage.clock).close_rows(held)
    found = [(row.state, row.reason) for row in await stage.rows(campaign)]
    assert found == [("skipped", reason), ("unknown", NO_ANSWER), ("skipped", reason)]
    assert await stage.counts(campaign) == {"total": 3, "skipped": 2, "unknown": 1}


async def test_a_send_to_all_with_nobody_in_the_ledger_is_not_done_before_it_was_made(
    stage: Stage, held: HeldLease
) -> None:
    campaign = await stage.campaign(
        [], kind=AlertKind.ANNOUNCEMENT, channel="mass", closes_on=None, everyone=True
    )
    progress = CampaignProgress(stage.database, stage.clock)
    assert await progress.finish(held) == 0
    sender = SendToAll(stage.database, stage.outlet, stage.clock, random.Random(1), stage.timing)
    await sender.advance(campaign)
    assert (await stage.wechat.stats())["calls"]["/cgi-bin/message/mass/sendall"] == 1
    assert await progress.finish(held) == 1
    assert (await stage.get(campaign)).status == Status.DONE


async def test_who_was_listed_for_a_send_to_all_that_may_have_been_made_is_unknown_after_a_cancellation(
    stage: Stage, held: HeldLease
) -> None:
    campaign = await stage.campaign(
        await stage.members(2), kind=AlertKind.ANNOUNCEMENT, channel="mass", closes_on=None, everyone=True
    )
    async with stage.database.write() as session:
        session.add(MassJob(campaign_id=campaign, lead_id=0, status="trying", sent_at=stage.clock()))
        await act(session, campaign, CampaignAction.CANCEL, stage.clock())
    await CampaignProgress(stage.database, stage.clock).close_rows(held)
    assert await stage.states(campaign) == ["unknown"] * 2


async def test_a_campaign_to_a_list_needs_no_send_to_all_to_be_done(stage: Stage, held: HeldLease) -> None:
    campaign = await stage.campaign(await stage.members(2), kind=AlertKind.ANNOUNCEMENT, channel="mass")
    await stage.deliver(campaign)
    assert await CampaignProgress(stage.database, stage.clock).finish(held) == 1
