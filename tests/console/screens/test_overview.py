"""The first page says what waits for an operator, and where."""

from datetime import UTC, datetime

import pytest

from alerts.ledger.restored import stop_as_restored
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.notices.notice_kinds import NOTICE_KINDS
from console.routes import ROUTES
from console.screens.attention import COUNTED
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from policies.questions.log import QuestionLog
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.members.follower_counts import followers
from subscriptions.members.track_subscriptions import ChangeSource
from tests.console import conftest
from tests.console.conftest import sign_in


async def put(database: Database, key: str, kind: AlertKind, status: Status, **counts: int) -> None:
    async with database.write() as session:
        now = datetime.now(UTC)
        new = NewCampaign(
            key, kind, Content(title=f"推送 {key}"), Audience(everyone=True), status=status, reason="额度用完"
        )
        made = await create_campaign(session, new, now)
        assert made
        await add_counts(session, made, counts)


@pytest.fixture
def before_any_period_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "system_clock", lambda: datetime(2025, 6, 2, 2, tzinfo=UTC))


async def test_a_clause_whose_period_is_over_is_named_where_clauses_are_listed_too(desk) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get("/console/")).text()
    assert "第11条" in page
    assert "的有效期已过：请确认是否继续执行，改有效期或撤下" in page
    assert "2025-12-31（已过）" in await (await client.get("/console/policies")).text()


@pytest.mark.usefixtures("before_any_period_ends")
async def test_with_nothing_to_do_it_says_so(desk) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get("/console/")).text()
    assert "暂无需要处理的事项" in page
    assert "<strong>0</strong> 位关注者" in page


async def test_each_matter_leads_to_its_page(desk, sqlite_database: Database) -> None:
    members = Members(sqlite_database, system_clock)
    member = (await members.follow("o_one")).member_id
    await members.subscribe(member, ["ai"], source=ChangeSource.CHAT)
    await members.companies.bind(member, "91370211MA3DQ0RX6H", "某公司")
    await Handoffs(sqlite_database, system_clock).say(member, "在吗", begin=True)
    log = QuestionLog(sqlite_database)
    await log.record("翡翠湾计划", "declined")
    await log.flush()
    await put(sqlite_database, "a", AlertKind.DEADLINE, Status.PAUSED, pending=3)
    await put(sqlite_database, "b", AlertKind.ANNOUNCEMENT, Status.SUBMITTED)
    await put(sqlite_database, "c", AlertKind.DEADLINE, Status.DONE, delivered=7, failed=2, unknown=1)
    client = await desk()
    await sign_in(client, "viewer")
    page = await (await client.get("/console/")).text()
    for sentence, path in (
        ("推送“推送 a”已暂停：额度用完", "/console/campaigns/1"),
        ("1 条推送结果不明，需要您决定", "/console/campaigns/dead-letters?state=unknown"),
        ("2 条推送失败，可查看原因后重试", "/console/campaigns/dead-letters?state=failed"),
        ("1 个人工对话等待回复", "/console/people"),
        ("1 则公告等待审批", "/console/broadcasts"),
        ("1 位成员的企业等待确认", "/console/subscribers"),
        ("1 组问题没有答好", "/console/questions"),
    ):
        assert f'<a href="{path}">{sentence}</a>' in page
        assert (await client.get(path)).status == 200
    assert "<dt>已送达</dt><dd>7</dd>" in page


async def test_who_left_is_counted_no_more(database: Database) -> None:
    store = PolicyStore(database, system_clock)
    await store.seed(load_library(), load_district())
    members = Members(database, system_clock)
    for number in range(3):
        member = (await members.follow(f"o_{number}")).member_id
        await members.subscribe(member, ["ai", "nev"][: number + 1], source=ChangeSource.CHAT)
    await members.unfollow("o_2")
    counted = await followers(database)
    assert (counted.everyone, counted.by_track["ai"], counted.by_track["nev"]) == (2, 2, 1)


async def test_a_restored_database_names_what_may_have_gone_out_since(
    desk, sqlite_database: Database
) -> None:
    await put(sqlite_database, "a", AlertKind.DEADLINE, Status.SENDING, pending=3)
    await put(sqlite_database, "b", AlertKind.DEADLINE, Status.DONE, delivered=7)
    client = await desk()
    await sign_in(client, "viewer")
    assert "在备份之后" not in await (await client.get("/console/")).text()
    async with sqlite_database.write() as session:
        await stop_as_restored(session, datetime(2026, 3, 1, tzinfo=UTC), datetime.now(UTC))
    page = await (await client.get("/console/")).text()
    assert "推送“推送 a”在备份之后可能已经发出（待发 3 条）" in page
    assert "推送“推送 b”在备份之后" not in page
    assert "数据库是 2026-03-01 08:00 的备份或副本" in page


def test_each_kind_of_todo_leads_to_a_page_of_the_desk_and_says_how_many() -> None:
    pages = {f"/console{route.path}" for route in ROUTES if route.method == "GET"}
    assert {row.path for row in COUNTED} <= pages
    assert all(row.sentence.count("{}") == 1 for row in COUNTED)


def test_what_the_group_is_told_of_waits_at_the_desk_too() -> None:
    """Every kind of notice that concerns a page of the desk stands in the list of what waits, but windows without an address."""
    pages = {row.path.removeprefix("/console") for row in COUNTED}
    assert {kind.path for kind in NOTICE_KINDS} - {"/windows"} <= pages
