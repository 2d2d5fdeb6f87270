"""A broadcast that could not leave in time stops and asks, instead of arriving days late by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from alerts.lease.lease import HeldLease
from alerts.model.campaigns.campaign_states import CampaignAction, PassedCampaignError, Status
from alerts.model.campaigns.moves import LASTS, act
from alerts.model.content import AlertKind
from alerts.model.tables import Campaign
from alerts.scheduling.campaign_progress import LATE, CampaignProgress
from tests.alerts.delivery_stage import Stage, open_windows


async def a_broadcast(stage: Stage, *, status: Status) -> int:
    """To three members who can be written to, with a last hour five minutes away."""
    members = await stage.members(3, **open_windows(message=5))
    campaign = await stage.campaign(members, kind=AlertKind.ANNOUNCEMENT, closes_on=None)
    async with stage.database.write() as session:
        values = {"status": status, "last_at": stage.clock() + timedelta(minutes=5)}
        await session.execute(update(Campaign).where(Campaign.id == campaign).values(values))
    return campaign


async def let_pass(stage: Stage, campaign: int) -> None:
    """Five days without a process: the last hour is long over."""
    async with stage.database.write() as session:
        passed = stage.clock() - timedelta(days=5)
        await session.execute(update(Campaign).where(Campaign.id == campaign).values(last_at=passed))


@pytest.mark.moves_by_hand
async def test_a_broadcast_begins_in_time_by_itself(stage: Stage, held: HeldLease) -> None:
    campaign = await a_broadcast(stage, status=Status.SCHEDULED)
    assert await CampaignProgress(stage.database, stage.clock).start(held) == 1
    assert (await stage.get(campaign)).status == Status.SENDING


@pytest.mark.moves_by_hand
async def test_without_a_last_hour_of_its_own_a_broadcast_has_a_day(stage: Stage) -> None:
    campaign = await a_broadcast(stage, status=Status.SUBMITTED)
    begins = stage.clock() + timedelta(hours=2)
    async with stage.database.write() as session:
        values = {"last_at": None, "send_at": begins, "submitted_by": "lin"}
        await session.execute(update(Campaign).where(Campaign.id == campaign).values(values))
        await act(session, campaign, CampaignAction.APPROVE, stage.clock(), by="wu")
    assert (await stage.get(campaign)).last_at == begins + LASTS


@pytest.mark.moves_by_hand
@pytest.mark.parametrize(
    ("before", "action"), [(Status.DRAFT, CampaignAction.SUBMIT), (Status.SUBMITTED, CampaignAction.APPROVE)]
)
async def test_a_broadcast_whose_time_is_long_past_is_not_approved(
    stage: Stage, before: Status, action: CampaignAction
) -> None:
    campaign = await a_broadcast(stage, status=before)
    async with stage.database.write() as session:
        values = {"last_at": None, "send_at": stage.clock() - LASTS, "submitted_by": "lin"}
        await session.execute(update(Campaign).where(Campaign.id == campaign).values(values))
    with pytest.raises(PassedCampaignError, match="请先修改发送时间"):
        async with stage.database.write() as session:
            await act(session, campaign, action, stage.clock(), by="wu")
    assert (await stage.get(campaign)).status == before


@pytest.mark.moves_by_hand
async def test_a_late_broadcast_does_not_begin_before_an_operator_says_so(
    stage: Stage, held: HeldLease
) -> None:
    campaign = await a_broadcast(stage, status=Status.SCHEDULED)
    await let_pass(stage, campaign)
    progress = CampaignProgress(stage.database, stage.clock)
    assert await progress.start(held) == 0
    found = await stage.get(campaign)
    assert (found.status, found.reason, found.pause_told) == (Status.PAUSED, LATE, False)
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.RESUME, stage.clock(), by="wu")
    await progress.start(held)
    found = await stage.get(campaign)
    assert (found.status, found.last_at) == (Status.SENDING, stage.clock() + LASTS)


async def test_queued_rows_do_not_leave_after_an_outage_that_outlasted_their_last_hour(
    stage: Stage, held: HeldLease
) -> None:
    """A worker may be there before the scheduler has held the broadcast: its rows are not claimed."""
    campaign = await a_broadcast(stage, status=Status.SENDING)
    await let_pass(stage, campaign)
    ids = [row.id for row in await stage.rows(campaign)]
    async with stage.delivering() as dispatcher:
        assert await dispatcher.deliver(ids) == 0
    assert await stage.states(campaign) == ["pending"] * 3
    await CampaignProgress(stage.database, stage.clock).start(held)
    assert (await stage.get(campaign)).reason == LATE
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.RESUME, stage.clock(), by="wu")
    async with stage.delivering() as dispatcher:
        assert await dispatcher.deliver(ids) == 3
    assert (await stage.wechat.stats())["delivered"] == 3


async def test_a_broadcast_that_all_have_is_done_and_asks_nothing(stage: Stage, held: HeldLease) -> None:
    campaign = await a_broadcast(stage, status=Status.SENDING)
    await stage.deliver(campaign)
    await let_pass(stage, campaign)
    progress = CampaignProgress(stage.database, stage.clock)
    async with stage.database.write() as session:
        complete = update(Campaign).where(Campaign.id == campaign).values(snapshot_state="complete")
        await session.execute(complete)
    await progress.start(held)
    await progress.finish(held)
    assert (await stage.get(campaign)).status == Status.DONE
