"""A year of pretend days: what three people hear of windows that come, move, go and close after holidays.

The story and what is told are tables; between them run the real windows, tick, listing and delivery, with the
sandbox as WeChat. Holidays of 2026: 春节 15 to 23 February (Saturday 14 and 28 are worked), 劳动节 1 to 5 May
(Saturday 9 is worked), 国庆 1 to 7 October (Saturday 10 is worked).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, select

from alerts.lease.lease import HeldLease
from alerts.member.applied import mark_applied
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from alerts.wording.wording import heading, summary
from policies.publishing.store import PolicyStore
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.clock import SHANGHAI
from subscriptions.tables import Subscription
from tests.alerts.delivery_stage import Stage
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE

FIRST, LAST = date(2026, 1, 12), date(2026, 11, 16)
PREFERENCES: Mapping[str, Mapping[str, object]] = {
    "甲": {},  # 30, 14, 7, 3 and 1 day before
    "乙": {"lead_days": [3]},
    "丙": {"lead_days": [7], "digest": "weekly"},
}
NIGHT, MORNING, DIGEST, NOON = time(0, 0), time(8, 30), time(9, 0), time(12, 0)


class Year:
    """One scheduler, one worker and one desk."""

    def __init__(self, stage: Stage, store: PolicyStore, clock: SetClock, held: HeldLease) -> None:
        self.stage, self.clock, self._held = stage, clock, held
        self.windows = Windows(stage.database, clock)
        self._tick = Tick(stage.database, store, clock, TickMetrics.register(CollectorRegistry()))
        self._progress = CampaignProgress(stage.database, clock)
        self.people: dict[str, int] = {}
        self.asleep = False
        self._open: set[int] = set()  # campaigns that may have rows to send

    async def settle_in(self) -> None:
        for name, preferences in PREFERENCES.items():
            (self.people[name],) = await self.stage.members(
                quiet_from=21 * 60, quiet_until=510, **preferences
            )
        async with self.stage.database.write() as session:
            await session.execute(
                insert(Subscription),
                [
                    {"member_id": member, "track_id": "desalination", "since": self.clock()}
                    for member in self.people.values()
                ],
            )

    async def at(self, day: date, hour: time, *, ticks: bool = True) -> None:
        self.clock.now = datetime.combine(day, hour, SHANGHAI)
        if ticks and not self.asleep:
            made = await self._tick(self._held)
            self._open |= set(made)
            if made:
                await self._progress.start(self._held)
                await self._progress.list_all(self._held)
        if self._open:
            await self._deliver(midnight=hour == NIGHT)

    async def _deliver(self, *, midnight: bool) -> None:
        async with self.stage.database.read() as session:
            due = await session.scalars(
                select(Delivery.id).where(
                    Delivery.state == "pending", Delivery.next_attempt_at <= self.clock()
                )
            )
            ids = due.all()
        if ids:
            async with self.stage.delivering() as dispatcher:
                for id_ in ids:  # as different workers would take them
                    await dispatcher.deliver([id_])
        if not self.asleep and (ids or midnight):
            await self._progress.close_rows(self._held)
            await self._progress.finish(self._held)
            async with self.stage.database.read() as session:
                self._open = set(
                    await session.scalars(select(Campaign.id).where(Campaign.status == "sending"))
                )

    async def put(self, title: str, opens: str, closes: str) -> None:
        row = WindowFields(45, *(date.fromisoformat(f"2026-{day}") for day in (opens, closes)), title)
        await self.windows.put([row])

    async def remove(self, title: str) -> None:
        (window,) = [one for one in await self.windows.all() if one.title == title]
        await self.windows.remove(window.id)

    async def applies(self, name: str, title: str) -> None:
        (window,) = [one for one in await self.windows.all() if one.title == title]
        async with self.stage.database.write() as session:
            await mark_applied(session, self.people[name], window.id, self.clock())

    async def sleep(self) -> None:
        self.asleep = True

    async def wake(self) -> None:
        self.asleep = False

    async def told(self) -> list[str]:
        """Every message as who got it would tell: date and hour, name, what."""
        names = {member: name for name, member in self.people.items()}
        async with self.stage.database.read() as session:
            rows = await session.execute(
                select(Delivery.settled_at, Delivery.member_id, Campaign.kind, Campaign.content)
                .join(Campaign, Campaign.id == Delivery.campaign_id)
                .where(Delivery.state == "sent")
                .order_by(Delivery.settled_at, Delivery.member_id, Campaign.id)
            )
        found = []
        for at, member, kind, stored in rows:
            local, content = at.astimezone(SHANGHAI), Content.model_validate(stored)
            alert = (AlertKind(kind), content)
            said = summary(alert, local.date())
            found.append(f"{local:%m-%d %H:%M} {names[member]} {content.title} {heading(alert)}：{said}")
        return found


@pytest.fixture
async def year(stage: Stage, store: PolicyStore, clock: SetClock, held: HeldLease) -> Year:
    clock.on(FIRST, hour=0)
    year = Year(stage, store, clock, held)
    await year.settle_in()
    return year


Step = Callable[[Year], Awaitable[None]]
STORY: Mapping[str, tuple[Step, ...]] = {
    # closes on the first working day after 春节
    "01-12": (lambda year: year.put("春节后截止", "01-12", "02-24"),),
    # closes on a worked Saturday
    "02-25": (lambda year: year.put("补班日截止", "02-25", "02-28"),),
    # moved behind 劳动节 while it is open
    "03-02": (lambda year: year.put("改期", "03-02", "04-15"),),
    "03-20": (lambda year: year.put("改期", "03-02", "05-06"),),
    # taken away, and back two days later; who has applied hears of that
    "06-01": (lambda year: year.put("撤回又恢复", "06-01", "07-15"),),
    "06-02": (lambda year: year.applies("乙", "撤回又恢复"),),
    "06-10": (lambda year: year.remove("撤回又恢复"),),
    "06-12": (lambda year: year.put("撤回又恢复", "06-01", "07-15"),),
    # taken away and replaced by another with the same days
    "07-20": (lambda year: year.put("错录", "07-20", "07-31"),),
    "07-21": (lambda year: year.remove("错录"), lambda year: year.put("更正", "07-20", "07-31")),
    # taken away and put down again before anyone looked
    "07-22": (lambda year: year.remove("更正"), lambda year: year.put("更正", "07-20", "07-31")),
    # the scheduler is down from the 5th to the 12th
    "08-03": (lambda year: year.put("停机", "08-03", "08-14"),),
    "08-05": (Year.sleep,),
    "08-12": (Year.wake,),
    # closes on the first working day after 国庆, another in the middle of it
    "09-01": (lambda year: year.put("国庆后截止", "09-01", "10-08"),),
    "09-10": (lambda year: year.put("国庆中截止", "09-10", "10-05"),),
}
IN_THE_EVENING: Mapping[str, Step] = {
    # known after nine at night; its three days begin at midnight: both are held for the morning
    "11-10": lambda year: year.put("夜里录入", "11-01", "11-14"),
}
TOLD = """
01-12 12:00 甲 春节后截止 申报开始：已开始申报，还有 43 天截止
01-12 12:00 乙 春节后截止 申报开始：已开始申报，还有 43 天截止
01-19 09:00 丙 春节后截止 申报开始：已开始申报，还有 36 天截止
01-23 08:30 甲 春节后截止 申报提醒：还有 32 天截止，请尽早提交
02-10 08:30 甲 春节后截止 申报提醒：还有 14 天截止，请尽早提交
02-14 08:30 甲 春节后截止 申报提醒：还有 10 天截止，请尽早提交
02-14 08:30 乙 春节后截止 申报提醒：还有 10 天截止，请尽早提交
02-14 08:30 丙 春节后截止 申报提醒：还有 10 天截止，请尽早提交
02-24 08:30 甲 春节后截止 申报提醒：今天截止，请尽早提交
02-24 08:30 乙 春节后截止 申报提醒：今天截止，请尽早提交
02-25 12:00 甲 补班日截止 申报提醒：还有 3 天截止，请尽早提交
02-25 12:00 乙 补班日截止 申报提醒：还有 3 天截止，请尽早提交
02-25 12:00 丙 补班日截止 申报开始：已开始申报，还有 3 天截止
02-27 08:30 甲 补班日截止 申报提醒：明天截止，请尽早提交
03-02 12:00 甲 改期 申报开始：已开始申报，还有 44 天截止
03-02 12:00 乙 改期 申报开始：已开始申报，还有 44 天截止
03-09 09:00 丙 改期 申报开始：已开始申报，还有 37 天截止
03-16 08:30 甲 改期 申报提醒：还有 30 天截止，请尽早提交
03-20 12:00 甲 改期 申报时间有变：截止改为5月6日（原4月15日）
03-20 12:00 乙 改期 申报时间有变：截止改为5月6日（原4月15日）
03-23 09:00 丙 改期 申报时间有变：截止改为5月6日（原4月15日）
04-03 08:30 甲 改期 申报提醒：还有 33 天截止，请尽早提交
04-22 08:30 甲 改期 申报提醒：还有 14 天截止，请尽早提交
04-29 08:30 甲 改期 申报提醒：还有 7 天截止，请尽早提交
04-30 08:30 甲 改期 申报提醒：还有 6 天截止，请尽早提交
04-30 08:30 乙 改期 申报提醒：还有 6 天截止，请尽早提交
04-30 08:30 丙 改期 申报提醒：还有 6 天截止，请尽早提交
05-06 08:30 甲 改期 申报提醒：今天截止，请尽早提交
05-06 08:30 乙 改期 申报提醒：今天截止，请尽早提交
06-01 12:00 甲 撤回又恢复 申报开始：已开始申报，还有 44 天截止
06-01 12:00 乙 撤回又恢复 申报开始：已开始申报，还有 44 天截止
06-08 09:00 丙 撤回又恢复 申报开始：已开始申报，还有 37 天截止
06-10 12:00 甲 撤回又恢复 申报取消：本次申报已取消
06-10 12:00 乙 撤回又恢复 申报取消：本次申报已取消
06-12 12:00 甲 撤回又恢复 申报照常进行：申报照常进行，7月15日截止
06-12 12:00 乙 撤回又恢复 申报照常进行：申报照常进行，7月15日截止
06-15 08:30 甲 撤回又恢复 申报提醒：还有 30 天截止，请尽早提交
06-15 09:00 丙 撤回又恢复 申报照常进行：申报照常进行，7月15日截止
07-01 08:30 甲 撤回又恢复 申报提醒：还有 14 天截止，请尽早提交
07-08 08:30 甲 撤回又恢复 申报提醒：还有 7 天截止，请尽早提交
07-10 08:30 甲 撤回又恢复 申报提醒：还有 5 天截止，请尽早提交
07-10 08:30 丙 撤回又恢复 申报提醒：还有 5 天截止，请尽早提交
07-14 08:30 甲 撤回又恢复 申报提醒：明天截止，请尽早提交
07-20 12:00 甲 错录 申报开始：已开始申报，还有 11 天截止
07-20 12:00 乙 错录 申报开始：已开始申报，还有 11 天截止
07-21 12:00 甲 错录 申报取消：本次申报已取消
07-21 12:00 甲 更正 申报开始：已开始申报，还有 10 天截止
07-21 12:00 乙 错录 申报取消：本次申报已取消
07-21 12:00 乙 更正 申报开始：已开始申报，还有 10 天截止
07-24 08:30 甲 更正 申报提醒：还有 7 天截止，请尽早提交
07-27 09:00 丙 更正 申报提醒：还有 4 天截止，请尽早提交
07-28 08:30 甲 更正 申报提醒：还有 3 天截止，请尽早提交
07-28 08:30 乙 更正 申报提醒：还有 3 天截止，请尽早提交
07-30 08:30 甲 更正 申报提醒：明天截止，请尽早提交
08-03 12:00 甲 停机 申报开始：已开始申报，还有 11 天截止
08-03 12:00 乙 停机 申报开始：已开始申报，还有 11 天截止
08-10 09:00 丙 停机 申报开始：已开始申报，还有 4 天截止
08-12 12:00 甲 停机 申报提醒：还有 2 天截止，请尽早提交
08-12 12:00 乙 停机 申报提醒：还有 2 天截止，请尽早提交
08-12 12:00 丙 停机 申报提醒：还有 2 天截止，请尽早提交
08-13 08:30 甲 停机 申报提醒：明天截止，请尽早提交
09-01 12:00 甲 国庆后截止 申报开始：已开始申报，还有 37 天截止
09-01 12:00 乙 国庆后截止 申报开始：已开始申报，还有 37 天截止
09-07 09:00 丙 国庆后截止 申报开始：已开始申报，还有 31 天截止
09-08 08:30 甲 国庆后截止 申报提醒：还有 30 天截止，请尽早提交
09-10 12:00 甲 国庆中截止 申报开始：已开始申报，还有 25 天截止
09-10 12:00 乙 国庆中截止 申报开始：已开始申报，还有 25 天截止
09-14 09:00 丙 国庆中截止 申报开始：已开始申报，还有 21 天截止
09-21 08:30 甲 国庆中截止 申报提醒：还有 14 天截止，请尽早提交
09-24 08:30 甲 国庆后截止 申报提醒：还有 14 天截止，请尽早提交
09-28 08:30 甲 国庆中截止 申报提醒：还有 7 天截止，请尽早提交
09-28 09:00 丙 国庆中截止 申报提醒：还有 7 天截止，请尽早提交
09-30 08:30 甲 国庆中截止 申报提醒：还有 5 天截止，请尽早提交
09-30 08:30 甲 国庆后截止 申报提醒：还有 8 天截止，请尽早提交
09-30 08:30 乙 国庆中截止 申报提醒：还有 5 天截止，请尽早提交
09-30 08:30 乙 国庆后截止 申报提醒：还有 8 天截止，请尽早提交
09-30 08:30 丙 国庆后截止 申报提醒：还有 8 天截止，请尽早提交
10-08 08:30 甲 国庆后截止 申报提醒：今天截止，请尽早提交
10-08 08:30 乙 国庆后截止 申报提醒：今天截止，请尽早提交
11-11 08:30 甲 夜里录入 申报提醒：还有 3 天截止，请尽早提交
11-11 08:30 乙 夜里录入 申报提醒：还有 3 天截止，请尽早提交
11-11 08:30 丙 夜里录入 申报开始：已开始申报，还有 3 天截止
11-13 08:30 甲 夜里录入 申报提醒：明天截止，请尽早提交
""".strip().splitlines()


async def next_day(year: Year, day: date) -> date:
    """Tomorrow; where no window is open any more, the next day of the story, as after a silence."""
    if any(window.closes_on >= day - timedelta(days=2) for window in await year.windows.all()):
        return day + timedelta(days=1)
    days = (date.fromisoformat(f"2026-{named}") for named in (*STORY, *IN_THE_EVENING))
    return min((one for one in days if one > day), default=LAST + timedelta(days=1))


@ON_SQLITE
async def test_in_a_year_each_hears_what_a_careful_person_would_tell_them(year: Year) -> None:
    day = FIRST
    while day <= LAST:
        named = f"{day:%m-%d}"
        await year.at(day, NIGHT)
        await year.at(day, MORNING, ticks=False)
        await year.at(day, DIGEST, ticks=False)
        for step in STORY.get(named, ()):
            await step(year)
        if named in STORY:
            await year.at(day, NOON)
        if named in IN_THE_EVENING:
            await IN_THE_EVENING[named](year)
            await year.at(day, time(22, 0))
        day = await next_day(year, day)
    told = await year.told()
    assert (await year.stage.wechat.stats())["delivered"] == len(told)
    assert told == TOLD
