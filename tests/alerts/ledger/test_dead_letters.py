"""Dead letters go again, doubtful rows go by an operator's word, and the counters and the list say so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from alerts.ledger.dead_letters import TooLateError, confirm_unknown, retry
from alerts.ledger.overview import attention, dead_letters, detail, summaries
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import CampaignAction, Status, WrongStatusError
from alerts.model.campaigns.moves import act
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.kill_switch import stop
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery
from storage.sql.database import Database
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock


@pytest.fixture
async def done(database: Database, people: People, clock: SetClock) -> int:
    """A campaign that is done: one sent, two failed, one unknown; its id."""
    members = await people.add("ai", n=4)
    new = NewCampaign(
        "broadcast:1",
        AlertKind.ANNOUNCEMENT,
        Content(title="政策宣讲会"),
        Audience(tracks=("ai",)),
        status=Status.DONE,
        expires_at=clock() + timedelta(days=1),
    )
    async with database.write() as session:
        campaign_id = await create_campaign(session, new, clock())
        assert campaign_id is not None
        for member, state in zip(members, ("sent", "failed", "failed", "unknown"), strict=True):
            session.add(
                Delivery(
                    campaign_id=campaign_id,
                    member_id=member,
                    state=state,
                    errcode=40003 if state == "failed" else None,
                    reason="openid 无效" if state == "failed" else None,
                    channel="template",
                    attempts=1,
                    settled_at=clock(),
                )
            )
        await add_counts(session, campaign_id, {"sent": 1, "failed": 2, "unknown": 1})
    return campaign_id


async def status(database: Database, campaign_id: int) -> tuple[str, dict[str, int]]:
    async with database.read() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        return campaign.status, await counts_of(session, campaign_id)


async def test_dead_letters_wait_again_and_their_campaign_goes_on(
    database: Database, done: int, clock: SetClock
) -> None:
    async with database.write() as session:
        assert await retry(session, done, clock()) == 2
        assert await retry(session, done, clock()) == 0
    assert await status(database, done) == ("sending", {"total": 4, "pending": 2, "sent": 1, "unknown": 1})


async def test_doubtful_rows_go_again_only_where_the_operator_says_so(
    database: Database, done: int, clock: SetClock
) -> None:
    async with database.write() as session:
        assert await retry(session, done, clock(), states=(RowState.FAILED, RowState.UNKNOWN)) == 3
    assert (await status(database, done))[1] == {"total": 4, "pending": 3, "sent": 1}


async def test_doubtful_rows_can_be_taken_as_arrived(database: Database, done: int, clock: SetClock) -> None:
    async with database.write() as session:
        assert await confirm_unknown(session, done, clock()) == 1
    assert await status(database, done) == ("done", {"total": 4, "sent": 2, "failed": 2})


@pytest.mark.moves_by_hand
async def test_what_has_expired_or_was_cancelled_is_not_tried_again(
    database: Database, done: int, clock: SetClock
) -> None:
    clock.on(date(2026, 11, 5))
    with pytest.raises(TooLateError):
        async with database.write() as session:
            await retry(session, done, clock())
    async with database.write() as session:
        await session.execute(update(Campaign).values(status="cancelled", expires_at=None))
    with pytest.raises(WrongStatusError):
        async with database.write() as session:
            await retry(session, done, clock())
    assert (await status(database, done))[1]["failed"] == 2


async def test_an_operator_sees_how_rows_ended_and_why(database: Database, done: int) -> None:
    async with database.read() as session:
        shown = await detail(session, done)
        (listed,) = await summaries(session, statuses=(Status.DONE,))
        letters = await dead_letters(session)
    assert (shown.outcomes[0].n, shown.outcomes[0].errcode, shown.outcomes[0].reason) == (
        2,
        40003,
        "openid 无效",
    )
    assert shown.summary.counts == listed.counts == {"total": 4, "sent": 1, "failed": 2, "unknown": 1}
    assert [letter.state for letter in letters] == ["unknown", "failed", "failed"]


async def test_what_needs_an_operator_is_found_without_the_ledger(
    database: Database, done: int, clock: SetClock
) -> None:
    async with database.write() as session:
        await retry(session, done, clock())
        await act(session, done, CampaignAction.PAUSE, clock(), reason="模板编号无效（40037）")
        await stop(session, "li", "内容有误", clock())
    async with database.read() as session:
        found = await attention(session)
    assert found.stopped is not None
    assert [one.reason for one in found.paused] == ["模板编号无效（40037）"]
    assert (found.failed, found.unknown) == (0, 1)
