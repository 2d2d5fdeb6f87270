"""What goes out can be followed, paused, and stopped all at once."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest
from aiohttp import ClientResponse
from sqlalchemy import select

from alerts.channels.mass.jobs import TO_ALL, JobStatus
from alerts.ledger.restored import stop_as_restored
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign, Delivery, MassJob
from console.access.operators import Operators, signed_in
from console.access.roles import Role
from policies.library.tables import WindowRow
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member
from tests.console.conftest import csrf_of, sign_in

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
async def campaign(sqlite_database: Database) -> int:
    """A campaign under way to two members, one of whom it failed to reach."""
    async with sqlite_database.write() as session:
        new = NewCampaign(
            "window:1",
            AlertKind.DEADLINE,
            Content(title="技改奖补申报"),
            Audience(everyone=True),
            status=Status.SENDING,
        )
        made = await create_campaign(session, new, NOW)
        assert made
        for openid, state, errcode in (("o_1", "delivered", None), ("o_2", "failed", 47003)):
            member = Member(openid=openid, followed_at=NOW)
            session.add(member)
            await session.flush()
            row = Delivery(
                campaign_id=made,
                member_id=member.id,
                state=state,
                channel="template",
                errcode=errcode,
                next_attempt_at=NOW,
            )
            session.add(row)
        await add_counts(session, made, {"delivered": 1, "failed": 1})
    return made


async def test_the_ledger_of_a_campaign_is_filtered_by_result(desk, campaign: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    assert "技改奖补申报" in await (await client.get("/console/campaigns")).text()
    everything = await (await client.get(f"/console/campaigns/{campaign}")).text()
    failed = await (await client.get(f"/console/campaigns/{campaign}?state=failed")).text()
    assert "47003" in everything
    assert everything.count("模板消息") == 2
    assert failed.count("模板消息") == 1
    assert "o_1" not in everything


async def test_an_editor_pauses_and_resumes_it(desk, campaign: int) -> None:
    client = await desk()
    await sign_in(client, "editor")
    path = f"/console/campaigns/{campaign}"
    for action, status in (("pause", "已暂停"), ("resume", "待发送"), ("cancel", "已取消")):
        token = await csrf_of(client, path)
        assert (
            status
            in await (await client.post(f"{path}/{action}", data={"csrf": token, "confirmed": "yes"})).text()
        )


async def test_its_counters_come_live(desk, campaign: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    async with client.get(f"/console/campaigns/{campaign}/live") as answer:
        line = await answer.content.readuntil(b"}}")
    state = json.loads(line.partition(b"data: ")[2])
    assert state == {"status": "发送中", "counts": {"total": 2, "delivered": 1, "failed": 1}}


async def test_a_server_that_stops_waits_for_nobody_who_watches(desk, campaign: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    async with client.get(f"/console/campaigns/{campaign}/live") as answer:
        await answer.content.readuntil(b"}}")
        async with asyncio.timeout(5):
            await client.server.close()


@pytest.mark.parametrize("ending", ["signed out", "account closed"])
async def test_the_counters_come_no_more_once_the_session_is_over(
    desk, operators: Operators, campaign: int, ending: str
) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    async with client.get(f"/console/campaigns/{campaign}/live") as answer:
        await answer.content.readuntil(b"}}")
        if ending == "signed out":
            token = await csrf_of(client, "/console/campaigns")
            await client.post("/console/sign-out", data={"csrf": token})
        else:
            by_name = {one.name: one for one in await operators.all()}
            admin = signed_in(by_name["admin"])
            await operators.change(by_name["viewer"].id, role=Role.VIEWER, active=False, actor=admin)
        async with asyncio.timeout(10):
            await answer.content.read()


@pytest.mark.parametrize("since", [datetime(2026, 3, 1, 2, 30, tzinfo=UTC), None])
async def test_the_red_banner_is_whole_sentences(
    desk, sqlite_database: Database, since: datetime | None
) -> None:
    async with sqlite_database.write() as session:
        await stop_as_restored(session, since, NOW)
    client = await desk()
    await sign_in(client, "approver")
    page = await (await client.get("/console/policies")).text()
    assert ("数据库是 2026-03-01 10:30 的备份" if since else "数据库是更早时间的备份") in page
    assert "再恢复。恢复请到" in page
    assert "。。" not in page


async def test_the_global_stop_is_red_on_every_page_until_it_is_lifted(desk) -> None:
    client = await desk()
    await sign_in(client, "approver")
    token = await csrf_of(client, "/console/campaigns")
    await client.post("/console/campaigns/stop", data={"csrf": token, "reason": "内容有误"})
    assert (
        "所有对外推送已全局暂停：内容有误。恢复请到" in await (await client.get("/console/policies")).text()
    )
    await client.post("/console/campaigns/resume", data={"csrf": await csrf_of(client, "/console/campaigns")})
    assert "全局暂停：" not in await (await client.get("/console/policies")).text()


@pytest.fixture
async def silent(sqlite_database: Database, campaign: int) -> int:
    """One more row of it, whose fate WeChat never told; with a reason that would be a formula."""
    async with sqlite_database.write() as session:
        member = Member(openid="o_3", followed_at=NOW)
        session.add(member)
        await session.flush()
        row = Delivery(
            campaign_id=campaign, member_id=member.id, state="unknown", channel="custom", reason="=1+1"
        )
        session.add(row)
        await add_counts(session, campaign, {"unknown": 1})
    return campaign


async def states(database: Database) -> list[str]:
    async with database.read() as session:
        return list(await session.scalars(select(Delivery.state).order_by(Delivery.id)))


@pytest.mark.parametrize(
    ("decision", "notice", "then"),
    [
        ("retry", "1 条将重新发送", ["delivered", "pending", "unknown"]),
        ("unknown/resend", "1 条将重新发送", ["delivered", "failed", "pending"]),
        ("unknown/confirm", "1 条已记为已发送", ["delivered", "failed", "sent"]),
    ],
)
async def test_dead_letters_are_retried_and_silence_is_decided(
    desk, sqlite_database: Database, silent: int, decision: str, notice: str, then: list[str]
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    assert "技改奖补申报" in await (await client.get("/console/campaigns/dead-letters?state=unknown")).text()
    path = f"/console/campaigns/{silent}"
    data = {"csrf": await csrf_of(client, path), "confirmed": "yes"}
    assert notice in await (await client.post(f"{path}/{decision}", data=data)).text()
    assert await states(sqlite_database) == then
    again = await (await client.post(f"{path}/{decision}", data=data)).text()
    assert "没有可重发的记录" in again or "没有结果不明的记录" in again


@pytest.fixture
async def told_today(sqlite_database: Database, campaign: int) -> int:
    """The window's other alert has reached the member whom the campaign failed to reach."""
    async with sqlite_database.write() as session:
        window = WindowRow(
            policy_id=22,
            title="技改奖补",
            opens_on=NOW.date(),
            closes_on=NOW.date(),
            url="",
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(window)
        await session.flush()
        (await session.get_one(Campaign, campaign)).window_id = window.id
        new = NewCampaign(
            "window:2",
            AlertKind.OPENING,
            Content(title="另一条"),
            Audience(everyone=True),
            window_id=window.id,
        )
        other = await create_campaign(session, new, NOW)
        failed = await session.scalar(select(Delivery.member_id).where(Delivery.state == "failed"))
        session.add(
            Delivery(campaign_id=other, member_id=failed, state="delivered", settled_at=system_clock())
        )
    return campaign


async def test_a_retry_warns_of_members_who_heard_of_the_window_today(desk, told_today: int) -> None:
    client = await desk()
    await sign_in(client, "editor")
    path = f"/console/campaigns/{told_today}"
    assert "其中 1 位成员今天已收到同一申报期的提醒，今天重试将跳过" in await (await client.get(path)).text()
    data = {"csrf": await csrf_of(client, path)}
    said = await (await client.post(f"{path}/retry", data=data)).text()
    assert "1 条将重新发送，其中 1 位成员今天已收到同一申报期的提醒，将跳过" in said


@pytest.mark.parametrize(
    ("job", "decision", "then"),
    [
        (JobStatus.FAILED, "retry", Status.SENDING),
        (JobStatus.UNKNOWN, "unknown/resend", Status.SENDING),
        (JobStatus.UNKNOWN, "unknown/confirm", Status.SENDING),
        (JobStatus.FAILED, "cancel", Status.CANCELLED),
    ],
)
async def test_a_send_to_all_that_failed_without_a_row_is_listed_and_decided(
    desk, sqlite_database: Database, job: JobStatus, decision: str, then: Status
) -> None:
    async with sqlite_database.write() as session:
        new = NewCampaign(
            "broadcast:1",
            AlertKind.ANNOUNCEMENT,
            Content(title="政策宣讲会"),
            Audience(everyone=True),
            channel="mass",
            status=Status.FAILED,
            reason="群发被微信拒绝：正文过长（45002）。",
        )
        made = await create_campaign(session, new, NOW)
        session.add(MassJob(campaign_id=made, lead_id=TO_ALL, status=job, sent_at=NOW))
    client = await desk()
    await sign_in(client, "editor")
    for page in ("/console/", "/console/campaigns/dead-letters"):
        shown = await (await client.get(page)).text()
        assert "政策宣讲会" in shown
        assert "群发被微信拒绝：正文过长（45002）。" in shown
        assert f'href="/console/campaigns/{made}"' in shown
    path = f"/console/campaigns/{made}"
    page = await (await client.get(path)).text()
    assert f'action="{path}/{decision}"' in page
    data = {"csrf": await csrf_of(client, path), "confirmed": "yes"}
    assert "没有" not in await notice_of(await client.post(f"{path}/{decision}", data=data))
    async with sqlite_database.read() as session:
        assert (await session.get_one(Campaign, made)).status == then
    assert "政策宣讲会" not in await (await client.get("/console/campaigns/dead-letters")).text()


async def notice_of(answer: ClientResponse) -> str:
    page = await answer.text()
    return page.partition('class="notice')[2].partition("</p>")[0]


async def test_the_ledger_is_taken_away_without_openids_and_formulas(desk, silent: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    path = f"/console/campaigns/{silent}"
    text = await (await client.get(f"{path}/deliveries.csv")).text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["结果"] for row in rows] == ["已送达", "失败", "结果不明"]
    assert rows[2]["说明"] == "'=1+1"
    assert "o_" not in text
    book = openpyxl.load_workbook(io.BytesIO(await (await client.get(f"{path}/deliveries.xlsx")).read()))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in sheet] == ["结果", "已送达", "失败", "结果不明"]
    assert sheet[3][4] == "'=1+1"


async def test_what_a_member_was_told_stands_on_their_page(desk, campaign: int) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get("/console/subscribers/members/2")).text()
    told = page.partition("最近的提醒")[2].partition("订阅变更")[0]
    assert "技改奖补申报" in told
    assert "失败" in told
    assert "模板消息" in told


async def test_a_message_that_waits_for_the_morning_says_so(
    desk, sqlite_database: Database, campaign: int
) -> None:
    morning = datetime(2099, 3, 3, 0, 30, tzinfo=UTC)
    async with sqlite_database.write() as session:
        member = Member(openid="o_3", followed_at=NOW)
        session.add(member)
        await session.flush()
        session.add(
            Delivery(campaign_id=campaign, member_id=member.id, state="pending", next_attempt_at=morning)
        )
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get(f"/console/campaigns/{campaign}")).text()
    assert "待发送的 1 条在等时间（免打扰、汇总或重试），2099-03-03 08:30 起发送" in page
    assert "免打扰或汇总，至 2099-03-03 08:30" in page
