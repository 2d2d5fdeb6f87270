"""Alerts by profile: what fits is told with its reason, what plainly does not fit is passed over, each once."""

from datetime import date
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from alerts.forecast.preview import preview
from alerts.lease.lease import HeldLease
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from alerts.wording.wording import one
from policies.matching.catalogue import load_catalogue
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.topics import clause_topic
from subscriptions.profiles.profiles import Profiles
from tests.alerts.conftest import People, tracks_of
from tests.alerts.scheduling.test_tick import let_leave
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE

OPENS, CLOSES = date(2026, 11, 2), date(2026, 12, 15)
CATALOGUE = load_catalogue()
FITS = {
    "org_kind": "enterprise",
    "place": "new_area",
    "equipment_investment_cny": 30_000_000,
    "linked_with_holder": True,
}
UNFIT = {"org_kind": "individual_business", "place": "elsewhere", "equipment_investment_cny": 0}


@pytest.fixture
def tick(database: Database, store: PolicyStore, clock: SetClock) -> Tick:
    return Tick(database, store, clock, TickMetrics.register(CollectorRegistry()), CATALOGUE)


@pytest.fixture
def progress(database: Database, clock: SetClock) -> CampaignProgress:
    return CampaignProgress(database, clock, CATALOGUE)


async def keep(
    database: Database, clock: SetClock, member_id: int, facts: dict[str, Any], *, alerts: bool = True
) -> None:
    profiles = Profiles(database, clock)
    await profiles.keep(member_id, facts)
    await profiles.want_alerts(member_id, wanted=alerts)


async def ledger(database: Database) -> dict[str, dict[int, tuple[str, str | None]]]:
    """State and reason of each member's row, by the end of the campaign's key."""
    async with database.read() as session:
        found = await session.execute(
            select(Campaign.key, Delivery.member_id, Delivery.state, Delivery.reason).join(
                Campaign, Campaign.id == Delivery.campaign_id
            )
        )
        rows: dict[str, dict[int, tuple[str, str | None]]] = {}
        for key, member_id, state, reason in found:
            rows.setdefault(key.split(":", 3)[3], {})[member_id] = (state, reason)
        return rows


async def go(tick: Tick, progress: CampaignProgress, held: HeldLease) -> None:
    await tick(held)
    await progress.start(held)
    await progress.list_all(held)


async def test_a_window_that_fits_a_profile_is_told_without_a_track_and_says_why(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (fitting,) = await people.add()
    (chose_nothing,) = await people.add()
    (unfit,) = await people.add()
    await keep(database, clock, fitting, FITS)
    await keep(database, clock, chose_nothing, FITS, alerts=False)
    await keep(database, clock, unfit, UNFIT)
    await people.window(22, OPENS, CLOSES)
    await go(tick, progress, held)
    assert (await ledger(database))["opening:profile"] == {fitting: ("pending", None)}
    async with database.read() as session:
        campaign = await session.scalar(select(Campaign).where(Campaign.key.contains(":profile")))
    assert campaign is not None
    words = one(
        (AlertKind(campaign.kind), Content.model_validate(campaign.content)), OPENS, "https://p.example"
    )
    assert "为什么告诉您：您保存的公司情况与这一条的条件对得上" in words
    assert "年度技改设备投资额" in words
    assert "逐项对照、算一算" in words


@ON_SQLITE
async def test_a_member_whom_the_track_concerns_anyway_gets_one_alert(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    tracks = tracks_of([22])[22]
    (follower,) = await people.add(tracks[0] if tracks else "ai")
    await keep(database, clock, follower, FITS)
    await people.window(22, OPENS, CLOSES)
    await go(tick, progress, held)
    found = await ledger(database)
    assert found["opening"] == {follower: ("pending", None)}
    assert "opening:profile" not in found


async def test_a_follower_whose_company_plainly_cannot_get_it_is_passed_over(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (unfit,) = await people.add("desalination")
    (open_,) = await people.add("desalination")
    (without,) = await people.add("desalination")
    await keep(database, clock, unfit, {"desalination_new_build": False, "place": "elsewhere"})
    await keep(database, clock, open_, {"place": "new_area"})
    await people.window(45, OPENS, CLOSES)
    await go(tick, progress, held)
    opening = (await ledger(database))["opening"]
    assert opening[unfit] == ("skipped", "与成员保存的公司情况明显不符")
    assert opening[open_][0] == opening[without][0] == "pending"


async def test_who_was_told_by_profile_hears_that_the_window_was_withdrawn(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (fitting,) = await people.add()
    await keep(database, clock, fitting, FITS)
    window = await people.window(22, OPENS, CLOSES)
    await go(tick, progress, held)
    await let_leave(database, clock)
    await progress.finish(held)
    await Windows(database, clock).remove(window)
    await go(tick, progress, held)
    found = await ledger(database)
    assert found["1"] == {fitting: ("pending", None)} or fitting in found.get("withdrawn:1", {})


@ON_SQLITE
async def test_without_a_member_who_chose_it_no_alert_by_profile_is_made(
    database: Database, tick: Tick, people: People, held: HeldLease
) -> None:
    await people.window(22, OPENS, CLOSES)
    assert len(await tick(held)) == 1


async def test_a_preview_counts_alerts_by_profile(
    database: Database, store: PolicyStore, people: People, clock: SetClock
) -> None:
    (fitting,) = await people.add()
    await keep(database, clock, fitting, FITS)
    await people.window(22, OPENS, CLOSES)
    found = await preview(database, store, clock, OPENS, 1, catalogue=CATALOGUE)
    assert {forecast.campaign.key.split(":")[-1]: forecast.recipients for forecast in found} == {
        "opening": 0,
        "profile": 1,
    }


async def test_a_preview_counts_those_who_plainly_cannot_get_it_as_left_out(
    database: Database, store: PolicyStore, people: People, clock: SetClock
) -> None:
    unfit, asked_for_it, open_, _without = [(await people.add("desalination"))[0] for _ in range(4)]
    for member_id in (unfit, asked_for_it):
        await keep(database, clock, member_id, {"desalination_new_build": False, "place": "elsewhere"})
    await Members(database, clock).subscribe_topics(asked_for_it, [clause_topic(45)])
    await keep(database, clock, open_, {"place": "new_area"})
    await people.window(45, OPENS, CLOSES)
    found = await preview(database, store, clock, OPENS, 1, catalogue=CATALOGUE)
    opening = next(one for one in found if one.campaign.key.endswith("opening"))
    assert (opening.recipients, opening.not_fitting) == (3, 1)
    assert sum(opening.arrivals.values()) == 3


async def test_a_broadcast_by_condition_goes_to_members_whose_profile_fits(
    database: Database, progress: CampaignProgress, people: People, held: HeldLease, clock: SetClock
) -> None:
    (fitting,) = await people.add("ai")
    (unfit,) = await people.add("ai")
    await keep(database, clock, fitting, FITS)
    await keep(database, clock, unfit, UNFIT)
    content = Content(title="说明会", body="周五下午")
    new = NewCampaign("broadcast:1:2:by-condition", AlertKind.ANNOUNCEMENT, content, Audience(fits=22))
    async with database.write() as session:
        await create_campaign(session, new, clock())
    await progress.start(held)
    await progress.list_all(held)
    assert await ledger(database) == {"by-condition": {fitting: ("pending", None)}}


@ON_SQLITE
async def test_who_follows_the_clause_itself_hears_of_it_whatever_fits(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (unfit,) = await people.add("desalination")
    await keep(database, clock, unfit, {"desalination_new_build": False, "place": "elsewhere"})
    await Members(database, clock).subscribe_topics(unfit, [clause_topic(45)])
    await people.window(45, OPENS, CLOSES)
    await go(tick, progress, held)
    assert (await ledger(database))["opening"] == {unfit: ("pending", None)}
