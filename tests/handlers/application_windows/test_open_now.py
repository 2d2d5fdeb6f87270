"""现在能申报什么, 本周截止, 高企什么时候截止: what the chat says of application windows and guides."""

from datetime import date, timedelta

import pytest

from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.windows.window_fields import WindowFields
from subscriptions.members.track_subscriptions import ChangeSource
from tests.handlers.chat import Chat

TODAY = date(2026, 3, 2)  # a Monday


@pytest.fixture
async def windows(context: Context) -> None:
    """22 closes in 3 days, 10 in 20; 41 closed 2 days ago; 45 opens in 4 days."""
    days = {22: (-5, 3), 10: (-10, 20), 41: (-30, -2), 45: (4, 40)}
    await context.windows.put(
        WindowFields(
            clause,
            TODAY + timedelta(days=opens),
            TODAY + timedelta(days=closes),
            f"第{clause}条年度申报",
            f"https://apply.example/{clause}",
        )
        for clause, (opens, closes) in days.items()
    )


@pytest.mark.usefixtures("windows")
async def test_everybody_sees_all_that_is_open(chat: Chat) -> None:
    for asked in ("现在能申报什么", "请问最近有哪些可以申报的项目", "还有什么没截止的"):
        reply = await chat.says(asked)
        assert "近期可申报 2 项" in reply.text
        assert reply.text.index("第22条年度申报") < reply.text.index("第10条年度申报")
        assert reply.links["在网页上看全部申报项目"] == "https://policy.example/p/open"


@pytest.mark.usefixtures("windows")
async def test_a_member_sees_what_they_follow(chat: Chat, context: Context) -> None:
    member_id = await context.members.ensure(chat.openid)
    await context.members.subscribe(member_id, ["desalination"], source=ChangeSource.CHAT)
    assert "第45条年度申报" in (await chat.says("快开始的还有哪些")).text
    assert "第45条年度申报" not in (await chat.another().says("本周截止的有哪些")).text
    everybody = (await chat.another().says("现在能申报哪些")).text
    mine = (await chat.says("现在能申报哪些")).text
    assert "订阅赛道后，这里只列与您有关的" in everybody
    assert "订阅赛道后" not in mine


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("asked", "shown", "left_out"),
    [
        ("本周截止的有哪些", "第22条年度申报", "第10条年度申报"),
        ("今天截止的有哪些", "今天没有要截止的申报", "截止 0 项"),
        ("月底前要截止的", "第10条年度申报", "第45条年度申报"),
        ("下周有什么开始申报的", "没有即将开始的申报", "第45条年度申报"),
        ("这周开始申报的有哪些", "第45条年度申报", "第22条年度申报"),
    ],
)
async def test_a_period_narrows_the_list(chat: Chat, asked: str, shown: str, left_out: str) -> None:
    reply = await chat.says(asked)
    head = reply.text.partition("正在申报：")[0].partition("即将开始：")[0]
    assert shown in head
    assert left_out not in head


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("高企什么时候截止", "2026年3月22日截止，还有 20 天"),
        ("技改什么时候截止", "2026年3月5日截止，还有 3 天"),
        ("高企截止了吗", "还没有截止"),
        ("技改现在还能申请吗", "现在可以申报"),
        ("海水淡化的申报什么时候开始", "3月6日开始，4月11日截止"),
        ("船舶海工配套产品认证还能申报吗", "现在不能申报"),
        ("船舶海工配套产品认证什么时候截止", "已于2026年2月28日截止，订阅后下次开始会提醒您"),
        ("算力券什么时候截止", "目前没有第29条的申报通知"),
        ("第22条今天截止吗", "今天不截止"),
    ],
)
async def test_the_state_of_one_clause_is_said(chat: Chat, asked: str, said: str) -> None:
    assert said in (await chat.says(asked)).text


@pytest.mark.usefixtures("windows")
async def test_the_clauses_of_a_department_or_track_are_looked_through(chat: Chat) -> None:
    assert "第22条年度申报" in (await chat.says("区工信局现在有什么能申报的")).text
    assert "第41条年度申报已于" in (await chat.says("船舶的申报今天截止吗")).text


async def test_where_nothing_was_entered_it_is_said_and_nothing_is_made_up(chat: Chat) -> None:
    assert "目前暂无正在申报的项目" in (await chat.says("现在能申报什么")).text
    reply = await chat.says("高企什么时候截止")
    assert "目前没有第10条的申报通知，申报时间尚未公布" in reply.text
    assert reply.taps["订阅"] == "订阅 第10条"


async def test_what_is_none_of_ours_is_declined_as_before(chat: Chat) -> None:
    assert "没有找到" in (await chat.says("考研什么时候报名")).text


async def test_a_guide_stands_under_its_clause_marked_as_entered(
    chat: Chat, context: Context, services: Services
) -> None:
    before = await chat.says("第22条")
    assert "怎么办" not in before.text
    guide = Guide(
        materials=("申报书", "设备发票"),
        where="区政务中心3楼",
        phone="0532-00000001",
        url="https://apply.example/g22",
        source="2026年度申报通知",
        checked_on=date(2026, 2, 20),
    )
    await GuideDrafts(services.database, services.clock).publish_at_once({22: guide}, author="cli:test")
    await context.knowledge.refresh()  # what a process does twice a second
    reply = await chat.says("第22条")
    assert "怎么办（工作人员填写，2026年2月20日核对，来源：2026年度申报通知）：" in reply.text
    assert "材料：申报书；设备发票\n在哪办：区政务中心3楼\n电话：0532-00000001" in reply.text
    assert reply.links["https://apply.example/g22"] == "https://apply.example/g22"
    assert "0532-00000001" not in (await chat.says("第23条")).text
