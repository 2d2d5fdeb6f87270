"""Alerts of one window that fall due together, or on one day, bring a member one message."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from alerts.model.campaigns.audience import Audience
from alerts.model.content import AlertKind
from alerts.model.rows.row_reasons import PASSED_OVER, TOLD_TODAY
from alerts.model.tables import Campaign, Delivery
from subscriptions.tables import Member
from tests.alerts.conftest import People
from tests.alerts.delivery_stage import Stage, open_windows
from tests.kit.clocks import SetClock

TODAY, CLOSES = date(2026, 11, 17), date(2026, 11, 20)


@dataclass
class Window:
    """An application window and its alerts to some members."""

    stage: Stage
    id: int
    members: list[int]

    async def alert(self, kind: AlertKind, lead: int | None = None) -> int:
        campaign_id = await self.stage.campaign(self.members, kind=kind, closes_on=CLOSES)
        audience = Audience(tracks=("desalination",)).with_leads(lead, ())
        async with self.stage.database.write() as session:
            await session.execute(
                update(Campaign)
                .where(Campaign.id == campaign_id)
                .values(window_id=self.id, lead=lead, audience=audience.model_dump(mode="json"))
            )
        return campaign_id

    async def outcome(self, campaign_id: int) -> list[tuple[str, str | None]]:
        return [(row.state, row.reason) for row in await self.stage.rows(campaign_id)]

    async def received(self) -> int:
        return int((await self.stage.wechat.stats())["delivered"])


@pytest.fixture
async def window(stage: Stage, people: People, clock: SetClock) -> Window:
    clock.on(TODAY)
    window = Window(stage, await people.window(45, date(2026, 11, 1), CLOSES), await stage.members(2))
    for member in window.members:
        await people.follow(member, "desalination")
    return window


GONE, PASSED, HEARD = ("sent", None), ("skipped", PASSED_OVER), ("skipped", TOLD_TODAY)


@pytest.mark.parametrize("lesser_first", [True, False])
async def test_of_two_held_for_the_same_morning_the_more_urgent_goes(
    window: Window, lesser_first: bool
) -> None:
    opening = await window.alert(AlertKind.OPENING)
    reminder = await window.alert(AlertKind.DEADLINE, 3)
    for campaign in (opening, reminder) if lesser_first else (reminder, opening):
        await window.stage.deliver(campaign)
    assert await window.outcome(reminder) == [GONE] * 2
    assert await window.outcome(opening) == [PASSED if lesser_first else HEARD] * 2
    assert await window.received() == 2


async def test_claimed_together_they_bring_one_message(window: Window) -> None:
    week, opening = await window.alert(AlertKind.DEADLINE, 7), await window.alert(AlertKind.OPENING)
    reminder = await window.alert(AlertKind.DEADLINE, 3)
    await window.stage.deliver()
    assert await window.outcome(reminder) == [GONE] * 2
    assert await window.outcome(week) == await window.outcome(opening) == [PASSED] * 2


async def test_a_gathered_message_holds_a_window_once(window: Window) -> None:
    stage = window.stage
    stage.without()
    values = {**open_windows(message=5), "digest": "daily"}
    async with stage.database.write() as session:
        await session.execute(update(Member).values(values))
    await stage.wechat.ask("POST", "people", {"count": 2, "window": True})
    opening, reminder = await window.alert(AlertKind.OPENING), await window.alert(AlertKind.DEADLINE, 3)
    await stage.deliver(opening)
    await stage.deliver(reminder)
    assert await window.outcome(opening) == [PASSED] * 2
    assert await window.outcome(reminder) == [GONE] * 2


async def test_who_heard_of_it_today_hears_the_next_one_tomorrow(window: Window, clock: SetClock) -> None:
    await window.stage.deliver(await window.alert(AlertKind.OPENING))
    clock.on(TODAY, hour=20)
    later = await window.alert(AlertKind.DEADLINE, 3)
    await window.stage.deliver(later)
    assert await window.outcome(later) == [HEARD] * 2
    clock.on(TODAY + timedelta(days=1))
    tomorrow = await window.alert(AlertKind.DEADLINE, 1)
    await window.stage.deliver(tomorrow)
    assert await window.outcome(tomorrow) == [GONE] * 2


async def test_news_of_the_window_goes_whatever_was_told_before_and_nothing_after_it(window: Window) -> None:
    await window.stage.deliver(await window.alert(AlertKind.DEADLINE, 3))
    for _ in range(2):
        moved = await window.alert(AlertKind.DATE_CHANGED)
        await window.stage.deliver(moved)
        assert await window.outcome(moved) == [GONE] * 2
    reminder = await window.alert(AlertKind.DEADLINE, 1)
    await window.stage.deliver(reminder)
    assert await window.outcome(reminder) == [HEARD] * 2


@pytest.mark.moves_by_hand
async def test_a_row_waits_while_another_of_the_window_is_on_its_way(window: Window, clock: SetClock) -> None:
    """The other may fail: then this one goes."""
    stage = window.stage
    opening, reminder = await window.alert(AlertKind.OPENING), await window.alert(AlertKind.DEADLINE, 3)
    under_way = update(Delivery).where(Delivery.campaign_id == opening)
    async with stage.database.write() as session:
        await session.execute(under_way.values(state="trying", claimed_by="another", next_attempt_at=clock()))
    await stage.deliver(reminder)
    assert [state for state, _ in await window.outcome(reminder)] == ["pending"] * 2
    async with stage.database.write() as session:
        await session.execute(under_way.values(state="failed", settled_at=clock()))
    await stage.deliver(reminder)
    assert await window.received() == 0, "not before the minute is over"
    clock.now += timedelta(minutes=1)
    await stage.deliver(reminder)
    assert await window.outcome(reminder) == [GONE] * 2


async def test_what_its_member_no_longer_wants_takes_nothing_from_another(window: Window) -> None:
    async with window.stage.database.write() as session:
        await session.execute(update(Member).where(Member.id == window.members[0]).values(lead_days=[7]))
    opening, reminder = await window.alert(AlertKind.OPENING), await window.alert(AlertKind.DEADLINE, 3)
    await window.stage.deliver(opening)
    await window.stage.deliver(reminder)
    assert await window.outcome(opening) == [GONE, PASSED]
    assert [state for state, _ in await window.outcome(reminder)] == ["skipped", "sent"]


async def test_a_paused_alert_takes_nothing_from_another(window: Window) -> None:
    opening, reminder = await window.alert(AlertKind.OPENING), await window.alert(AlertKind.DEADLINE, 3)
    async with window.stage.database.write() as session:
        await session.execute(update(Campaign).where(Campaign.id == reminder).values(status="paused"))
    await window.stage.deliver(opening)
    assert await window.outcome(opening) == [GONE] * 2


async def test_another_window_is_another_matter(window: Window, people: People, stage: Stage) -> None:
    other = Window(stage, await people.window(45, date(2026, 11, 2), CLOSES), window.members)
    alerts = [await window.alert(AlertKind.DEADLINE, 3), await other.alert(AlertKind.DEADLINE, 3)]
    await stage.deliver()
    assert [await window.outcome(one) for one in alerts] == [[GONE] * 2] * 2
