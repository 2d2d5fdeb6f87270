"""A preview says exactly what the ticks then make, to as many, on the same days."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select, update

from alerts.forecast.preview import Forecast, preview, preview_of_windows
from alerts.lease.lease import HeldLease
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Applied, Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.clock import SHANGHAI
from storage.sql.database import Database
from tests.alerts.conftest import People
from tests.alerts.scheduling.test_tick import advance
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE

FIRST = date(2026, 11, 2)
DAYS = 42
"""Three of the windows of the town close within them."""


@pytest.fixture
async def town(people: People, database: Database, clock: SetClock) -> None:
    """Members with all kinds of preferences, windows that overlap, an applied one, an announcement to come."""
    await people.add("desalination", n=4)
    await people.add("desalination", "ai", lead_days=[20, 7, 2], digest="weekly")
    await people.add("ai", n=3, digest="daily", general=False)
    await people.add("ships", lead_days=[])
    await people.add("ships", quiet_from=9 * 60, quiet_until=20 * 60)
    await people.add(n=2)
    (done,) = await people.add("desalination")
    window = await people.window(45, FIRST + timedelta(days=3), FIRST + timedelta(days=40))
    await people.window(46, FIRST - timedelta(days=30), FIRST + timedelta(days=9))
    await people.window(22, FIRST - timedelta(days=3), FIRST + timedelta(days=58))
    await people.window(42, FIRST + timedelta(days=20), FIRST + timedelta(days=33))
    async with database.write() as session:
        session.add(Applied(member_id=done, window_id=window, at=clock()))
        announcement = NewCampaign(
            "broadcast:1",
            AlertKind.ANNOUNCEMENT,
            Content(title="政策宣讲会"),
            Audience(everyone=True),
            send_at=clock() + timedelta(days=2),
        )
        await create_campaign(session, announcement, clock())


def told(forecasts: list[Forecast]) -> dict[str, tuple[date, int, int]]:
    return {one.campaign.key: (one.day, one.recipients, one.passed_over) for one in forecasts}


async def live(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    held: HeldLease,
    clock: SetClock,
    first: date,
    days: int,
) -> dict[str, tuple[date, int, int]]:
    """Let the days pass for real: a tick at each midnight, in the first week at noon too."""
    began: dict[str, date] = {}
    for offset in range(days):
        for hour in (0, 12) if offset < 7 else (0,):
            clock.on(first + timedelta(days=offset), hour)
            await tick(held)
            await advance(progress, held)
            async with database.read() as session:
                started = await session.scalars(select(Campaign.key).where(Campaign.status != "scheduled"))
                for key in started:
                    began.setdefault(key, clock().date())
    found = {}
    async with database.read() as session:
        for campaign in await session.scalars(select(Campaign)):
            if campaign.key in began:
                rows = Counter(
                    await session.scalars(select(Delivery.reason).where(Delivery.campaign_id == campaign.id))
                )
                total = (await counts_of(session, campaign.id))["total"]
                passed = sum(n for reason, n in rows.items() if reason and "更紧急" in reason)
                found[campaign.key] = (began[campaign.key], total - passed, passed)
    return found


@pytest.fixture
def tick(database: Database, store: PolicyStore, clock: SetClock) -> Tick:
    return Tick(database, store, clock, TickMetrics.register(CollectorRegistry()))


@ON_SQLITE
@pytest.mark.usefixtures("town")
async def test_a_preview_agrees_with_the_ticks(
    database: Database, store: PolicyStore, clock: SetClock, tick: Tick, held: HeldLease
) -> None:
    clock.on(FIRST, 0)
    foretold = told(await preview(database, store, clock, FIRST, DAYS))
    async with database.read() as session:
        assert len((await session.scalars(select(Campaign))).all()) == 1, "a preview makes nothing"
    assert foretold == await live(database, tick, CampaignProgress(database, clock), held, clock, FIRST, DAYS)
    assert len(foretold) > 15


@ON_SQLITE
@pytest.mark.usefixtures("town")
async def test_a_preview_agrees_after_a_downtime_and_from_a_later_day(
    database: Database, store: PolicyStore, clock: SetClock, tick: Tick, held: HeldLease
) -> None:
    progress = CampaignProgress(database, clock)
    past = await live(database, tick, progress, held, clock, FIRST, 3)
    later = FIRST + timedelta(days=12)  # the 7, 3 and 1 of clause 46 and others are missed
    clock.on(later, 0)
    foretold = told(await preview(database, store, clock, later, 24))
    from_tenth = told(await preview(database, store, clock, later + timedelta(days=10), 14))
    happened = await live(database, tick, progress, held, clock, later, 24)
    assert foretold == {key: value for key, value in happened.items() if key not in past}
    assert from_tenth == {
        key: value for key, value in foretold.items() if value[0] >= later + timedelta(days=10)
    }


async def test_arrivals_count_quiet_hours_and_digests_in(
    database: Database, store: PolicyStore, clock: SetClock, people: People
) -> None:
    await people.add("desalination", n=2)
    await people.add("desalination", digest="weekly")
    await people.add("desalination", paused_until=date(2026, 11, 20))
    await people.window(45, date(2026, 11, 4), date(2026, 12, 15))  # a Wednesday
    clock.on(FIRST)
    (opening,) = await preview(database, store, clock, date(2026, 11, 4), 1)
    assert (opening.recipients, opening.kept) == (4, 1)
    assert opening.arrivals == {date(2026, 11, 4): 2, date(2026, 11, 9): 1}
    assert clock().astimezone(SHANGHAI).date() == FIRST


async def test_a_step_with_a_window_foresees_the_alerts_that_it_alone_would_bring(
    database: Database, store: PolicyStore, clock: SetClock, people: People, tick: Tick, held: HeldLease
) -> None:
    """A moved and a withdrawn one are told to whoever was told; another link brings nothing."""
    await people.add("desalination", n=2)
    number = await people.window(45, FIRST, FIRST + timedelta(days=20))
    clock.on(FIRST, 12)
    await tick(held)
    await advance(CampaignProgress(database, clock), held)
    async with database.write() as session:
        await session.execute(update(Delivery).values(state="sent"))
        (opening,) = await session.scalars(select(Campaign.id))
        await add_counts(session, opening, {"sent": 2, "pending": -2})
    window = await Windows(database, clock).get(number)
    assert window
    gone = await preview_of_windows(database, store, clock, (), [window])
    assert [(one.campaign.kind, one.day, one.recipients) for one in gone] == [
        (AlertKind.DATE_CHANGED, FIRST, 2)
    ]
    later = replace(window, closes_on=window.closes_on + timedelta(days=3))
    first, *reminders = await preview_of_windows(database, store, clock, [later])
    assert (first.campaign.kind, first.day, first.recipients) == (AlertKind.DATE_CHANGED, FIRST, 2)
    assert {one.campaign.kind for one in reminders} == {AlertKind.DEADLINE}
    assert await preview_of_windows(database, store, clock, [replace(window, url="https://b.example")]) == []


async def test_a_window_that_closes_on_the_last_day_of_the_calendar_does_not_stop_the_ticks(
    database: Database, store: PolicyStore, clock: SetClock, people: People, tick: Tick, held: HeldLease
) -> None:
    await people.add("desalination")
    await Windows(database, clock).put([WindowFields(45, FIRST, date.max, "长期受理")])
    await people.window(46, FIRST, date.max)  # as an earlier version kept it
    clock.on(FIRST, 12)
    assert len(await tick(held)) == 2
    assert {one.open_ended for one in await Windows(database, clock).all()} == {True, False}
