"""A person typed 人工: an operator answers within WeChat's window, and hands back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.handoff import Handoffs
from subscriptions.tables import Handoff, Member
from tests.alerts.delivery_stage import Wechat
from tests.console.conftest import csrf_of, left, said, sign_in

PATH = "/console/people"


async def answer(client, content: str):
    data = {"csrf": await csrf_of(client, f"{PATH}/1"), "content": content}
    return await client.post(f"{PATH}/1", data=data)


async def test_an_answer_reaches_the_phone_and_the_conversation_is_handed_back(
    desk, waiting: int, sqlite_database: Database
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(PATH)).text()
    assert "1 个对话等待回复" in page
    assert "<b>想问" not in page
    assert "已发送" in await (await answer(client, "请看第45条，窗口在区海洋发展局。")).text()
    assert await said(sqlite_database) == ["请看第45条，窗口在区海洋发展局。"]
    assert await left(sqlite_database) == 4
    assert "没有等待回复的对话" in await (await client.get(PATH)).text()
    data = {"csrf": await csrf_of(client, f"{PATH}/1")}
    assert "对话已交还" in await (await client.post(f"{PATH}/1/hand-back", data=data)).text()
    ended = await (await client.get(f"{PATH}/1")).text()
    assert "由editor结束" in ended
    assert "请看第45条，窗口在区海洋发展局。" in ended
    assert "<textarea" not in ended
    assert (await client.post(f"{PATH}/1", data=data | {"content": "还在吗"})).status == 404
    assert (await client.post(f"{PATH}/1/hand-back", data=data)).status == 404
    assert (await client.get(f"{PATH}/2")).status == 404
    async with sqlite_database.read() as session:
        assert await session.scalar(select(Handoff.closed_by)) == "editor"


async def test_what_the_member_ended_unanswered_is_still_read_at_the_desk(
    desk, waiting: int, sqlite_database: Database
) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    assert "最近结束的对话" not in await (await client.get(PATH)).text()
    await Handoffs(sqlite_database, system_clock).leave(waiting)
    listed = await (await client.get(PATH)).text()
    assert "最近结束的对话" in listed
    assert "未回复" in listed
    assert "海水淡化怎么报" in await (await client.get(f"{PATH}/1")).text()


@pytest.mark.parametrize(
    ("fault", "status", "sentence", "messages_left"),
    [
        ({"kind": "errcode", "errcode": 45015}, 409, "客服消息窗口已关闭（45015）", 0),
        ({"kind": "errcode", "errcode": 43019}, 409, "用户在本公众号的黑名单中（43019）", 5),
        ({"kind": "errcode", "errcode": -1}, 202, "结果不明", 4),
        ({"kind": "reset_after"}, 202, "结果不明", 4),
    ],
)
async def test_what_wechat_did_not_take_is_said_and_not_kept(
    desk,
    waiting: int,
    sqlite_database: Database,
    wechat: Wechat,
    fault,
    status: int,
    sentence: str,
    messages_left: int,
) -> None:
    await wechat.faults({"path": "/cgi-bin/message/custom/send", **fault})
    client = await desk()
    await sign_in(client, "editor")
    refused = await answer(client, "请看第45条。")
    page = await refused.text()
    assert refused.status == status
    assert sentence in page
    assert "请看第45条。</textarea>" in page
    assert await said(sqlite_database) == []
    assert await left(sqlite_database) == messages_left


@pytest.mark.parametrize(
    "closed",
    [{"message_until": system_clock() - timedelta(hours=1)}, {"message_left": 0}, {"openid": "gone"}],
    ids=["48 hours are over", "all five are spent", "left"],
)
async def test_outside_the_window_nothing_is_tried(
    desk, waiting: int, sqlite_database: Database, wechat: Wechat, closed
) -> None:
    if "openid" in closed:
        closed = {"following": False, "unfollowed_at": system_clock()}
    async with sqlite_database.write() as session:
        await session.execute(update(Member).values(**closed))
    client = await desk()
    await sign_in(client, "editor")
    assert "对方再次来信后即可回复" in await (await answer(client, "在吗")).text()
    assert await said(sqlite_database) == []


async def test_what_is_too_long_stays_in_the_field(desk, waiting: int, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    assert "超过 2048 字节" in await (await answer(client, "长" * 700)).text()
    assert await left(sqlite_database) == 5
