"""近期可申报, 我的提醒, 已申报 and the hand-over of what waits, in the chat and on the alert's page."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import update

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, ClauseChange, Content
from alerts.model.tables import Delivery
from bot.runtime.services import Services
from handlers.framework.context import Context
from handlers.framework.menu import Key
from policies.windows.window import Window
from policies.windows.window_fields import WindowFields
from subscriptions.members.track_subscriptions import ChangeSource
from tests.handlers.chat import Chat

TODAY = date(2026, 3, 2)


@pytest.fixture
async def windows(context: Context) -> dict[int, Window]:
    """Clause → window: 45 closes in 30 days, 42 in 10, 22 (通用) in 20; 37 opens next week; 1 is over."""
    days = {45: (-1, 30), 42: (-1, 10), 22: (-5, 20), 37: (7, 60), 1: (-30, -1)}
    await context.windows.put(
        WindowFields(
            clause,
            TODAY + timedelta(days=opens),
            TODAY + timedelta(days=closes),
            f"第{clause}条年度申报",
            "https://apply.example/" if clause == 45 else "",
        )
        for clause, (opens, closes) in days.items()
    )
    return {window.policy_id: window for window in await context.windows.all()}


@pytest.fixture
async def member(context: Context, chat: Chat) -> int:
    """The chat's person follows 海水淡化."""
    member_id = await context.members.ensure(chat.openid)
    await context.members.subscribe(member_id, ["desalination"], source=ChangeSource.CHAT)
    return member_id


async def lay_into_inbox(services: Services, member_id: int, content: Content, kind: AlertKind) -> int:
    """An alert that found no way out; its campaign's id."""
    now = services.clock()
    async with services.database.write() as session:
        key = f"test:{content.title}"
        new = NewCampaign(key, kind, content, Audience(members=(member_id,)), status=Status.DONE)
        campaign_id = await create_campaign(session, new, now)
        assert campaign_id is not None
        session.add(Delivery(campaign_id=campaign_id, member_id=member_id, state="inbox", settled_at=now))
        await add_counts(session, campaign_id, {"inbox": 1})
    return campaign_id


def opening(window: Window) -> Content:
    return Content(
        title=window.title,
        policy_id=window.policy_id,
        window_id=window.id,
        opens_on=window.opens_on,
        closes_on=window.closes_on,
    )


@pytest.mark.usefixtures("windows", "member")
async def test_what_is_open_for_my_tracks_is_listed_soonest_first(chat: Chat) -> None:
    reply = await chat.says("近期可申报")
    assert "2 项" in reply.text
    assert reply.text.index("第22条年度申报") < reply.text.index("第45条年度申报")
    assert "3月22日截止，还有 20 天" in reply.text
    assert "第42条" not in reply.text
    assert reply.links["申报入口"] == "https://apply.example/"
    assert "已申报，不再提醒" in reply.taps
    assert (await chat.taps("第45条")).clauses == [45]
    assert (await chat.clicks(Key.OPEN_WINDOWS)).text == reply.text


async def test_general_clauses_can_be_switched_off(
    chat: Chat, context: Context, windows: dict[int, Window], member: int
) -> None:
    profile = await context.members.profile(member)
    assert profile is not None
    await context.members.prefer(member, replace(profile.preferences, general=False))
    assert "第22条年度申报" not in (await chat.says("近期可申报")).text


@pytest.mark.usefixtures("windows")
async def test_a_stranger_sees_all_that_is_open_and_how_to_subscribe(chat: Chat) -> None:
    reply = await chat.says("近期可申报")
    assert "3 项" in reply.text
    assert "订阅" in reply.taps


async def test_where_nothing_is_open_what_comes_is_named(
    chat: Chat, context: Context, windows: dict[int, Window], member: int
) -> None:
    await context.members.unsubscribe(member, ["desalination"], source=ChangeSource.CHAT)
    await context.members.subscribe(member, ["aquatic-seed"], source=ChangeSource.CHAT)
    await context.windows.remove(windows[22].id)
    reply = await chat.says("近期可申报")
    assert "暂无正在申报" in reply.text
    assert "3月9日　第37条年度申报" in reply.text


async def test_a_clause_shows_its_open_window(chat: Chat, windows: dict[int, Window]) -> None:
    assert "2026年4月1日截止" in (await chat.says("第45条")).text


async def test_one_tap_stops_a_windows_reminders_and_another_takes_it_back(
    chat: Chat, context: Context, windows: dict[int, Window], member: int
) -> None:
    await chat.says("已申报")
    stopped = await chat.taps("第45条年度申报")
    assert "不再提醒您" in stopped.text
    assert await context.alerts.applied_windows(member) == {windows[45].id}
    assert "第45条年度申报" not in (await chat.says("已申报")).text
    assert "已申报" in (await chat.says("近期可申报")).text
    await chat.says(f"已申报 {windows[45].id}")
    again = await chat.taps("恢复提醒")
    assert "继续提醒您" in again.text
    assert await context.alerts.applied_windows(member) == frozenset()
    assert "没有要撤销的" in (await chat.says("撤销")).text
    assert "没有需要恢复" in (await chat.says(f"恢复提醒 {windows[45].id}")).text


async def test_reminders_are_resumed_without_a_number(
    chat: Chat, windows: dict[int, Window], member: int, context: Context
) -> None:
    assert "没有需要恢复" in (await chat.says("恢复提醒")).text
    await chat.says(f"已申报 {windows[45].id}")
    assert "继续提醒您" in (await chat.says("恢复提醒")).text
    for clause in (45, 22):
        await chat.says(f"已申报 {windows[clause].id}")
    asked = await chat.says("恢复提醒")
    assert {"第45条年度申报", "第22条年度申报"} <= set(asked.taps)
    assert "继续提醒您" in (await chat.taps("第22条年度申报")).text
    assert await context.alerts.applied_windows(member) == {windows[45].id}


@pytest.mark.usefixtures("member")
async def test_a_resumed_number_never_means_a_window_that_came_later(
    chat: Chat, windows: dict[int, Window], context: Context
) -> None:
    last = max(windows.values(), key=lambda window: window.id)
    await chat.says(f"已申报 {last.id}")
    await context.windows.remove(last.id)
    added = await context.windows.put([WindowFields(41, TODAY, TODAY + timedelta(days=9), "另一项")])
    assert added.added[0].id > last.id
    assert "没有需要恢复" in (await chat.says(f"恢复提醒 {last.id}")).text


@pytest.mark.usefixtures("windows", "member")
@pytest.mark.parametrize("typed", ["已申报 99999", "已申报 ①②", "已申报 -1", "已申报 99999999999999999999"])
async def test_a_window_that_is_not_there_is_asked_for(chat: Chat, typed: str) -> None:
    assert "您已申报了哪一项" in (await chat.says(typed)).text


async def test_a_question_with_the_word_in_it_stays_a_question(chat: Chat) -> None:
    assert "哪一项" not in (await chat.says("已申报过的项目还能再申请吗")).text


async def test_what_waits_is_announced_once_a_conversation_and_handed_over(
    chat: Chat, services: Services, windows: dict[int, Window], member: int
) -> None:
    assert "未读" not in (await chat.says("第22条")).text
    for clause in (45, 22):
        await lay_into_inbox(services, member, opening(windows[clause]), AlertKind.OPENING)
    told = await chat.says("你好")
    assert "您有 2 条未读提醒" in told.text
    assert "未读" not in (await chat.says("你好")).text
    await lay_into_inbox(services, member, Content(title="宣讲会", body="周五下午"), AlertKind.ANNOUNCEMENT)
    assert "您有 3 条未读提醒" in (await chat.says("你好")).text

    handed = await chat.taps("点此查看")
    for words in ("第45条年度申报", "第22条年度申报", "宣讲会", "周五下午", "还有 30 天截止"):
        assert words in handed.text
    assert "未读" not in (await chat.says("你好")).text
    again = await chat.clicks(Key.MY_ALERTS)
    assert "最近 3 条提醒" in again.text
    assert "未读" not in (await chat.another().says("你好")).text


async def test_many_that_wait_are_handed_over_a_few_at_a_time(
    chat: Chat, services: Services, member: int
) -> None:
    for number in range(5):
        await lay_into_inbox(
            services, member, Content(title=f"通知{number}", body="请留意"), AlertKind.ANNOUNCEMENT
        )
    first = await chat.says("我的提醒")
    assert "还有 2 条未读" in first.text
    second = await chat.taps("继续查看")
    assert "还有" not in second.text
    assert "请留意" in second.text


async def test_who_was_told_nothing_hears_what_comes(chat: Chat) -> None:
    reply = await chat.says("我的提醒")
    assert "还没有收到过提醒" in reply.text
    assert {"订阅", "近期可申报"} <= set(reply.taps)


async def test_an_alerts_page_shows_it_whole_and_takes_applied(
    services: Services, context: Context, web: "TestClient[Any, Any]", windows: dict[int, Window], member: int
) -> None:
    campaign = await lay_into_inbox(services, member, opening(windows[45]), AlertKind.OPENING)
    address = context.alerts.links.page(campaign, member)
    path = address.removeprefix("https://policy.example")
    async with web.get(path) as response:
        assert response.headers["Cache-Control"] == "no-store"
        page = await response.text()
        assert response.status == 200
        assert "script-src" not in response.headers["Content-Security-Policy"]
    for words in ("第45条年度申报", "2026年4月1日", "/p/45", "已申报，不再提醒"):
        assert words in page
    async with web.post(f"{path}/applied") as response:
        assert response.status == 200, "after a redirect"
        assert "恢复提醒" in await response.text()
    assert await context.alerts.applied_windows(member) == {windows[45].id}
    async with web.post(f"{path}/not-applied") as response:
        assert "已申报，不再提醒" in await response.text()


async def test_the_page_of_a_gathered_card_leads_to_all_it_brought(
    services: Services, context: Context, web: "TestClient[Any, Any]", windows: dict[int, Window], member: int
) -> None:
    campaigns = [
        await lay_into_inbox(services, member, opening(windows[clause]), AlertKind.OPENING)
        for clause in (45, 42, 22)
    ]
    async with services.database.write() as session:
        await session.execute(update(Delivery).values(state="sent", lead_id=1))
    path = context.alerts.links.page(campaigns[0], member).removeprefix("https://policy.example")
    async with web.get(path) as response:
        page = await response.text()
    for other, clause in zip(campaigns[1:], (42, 22), strict=True):
        assert f"第{clause}条年度申报" in page
        assert f'href="/p/a/{context.alerts.links.token(other, member)}"' in page


async def test_a_changed_clauses_page_sets_old_beside_new_and_trusts_nothing(
    services: Services, context: Context, web: "TestClient[Any, Any]", member: int
) -> None:
    content = Content(
        title="海水淡化<script>",
        summary="有调整。",
        policy_id=45,
        changes=(ClauseChange(what="正文", old="最高200万元", new="最高300万元<img>"),),
    )
    campaign = await lay_into_inbox(services, member, content, AlertKind.POLICY_CHANGED)
    path = context.alerts.links.page(campaign, member).removeprefix("https://policy.example")
    async with web.get(path) as response:
        page = await response.text()
    told = re.sub(r"</?(?:del|ins)>", "", page)  # the words that differ are marked
    assert "最高200万元" in told
    assert "最高300万元&lt;img&gt;" in told
    assert "<script>" not in page


@pytest.mark.parametrize("token", ["1-1-AAAAAAAAAAAAAAAA", "x", "1-2", "%2e%2e-1"])
async def test_a_made_up_link_leads_to_a_page_that_helps_on(web: "TestClient[Any, Any]", token: str) -> None:
    async with web.get(f"/p/a/{token}") as response:
        assert response.status == 404
        assert "没有这一页" in await response.text()
    async with web.post(f"/p/a/{token}/applied") as response:
        assert response.status == 404
