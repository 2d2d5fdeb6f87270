"""Campaigns: one a key, however many make it; each state allows what it allows; counters follow the rows."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import (
    CampaignAction,
    CampaignError,
    NoSuchCampaignError,
    OwnApprovalError,
    Status,
    WrongStatusError,
)
from alerts.model.campaigns.moves import act, act_on_all
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.kill_switch import resume_sending, stop, stopped
from alerts.model.tables import Campaign
from storage.sql.database import Database

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def new(key: str = "window:1:2026-12-15:7", status: Status = Status.SCHEDULED) -> NewCampaign:
    return NewCampaign(
        key, AlertKind.ANNOUNCEMENT, Content(title="停电通知"), Audience(everyone=True), status=status
    )


async def make(database: Database, campaign: NewCampaign) -> int | None:
    async with database.write() as session:
        return await create_campaign(session, campaign, NOW)


async def do(database: Database, campaign_id: int, action: CampaignAction, by: str = "li") -> Status:
    async with database.write() as session:
        return await act(session, campaign_id, action, NOW, by=by)


async def test_of_many_who_make_the_same_campaign_one_makes_it(database: Database) -> None:
    made = await asyncio.gather(*(make(database, new()) for _ in range(10)))
    assert len([campaign_id for campaign_id in made if campaign_id is not None]) == 1
    assert await make(database, new("window:1:2026-12-15:3")) is not None


ALLOWED = {
    Status.DRAFT: {CampaignAction.SUBMIT: Status.SUBMITTED, CampaignAction.CANCEL: Status.CANCELLED},
    Status.SUBMITTED: {
        CampaignAction.APPROVE: Status.SCHEDULED,
        CampaignAction.RETURN: Status.DRAFT,
        CampaignAction.CANCEL: Status.CANCELLED,
    },
    Status.SCHEDULED: {
        CampaignAction.START: Status.SENDING,
        CampaignAction.PAUSE: Status.PAUSED,
        CampaignAction.CANCEL: Status.CANCELLED,
        CampaignAction.FAIL: Status.FAILED,
    },
    Status.SENDING: {
        CampaignAction.PAUSE: Status.PAUSED,
        CampaignAction.CANCEL: Status.CANCELLED,
        CampaignAction.FINISH: Status.DONE,
        CampaignAction.FAIL: Status.FAILED,
    },
    Status.PAUSED: {CampaignAction.RESUME: Status.SCHEDULED, CampaignAction.CANCEL: Status.CANCELLED},
    Status.DONE: {CampaignAction.REOPEN: Status.SENDING, CampaignAction.FAIL: Status.FAILED},
    Status.CANCELLED: {},
    Status.FAILED: {CampaignAction.REOPEN: Status.SENDING, CampaignAction.CANCEL: Status.CANCELLED},
}


@pytest.mark.parametrize("action", CampaignAction)
@pytest.mark.parametrize("status", Status)
async def test_a_state_allows_what_it_allows(
    sqlite_database: Database, status: Status, action: CampaignAction
) -> None:
    campaign_id = await make(sqlite_database, new(status=status))
    assert campaign_id is not None
    if status is Status.SUBMITTED:
        async with sqlite_database.write() as session:
            (await session.get_one(Campaign, campaign_id)).submitted_by = "wang"
    if action in ALLOWED[status]:
        assert await do(sqlite_database, campaign_id, action) is ALLOWED[status][action]
    else:
        with pytest.raises(WrongStatusError) as refused:
            await do(sqlite_database, campaign_id, action)
        assert refused.value.status is status


async def test_of_many_campaigns_those_move_whose_state_allows_it(database: Database) -> None:
    ids = {status: await make(database, new(f"k:{status}", status)) for status in Status}
    async with database.write() as session:
        paused = await act_on_all(session, Campaign.id > 0, CampaignAction.PAUSE, NOW, reason="太晚")
    assert set(paused) == {ids[Status.SCHEDULED], ids[Status.SENDING]}
    async with database.read() as session:
        rows = (await session.scalars(select(Campaign).where(Campaign.id.in_(paused)))).all()
    assert {(row.status, row.reason, row.pause_told) for row in rows} == {(Status.PAUSED, "太晚", False)}


async def test_a_campaign_that_is_finished_keeps_what_operators_were_told_of_it(database: Database) -> None:
    campaign_id = await make(database, new(status=Status.SENDING))
    async with database.write() as session:
        (await session.get_one(Campaign, campaign_id)).reason = "截止时尚未列出全部收件人"
    async with database.write() as session:
        assert await act_on_all(session, Campaign.id > 0, CampaignAction.FINISH, NOW) == [campaign_id]
    async with database.read() as session:
        assert (await session.get_one(Campaign, campaign_id)).reason == "截止时尚未列出全部收件人"


async def test_what_was_being_sent_goes_on_after_a_pause(database: Database) -> None:
    campaign_id = await make(database, new(status=Status.PAUSED))
    assert campaign_id is not None
    async with database.write() as session:
        (await session.get_one(Campaign, campaign_id)).snapshot_state = "running"
    assert await do(database, campaign_id, CampaignAction.RESUME) is Status.SENDING


async def test_who_submitted_does_not_approve(database: Database) -> None:
    campaign_id = await make(database, new(status=Status.DRAFT))
    assert campaign_id is not None
    await do(database, campaign_id, CampaignAction.SUBMIT, by="li")
    with pytest.raises(OwnApprovalError):
        await do(database, campaign_id, CampaignAction.APPROVE, by="li")
    assert await do(database, campaign_id, CampaignAction.APPROVE, by="wang") is Status.SCHEDULED


async def test_of_two_who_act_at_once_one_wins(database: Database) -> None:
    campaign_id = await make(database, new())
    assert campaign_id is not None
    outcomes = await asyncio.gather(
        *(do(database, campaign_id, CampaignAction.CANCEL) for _ in range(5)), return_exceptions=True
    )
    assert sum(outcome is Status.CANCELLED for outcome in outcomes) == 1
    assert sum(isinstance(outcome, CampaignError) for outcome in outcomes) == 4


async def test_a_campaign_that_is_not_there_is_said_so(database: Database) -> None:
    with pytest.raises(NoSuchCampaignError, match="99"):
        await do(database, 99, CampaignAction.PAUSE)


async def test_counters_move_with_many_writers(database: Database) -> None:
    campaign_id = await make(database, new())
    assert campaign_id is not None

    async def settle() -> None:
        async with database.write() as session:
            await add_counts(session, campaign_id, {"sent": 2, "pending": -2})

    async with database.write() as session:
        await add_counts(session, campaign_id, {"pending": 21})
    await asyncio.gather(*(settle() for _ in range(10)))
    async with database.read() as session:
        assert await counts_of(session, campaign_id) == {"total": 21, "pending": 1, "sent": 20}


async def test_everything_outgoing_can_be_stopped_and_let_go(database: Database) -> None:
    async with database.write() as session:
        assert await stop(session, "li", "内容有误", NOW)
        assert not await stop(session, "wang", "再停一次", NOW)
    async with database.read() as session:
        holds = await stopped(session)
    assert holds is not None
    assert (holds.by, holds.reason) == ("li", "内容有误")
    async with database.write() as session:
        assert await resume_sending(session)
        assert not await resume_sending(session)
        assert await stopped(session) is None
