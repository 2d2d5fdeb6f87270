"""订阅 第10条, 订阅 区工信局, 有新的就告诉我: subscriptions beside tracks, in the chat."""

from datetime import date, timedelta

import pytest

from handlers.framework.context import Context
from policies.windows.window_fields import WindowFields
from subscriptions.members.topics import MOST_TOPICS, clause_topic
from tests.handlers.chat import Chat

TODAY = date(2026, 3, 2)


async def topics(context: Context, chat: Chat) -> list[str]:
    member_id = await context.members.id_of(chat.openid)
    return [topic.id for topic in await context.members.topics(member_id)] if member_id else []


@pytest.mark.parametrize(
    ("said", "followed"),
    [
        ("订阅 第10条", ["clause:10"]),
        ("订阅第10条", ["clause:10"]),
        ("我要订阅 第10条、第22条", ["clause:10", "clause:22"]),
        ("订阅 高企认定", ["clause:10"]),
        ("订阅 技改补贴", ["clause:22"]),
        ("订阅 区工信局", ["department:区工信局"]),
    ],
)
async def test_a_clause_or_a_department_is_subscribed_to_by_its_name(
    chat: Chat, context: Context, said: str, followed: list[str]
) -> None:
    reply = await chat.says(said)
    assert "已为您订阅" in reply.text
    assert sorted(await topics(context, chat)) == followed
    assert "此前已订阅" in (await chat.says(said)).text


async def test_words_that_fit_several_clauses_are_asked_back(chat: Chat, context: Context) -> None:
    reply = await chat.says("订阅 首台套")
    assert "您是要订阅哪一条" in reply.text
    assert await topics(context, chat) == []
    assert "已为您订阅：第4条" in (await chat.taps(next(iter(reply.taps)))).text


async def test_a_track_and_a_clause_are_subscribed_to_in_one_message(chat: Chat, context: Context) -> None:
    reply = await chat.says("订阅 人工智能和第10条")
    assert "没有找到" not in reply.text
    assert await context.members.tracks_by_openid(chat.openid) == ("ai",)
    assert await topics(context, chat) == ["clause:10"]


async def test_a_track_is_still_a_track(chat: Chat, context: Context) -> None:
    await chat.says("订阅 海水淡化")
    assert await context.members.tracks_by_openid(chat.openid) == ("desalination",)
    assert await topics(context, chat) == []


async def test_what_is_open_is_said_on_subscribing_and_on_returning(chat: Chat, context: Context) -> None:
    row = WindowFields(45, TODAY, TODAY + timedelta(days=9), "海水淡化项目申报", "https://apply.example/45")
    await context.windows.put([row])
    for said in ("订阅 第45条", "订阅 海水淡化"):
        assert "正在申报：海水淡化项目申报，3月11日截止，还有 9 天" in (await chat.says(said)).text
    await chat.event("unsubscribe")
    back = await chat.follows()
    assert "您之前的订阅已恢复：海水淡化、第45条" in back.text
    assert "正在申报：海水淡化项目申报" in back.text


@pytest.mark.parametrize(
    "said", ["有新的就告诉我", "订阅这条", "有变化通知我", "到时候提醒我", "开始申报了告诉我"]
)
async def test_the_clause_on_the_screen_is_subscribed_to(chat: Chat, context: Context, said: str) -> None:
    await chat.says("第29条")
    reply = await chat.says(said)
    assert "已为您订阅：第29条" in reply.text
    assert await topics(context, chat) == ["clause:29"]


async def test_a_question_without_an_answer_is_subscribed_to_in_its_own_words(
    chat: Chat, context: Context
) -> None:
    await chat.says("养老院床位有补贴吗")
    reply = await chat.says("有新的就告诉我")
    assert "已为您订阅：问题“养老院床位有补贴吗”" in reply.text
    assert "有新的政策与它对应时会提醒您" in reply.text
    member_id = await context.members.id_of(chat.openid)
    assert member_id is not None
    (topic,) = await context.members.topics(member_id)
    assert (topic.kind, topic.words) == ("question", "养老院床位有补贴吗")


async def test_without_anything_asked_it_is_said_how_to_subscribe(chat: Chat, context: Context) -> None:
    assert "要订阅什么" in (await chat.says("有新的就告诉我")).text
    assert await topics(context, chat) == []


async def test_one_list_holds_all_and_leaves_each_by_number_or_name(chat: Chat, context: Context) -> None:
    for said in ("订阅 海水淡化", "订阅 第10条", "订阅 区工信局", "订阅 第22条"):
        await chat.says(said)
    mine = await chat.says("我的订阅")
    assert "您订阅了 1 个赛道：\n· 海水淡化\n还订阅了 3 项：\n· 第10条" in mine.text
    assert "· 区工信局负责的条款" in mine.text
    assert "已退订：第22条" in (await chat.says("退订 第22条")).text
    shown = await chat.says("退订")
    assert "1. 海水淡化\n2. 第10条" in shown.text
    assert "已退订：第10条" in (await chat.says("2")).text
    assert await topics(context, chat) == ["department:区工信局"]
    assert "公告仍会发送" in (await chat.says("退订 全部")).text
    assert await topics(context, chat) == []
    assert await context.members.tracks_by_openid(chat.openid) == ()


async def test_leaving_all_can_be_undone(chat: Chat, context: Context) -> None:
    await chat.says("订阅 海水淡化")
    await chat.says("订阅 第10条")
    assert "第10条" in (await chat.says("全部退订")).text
    assert await topics(context, chat) == []
    assert "第10条" in (await chat.says("恢复订阅")).text
    assert await topics(context, chat) == ["clause:10"]
    assert await context.members.tracks_by_openid(chat.openid) == ("desalination",)


async def test_whoever_follows_one_clause_sees_it_first_and_all_others_too(
    chat: Chat, context: Context
) -> None:
    await context.windows.put(
        WindowFields(clause, TODAY, TODAY + timedelta(days=9), f"第{clause}条年度申报") for clause in (10, 41)
    )
    await chat.says("订阅 第41条")
    reply = await chat.says("现在能申报什么")
    assert "1. 第41条年度申报（您关注的）" in reply.text
    assert "2. 第10条年度申报\n" in reply.text
    await context.windows.remove(next(one.id for one in await context.windows.all() if one.policy_id == 41))
    reply = await chat.says("现在能申报什么")
    assert "1. 第10条年度申报\n" in reply.text
    assert "您关注的第41条：" in reply.text


async def test_topics_have_a_limit_that_is_said(chat: Chat, context: Context) -> None:
    member_id = await context.members.ensure(chat.openid)
    await context.members.subscribe_topics(member_id, map(clause_topic, range(1000, 1000 + MOST_TOPICS)))
    assert f"最多订阅 {MOST_TOPICS} 项" in (await chat.says("订阅 第10条")).text
    assert "clause:10" not in await topics(context, chat)


async def test_topics_are_in_the_copy_of_ones_data_and_erased_with_it(chat: Chat, context: Context) -> None:
    await chat.says("养老院床位有补贴吗")
    await chat.says("有新的就告诉我")
    assert "问题“养老院床位有补贴吗”" in (await chat.says("导出我的数据")).text
    await chat.says("删除我的数据")
    await chat.says("确认删除")
    assert await topics(context, chat) == []


@pytest.mark.parametrize("typed", ["订阅22和7", "订阅 22 7", "22和7也订上", "订阅 7、22"])
async def test_numbers_of_one_message_are_of_one_kind(chat: Chat, context: Context, typed: str) -> None:
    """There are 19 tracks: 22 can only be a clause, so 7 is one too."""
    await chat.says(typed)
    assert await context.members.tracks_by_openid(chat.openid) == ()
    assert sorted(await topics(context, chat)) == ["clause:22", "clause:7"]


@pytest.mark.parametrize("typed", ["订阅这个", "订阅这条", "帮我订阅这个吧", "订阅它"])
async def test_what_is_shown_can_be_pointed_at(chat: Chat, context: Context, typed: str) -> None:
    await chat.says("第10条")
    assert "已为您订阅：第10条" in (await chat.says(typed)).text
    assert await topics(context, chat) == ["clause:10"]
