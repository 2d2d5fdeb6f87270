"""Ticks on real databases: each alert once, to whom it concerns, called back when it isn't true any more."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, delete, select, update

from alerts.delivery.preference_recheck import withdrawn
from alerts.lease.lease import SCHEDULER, HeldLease, LeaseLostError, take
from alerts.member.applied import mark_applied
from alerts.model.campaigns.campaign_cache import CampaignCache
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import CampaignAction
from alerts.model.campaigns.moves import act
from alerts.model.content import Content
from alerts.model.rows.row_reasons import UNSUBSCRIBED
from alerts.model.rows.row_states import ClaimedRow
from alerts.model.tables import Applied, Campaign, Delivery, Lease
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.library.tables import WindowRow
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.topics import clause_topic, department_topic, question_topic
from subscriptions.tables import Member, Subscription
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE

OPENS, CLOSES = date(2026, 11, 2), date(2026, 12, 15)
DESALINATION = 45


@pytest.fixture
def tick(database: Database, store: PolicyStore, clock: SetClock) -> Tick:
    return Tick(database, store, clock, TickMetrics.register(CollectorRegistry()))


@pytest.fixture
def progress(database: Database, clock: SetClock) -> CampaignProgress:
    return CampaignProgress(database, clock)


async def advance(progress: CampaignProgress, held: HeldLease) -> None:
    await progress.start(held)
    await progress.list_all(held)
    await progress.close_rows(held)
    await progress.finish(held)


async def campaigns(database: Database) -> list[Campaign]:
    async with database.read() as session:
        return list(await session.scalars(select(Campaign).order_by(Campaign.id)))


async def rows(database: Database, campaign_id: int) -> dict[int, str]:
    async with database.read() as session:
        found = await session.execute(
            select(Delivery.member_id, Delivery.state).where(Delivery.campaign_id == campaign_id)
        )
        return {row.member_id: row.state for row in found}


async def let_leave(database: Database, clock: SetClock) -> None:
    """All pending rows are sent, as delivery would settle them."""
    async with database.write() as session:
        sent = await session.scalars(
            update(Delivery)
            .where(Delivery.state == "pending")
            .values(state="sent", settled_at=clock())
            .returning(Delivery.campaign_id)
        )
        for campaign_id, n in Counter(sent).items():
            await add_counts(session, campaign_id, {"pending": -n, "sent": n})


async def test_an_alert_goes_to_the_tracks_of_its_clause_once(
    database: Database, tick: Tick, progress: CampaignProgress, people: People, held: HeldLease
) -> None:
    concerned = await people.add("desalination", n=3)
    await people.add("ai", n=2)
    await people.add("desalination", following=False, unfollowed_at=people._clock())
    await people.window(DESALINATION, OPENS, CLOSES)
    made = await tick(held)
    assert await tick(held) == []
    await advance(progress, held)
    assert len(made) == 1
    assert await rows(database, made[0]) == dict.fromkeys(concerned, "pending")


@ON_SQLITE
async def test_the_next_alert_of_a_window_carries_the_guide_that_was_published(
    database: Database, tick: Tick, people: People, held: HeldLease, clock: SetClock
) -> None:
    await people.add("desalination")
    await people.window(DESALINATION, OPENS, CLOSES)
    (opening,) = await tick(held)
    guide = Guide(phone="0532-00000001", materials=("申报书",), checked_on=OPENS)
    await GuideDrafts(database, clock).publish_at_once({DESALINATION: guide}, author="cli:test")
    clock.on(CLOSES - timedelta(days=30))
    (deadline,) = await tick(held)
    contents = {one.id: Content.model_validate(one.content) for one in await campaigns(database)}
    assert contents[opening].guide is None
    assert contents[deadline].guide == guide


async def test_who_follows_a_clause_or_its_department_gets_its_alerts_and_no_others(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    store: PolicyStore,
) -> None:
    library = await store.published()
    office = library.policies[DESALINATION - 1].departments[0]
    (of_clause, of_department, of_another, of_track) = await people.add(n=4)
    await people.topics(of_clause, clause_topic(DESALINATION))
    await people.topics(of_department, department_topic(office), clause_topic(DESALINATION))
    await people.topics(of_another, clause_topic(22))
    await people.follow(of_track, "desalination")
    await people.window(DESALINATION, OPENS, CLOSES)
    (made,) = await tick(held)
    await advance(progress, held)
    told = {of_clause, of_department, of_track}
    assert await rows(database, made) == dict.fromkeys(told, "pending")


@ON_SQLITE
async def test_who_follows_a_general_clause_gets_it_without_any_other_general_one(
    database: Database, tick: Tick, progress: CampaignProgress, people: People, held: HeldLease
) -> None:
    (one,) = await people.add()
    await people.topics(one, clause_topic(22))
    await people.window(22, OPENS, CLOSES)
    await people.window(10, OPENS, CLOSES)
    made = await tick(held)
    await advance(progress, held)
    told = [await rows(database, campaign) for campaign in made]
    assert sorted(told, key=len) == [{}, {one: "pending"}]


@ON_SQLITE
async def test_a_question_that_a_new_text_answers_brings_its_asker_the_alert(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    store: PolicyStore,
) -> None:
    (asked, other) = await people.add(n=2)
    await people.topics(asked, question_topic("保种单位能补多少"))
    await people.topics(other, question_topic("算力券怎么补"))
    library = await store.published()
    clause = next(policy for policy in library.policies if "保种" in policy.text)
    await tick(held)
    drafts = Drafts(database, people._clock)
    changed = clause.model_copy(update={"text": clause.text + "以上支持可以叠加享受。"})
    draft = await drafts.begin(changed, author="li")
    await drafts.publish([draft], publisher="wang")
    (made,) = await tick(held)
    await advance(progress, held)
    assert list(await rows(database, made)) == [asked]


async def test_who_no_longer_follows_a_clause_gets_nothing_more_of_it(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (stays, leaves) = await people.add(n=2)
    for member in (stays, leaves):
        await people.topics(member, clause_topic(DESALINATION))
    await people.window(DESALINATION, OPENS, CLOSES)
    (made,) = await tick(held)
    await advance(progress, held)
    await Members(database, clock).unsubscribe_topics(leaves, ["clause:45"])
    cached = CampaignCache()

    def recheck(connection: Connection) -> dict[int, str]:
        rows_ = [
            ClaimedRow(number, made, member, run="", attempts=0, due_at=None)
            for number, member in enumerate((stays, leaves), 1)
        ]
        return withdrawn(connection, rows_, cached.load(connection, [made]), {})

    assert await database.run_in_read_transaction(recheck) == {2: UNSUBSCRIBED}


async def test_a_general_clause_reaches_every_subscriber_who_has_not_switched_it_off(
    database: Database, tick: Tick, progress: CampaignProgress, people: People, held: HeldLease
) -> None:
    subscribers = await people.add("ai", n=2) + await people.add("ships")
    await people.add("ai", general=False)
    await people.add()
    await people.window(22, OPENS, CLOSES)
    (made,) = await tick(held)
    await advance(progress, held)
    assert set(await rows(database, made)) == set(subscribers)


@ON_SQLITE
async def test_a_member_is_reminded_on_the_days_they_chose(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (usual,) = await people.add("desalination")
    (own,) = await people.add("desalination", lead_days=[10])
    (never,) = await people.add("desalination", lead_days=[])
    await people.window(DESALINATION, OPENS, CLOSES)
    told: dict[int, list[str]] = {usual: [], own: [], never: []}
    while clock().date() <= CLOSES:
        for made in await tick(held):
            await advance(progress, held)
            async with database.read() as session:
                campaign = await session.get_one(Campaign, made)
            for member, state in (await rows(database, made)).items():
                assert state == "pending"
                told[member].append(f"{clock().date():%m-%d} {campaign.kind}")
        clock.on(clock().date() + timedelta(days=1))
    assert told == {
        usual: [
            "11-02 opening",
            "11-13 deadline",
            "12-01 deadline",
            "12-08 deadline",
            "12-11 deadline",
            "12-14 deadline",
        ],
        own: ["11-02 opening", "12-04 deadline"],
        never: ["11-02 opening"],
    }


@ON_SQLITE
async def test_after_a_downtime_the_ledger_says_what_was_passed_over(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (usual,) = await people.add("desalination")
    (only_thirty,) = await people.add("desalination", lead_days=[30])
    await people.window(DESALINATION, OPENS, CLOSES)
    await tick(held)
    clock.on(date(2026, 12, 2))  # 30 and 14 were missed
    await tick(held)
    await advance(progress, held)
    by_lead = {each.lead: each.id for each in await campaigns(database)}
    assert await rows(database, by_lead[14]) == {usual: "pending"}
    assert await rows(database, by_lead[30]) == {usual: "skipped", only_thirty: "pending"}
    async with database.read() as session:
        assert await counts_of(session, by_lead[30]) == {"total": 2, "pending": 1, "skipped": 1}


async def test_who_has_applied_is_not_reminded(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    done, undone = await people.add("desalination", n=2)
    window = await people.window(DESALINATION, OPENS, CLOSES)
    async with database.write() as session:
        session.add(Applied(member_id=done, window_id=window, at=clock()))
    (made,) = await tick(held)
    await advance(progress, held)
    assert set(await rows(database, made)) == {undone}


async def test_a_changed_closing_day_cancels_what_has_not_left_and_announces_the_new_one(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (member,) = await people.add("desalination")
    window = await people.window(DESALINATION, OPENS, CLOSES)
    (opening,) = await tick(held)
    await advance(progress, held)
    await let_leave(database, clock)
    clock.on(date(2026, 12, 1))
    fortnight, _passed_over = await tick(held)
    await advance(progress, held)

    async with database.write() as session:
        await session.execute(
            update(WindowRow).where(WindowRow.id == window).values(closes_on=CLOSES + timedelta(days=14))
        )
    (changed,) = await tick(held)
    await advance(progress, held)
    by_id = {each.id: each for each in await campaigns(database)}
    assert (by_id[opening].status, by_id[fortnight].status) == ("done", "cancelled")
    assert await rows(database, fortnight) == {member: "skipped"}
    assert by_id[changed].kind == "date_changed"
    assert by_id[changed].content["old_closes_on"] == "2026-12-15"
    assert await rows(database, changed) == {member: "pending"}
    assert await tick(held) == []


@ON_SQLITE
async def test_a_date_changed_before_anyone_was_told_is_just_the_date(
    database: Database, tick: Tick, progress: CampaignProgress, people: People, held: HeldLease
) -> None:
    await people.add("desalination")
    window = await people.window(DESALINATION, OPENS, CLOSES)
    for closes_on in (CLOSES, CLOSES + timedelta(days=9), CLOSES):
        async with database.write() as session:
            await session.execute(update(WindowRow).where(WindowRow.id == window).values(closes_on=closes_on))
        (made,) = await tick(held)
        await advance(progress, held)
    statuses = [(each.kind, each.status) for each in await campaigns(database)]
    assert statuses == [("opening", "cancelled"), ("opening", "cancelled"), ("opening", "sending")]
    assert made == 3


async def told_by(database: Database, made: list[int]) -> list[tuple[str, str | None, set[int]]]:
    """Kind, closing day and members of campaigns."""
    by_id = {each.id: each for each in await campaigns(database)}
    return [
        (by_id[id_].kind, by_id[id_].content["closes_on"], set(await rows(database, id_))) for id_ in made
    ]


async def test_a_withdrawn_window_is_told_to_who_was_told_of_it_and_to_nobody_else(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    windows = Windows(database, clock)
    told, has_applied, left_all = await people.add("desalination", n=3)
    window = await people.window(DESALINATION, OPENS, CLOSES)
    await tick(held)
    await advance(progress, held)
    await let_leave(database, clock)
    await people.add("desalination")  # heard nothing of it
    async with database.write() as session:
        await mark_applied(session, has_applied, window, clock())
        await session.execute(delete(Subscription).where(Subscription.member_id == left_all))
    clock.on(date(2026, 12, 1))
    reminders = await tick(held)
    await advance(progress, held)
    assert await windows.remove(window)
    assert await windows.all() == ()
    made = await tick(held)
    await advance(progress, held)
    assert await told_by(database, made) == [("date_changed", None, {told, has_applied})]
    assert await tick(held) == []
    by_id = {each.id: each for each in await campaigns(database)}
    assert {by_id[id_].status for id_ in reminders} == {
        "cancelled",
        "done",
    }  # of 30 days, all were passed over


async def test_a_window_withdrawn_before_anyone_was_told_is_told_to_nobody(
    database: Database, tick: Tick, people: People, held: HeldLease, clock: SetClock
) -> None:
    await people.add("desalination")
    window = await people.window(DESALINATION, OPENS, CLOSES)
    await tick(held)
    await Windows(database, clock).remove(window)
    assert await tick(held) == []


@ON_SQLITE
async def test_another_window_put_down_after_one_was_removed_has_its_own_opening(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    windows = Windows(database, clock)
    (member,) = await people.add("desalination")
    first = WindowFields(DESALINATION, OPENS, CLOSES, "第一批")
    old = (await windows.put([first])).added[0]
    await tick(held)
    await advance(progress, held)
    await let_leave(database, clock)
    await windows.remove(old.id)
    new = (await windows.put([replace(first, title="第二批")])).added[0]
    made = await tick(held)
    await advance(progress, held)
    assert new.id != old.id
    assert sorted(await told_by(database, made), key=str) == [
        ("date_changed", None, {member}),
        ("opening", str(CLOSES), {member}),
    ]


async def test_a_window_that_comes_back_goes_on_where_it_was(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    """Removed and put down again before a tick: nothing happened. After it was told: it is told again."""
    windows = Windows(database, clock)
    (member, done) = await people.add("desalination", n=2)
    row = WindowFields(DESALINATION, OPENS, CLOSES, "海水淡化")
    window = (await windows.put([row])).added[0]
    async with database.write() as session:
        await mark_applied(session, done, window.id, clock())
    await tick(held)
    await advance(progress, held)
    await let_leave(database, clock)
    await windows.remove(window.id)
    assert (await windows.put([row])).added == (window,)
    assert await tick(held) == []
    await windows.remove(window.id)
    await tick(held)
    await advance(progress, held)
    await let_leave(database, clock)
    await windows.put([row])
    made = await tick(held)
    await advance(progress, held)
    assert await told_by(database, made) == [("date_changed", str(CLOSES), {member})]


async def test_a_removed_window_takes_its_unsent_alerts_along(
    database: Database, tick: Tick, progress: CampaignProgress, people: People, held: HeldLease
) -> None:
    (member,) = await people.add("desalination")
    window = await people.window(DESALINATION, OPENS, CLOSES, sample=True)
    (made,) = await tick(held)
    await advance(progress, held)
    async with database.write() as session:
        await session.execute(delete(WindowRow).where(WindowRow.id == window))
    await tick(held)
    await advance(progress, held)
    (campaign,) = await campaigns(database)
    assert (campaign.status, campaign.content["sample"]) == ("cancelled", True)
    assert await rows(database, made) == {member: "skipped"}


@ON_SQLITE
async def test_what_an_operator_cancelled_does_not_come_back(
    database: Database, tick: Tick, people: People, held: HeldLease, clock: SetClock
) -> None:
    await people.add("desalination")
    await people.window(DESALINATION, OPENS, CLOSES)
    (made,) = await tick(held)
    async with database.write() as session:
        await act(session, made, CampaignAction.CANCEL, clock(), by="li")
    assert await tick(held) == []
    clock.on(date(2026, 11, 3))
    assert await tick(held) == []


async def test_rows_expire_at_the_close(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    (member,) = await people.add("desalination")
    await people.window(DESALINATION, OPENS, CLOSES)
    (made,) = await tick(held)
    await advance(progress, held)
    clock.on(CLOSES, hour=23)
    await progress.close_rows(held)
    assert await rows(database, made) == {member: "pending"}
    clock.on(CLOSES + timedelta(days=1), hour=0)
    await advance(progress, held)
    assert await rows(database, made) == {member: "skipped"}
    assert (await campaigns(database))[0].status == "done"


async def test_an_erased_member_does_not_keep_a_campaign_open(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    _, erased = await people.add("desalination", n=2)
    await people.window(DESALINATION, OPENS, CLOSES)
    (made,) = await tick(held)
    await advance(progress, held)
    async with database.write() as session:
        await session.execute(delete(Member).where(Member.id == erased))
    await let_leave(database, clock)
    await progress.finish(held)
    async with database.read() as session:
        assert (await session.get_one(Campaign, made)).status == "done"
        assert await counts_of(session, made) == {"total": 1, "sent": 1}


async def test_two_schedulers_over_pretend_days_make_no_double(
    database: Database, store: PolicyStore, clock: SetClock, people: People
) -> None:
    """Two ticks at the same moment, again and again over three weeks; the lease changes hands in between."""
    await people.add("desalination", "ai", n=5, lead_days=[7, 5, 3, 2, 1])
    last = OPENS + timedelta(days=14)
    for policy_id in (DESALINATION, 46, 22):
        await people.window(policy_id, OPENS, last - timedelta(days=policy_id % 7))
    ticks = [Tick(database, store, clock, TickMetrics.register(CollectorRegistry())) for _ in range(2)]
    held: list[HeldLease | None] = [None, None]
    tells: list[list[int]] = []
    refused = 0

    async def one(which: int) -> list[int]:
        mine = held[which]
        return [] if mine is None else await ticks[which](mine)

    while clock().date() < last + timedelta(days=7):
        taker = len(tells) % 3 % 2
        async with database.write() as session:  # the holder's clock has run out: the other takes over
            await session.execute(update(Lease).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
        held[taker] = await take(database, SCHEDULER, f"process {taker}", seconds=3600)
        for result in await asyncio.gather(one(0), one(1), return_exceptions=True):
            if isinstance(result, LeaseLostError):
                refused += 1
            else:
                assert not isinstance(result, BaseException), result
                tells.append(result)
        clock.on(clock().date() + timedelta(days=1))
    keys = [each.key for each in await campaigns(database)]
    assert len(keys) == len(set(keys)) == 3 * 6
    assert sorted(made for told in tells for made in told) == [each.id for each in await campaigns(database)]
    assert refused > 0


async def test_a_tick_that_lost_its_lease_makes_nothing(
    database: Database, tick: Tick, people: People, held: HeldLease
) -> None:
    await people.window(DESALINATION, OPENS, CLOSES)
    async with database.write() as session:
        await session.execute(update(Lease).values(holder="another", fence=Lease.fence + 1))
    with pytest.raises(LeaseLostError):
        await tick(held)
    assert await campaigns(database) == []


async def test_a_published_change_is_announced_once_to_the_tracks_it_concerns(
    database: Database,
    store: PolicyStore,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    clock: SetClock,
) -> None:
    await tick(held)
    (concerned,) = await people.add("desalination")
    await people.add("ai")
    old = next(policy for policy in (await store.published()).policies if policy.key == DESALINATION)
    drafts = Drafts(database, clock)
    new = old.model_copy(update={"departments": old.departments[1:]})
    draft = await drafts.begin(new, author="li")
    await drafts.publish([draft], publisher="wang")
    (made,) = await tick(held)
    assert await tick(held) == []
    await advance(progress, held)
    (campaign,) = [each for each in await campaigns(database) if each.id == made]
    assert campaign.kind == "policy_changed"
    (change,) = campaign.content["changes"]
    assert change["what"] == "责任单位"
    assert change["old"].startswith(old.departments[0])
    assert await rows(database, made) == {concerned: "pending"}


async def test_of_a_clause_that_changed_twice_while_it_waits_only_the_last_change_is_told(
    database: Database,
    tick: Tick,
    progress: CampaignProgress,
    people: People,
    held: HeldLease,
    store: PolicyStore,
) -> None:
    await tick(held)
    (concerned,) = await people.add("desalination")
    drafts = Drafts(database, people._clock)

    async def publish(old: str, new: str) -> None:
        policy = next(one for one in (await store.published()).policies if one.key == DESALINATION)
        changed = policy.model_copy(update={"text": policy.text.replace(old, new)})
        await drafts.publish([await drafts.begin(changed, author="li")], publisher="wang")

    await publish("符合条件的", "须在年底前完工。符合条件的")
    (first,) = await tick(held)
    await advance(progress, held)
    assert await rows(database, first) == {concerned: "pending"}
    await publish("须在年底前完工", "须在六月底前完工")
    (second,) = await tick(held)
    await advance(progress, held)
    assert await rows(database, first) == {concerned: "skipped"}
    assert await rows(database, second) == {concerned: "pending"}
    await publish("须在六月底前完工", "须在七月底前完工")
    await publish("须在七月底前完工", "须在八月底前完工")
    (last,) = await tick(held)
    await advance(progress, held)
    assert await rows(database, second) == {concerned: "skipped"}
    told = {one.id: Content.model_validate(one.content).summary for one in await campaigns(database)}
    assert "八月底" in told[last]
