"""A broadcast is composed, seen as on a phone, and sent only after a second person approved."""

import re

import pytest
from sqlalchemy import select

from alerts.tables import Campaign
from console.broadcasts import MOST_TESTS
from storage.clock import system_clock
from storage.database import Database
from subscriptions.tables import Member
from tests.console.conftest import csrf_of, sign_in, tokens_of

TYPED = {"title": "停电通知", "body": "周六上午停电检修。", "audience": "everyone", "channel": "auto"}


async def compose(client, **changes: str):
    token = await csrf_of(client, "/console/broadcasts/new")
    return await client.post("/console/broadcasts/new", data=TYPED | changes | {"csrf": token})


async def test_nobody_approves_their_own_broadcast(desk, sqlite_database: Database) -> None:
    author, other = await desk(), await desk()
    await sign_in(author, "approver")
    await sign_in(other, "admin")
    page = await compose(author)
    path = str(page.url.path)
    assert "草稿" in await page.text()
    submitted = await author.post(f"{path}/submit", data={"csrf": await csrf_of(author, path)})
    assert "等待另一位同事审批" in await submitted.text()
    refused = await author.post(f"{path}/approve", data={"csrf": await csrf_of(author, path)})
    assert "提交人不能审批自己的推送" in await refused.text()
    approved = await other.post(f"{path}/approve", data={"csrf": await csrf_of(other, path)})
    assert "已审批，将按时发送" in await approved.text()
    async with sqlite_database.read() as session:
        assert (await session.scalars(select(Campaign.status))).all() == ["scheduled"]


async def _tests(database: Database) -> list[Campaign]:
    async with database.read() as session:
        return list(await session.scalars(select(Campaign).where(Campaign.key.startswith("preview:"))))


async def test_a_test_goes_to_a_tester_alone_a_few_times(desk, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        session.add_all(Member(openid=f"o_{n}", followed_at=system_clock()) for n in range(2))
    client, admin = await desk(), await desk()
    await sign_in(client, "editor")
    await sign_in(admin, "admin")
    path = str((await compose(client)).url.path)
    token = await csrf_of(client, path)
    for stranger in ("1", "o_1", "999", ""):
        answer = await client.post(f"{path}/test", data={"csrf": token, "to": stranger})
        assert "只能发给管理员指定的测试接收人" in await answer.text()
    assert await _tests(sqlite_database) == []
    named = {
        **await tokens_of(admin, "/console/testers", "/console/testers"),
        "member": "2",
        "label": "值班手机",
    }
    assert "现在可以接收" in await (await admin.post("/console/testers", data=named)).text()
    assert "值班手机（成员 2）" in await (await client.get(path)).text()
    for _ in range(MOST_TESTS):
        sent = await client.post(f"{path}/test", data={"csrf": token, "to": "2"})
        assert "测试消息已交付发送" in await sent.text()
    again = await client.post(f"{path}/test", data={"csrf": token, "to": "2"})
    assert "已测试 10 次" in await again.text()
    sent_tests = await _tests(sqlite_database)
    assert [one.audience["members"] for one in sent_tests] == [[2]] * MOST_TESTS
    test = sent_tests[0]
    assert (test.status, test.content["title"]) == ("scheduled", "【测试】停电通知")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "标题"),
        ({"body": "长" * 601}, "正文"),
        ({"url": "ftp://x"}, "链接"),
        ({"audience": "tracks"}, "赛道"),
        ({"send_at": "明天"}, "发送时间"),
        ({"channel": "template"}, "没有可用于公告的模板消息"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, changes, problem: str) -> None:
    client = await desk()
    await sign_in(client, "editor")
    answer = await compose(client, **changes)
    page = await answer.text()
    assert answer.status == 422
    assert problem in page
    assert "周六上午停电检修" in page or "body" in changes


async def test_the_phone_shows_what_is_typed_and_counts_who_gets_it(desk, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        session.add_all([Member(openid=f"o_{n}", followed_at=system_clock()) for n in range(3)])
    client = await desk()
    await sign_in(client, "editor")
    token = await csrf_of(client, "/console/broadcasts/new")
    data = TYPED | {"csrf": token, "title": "<script>alert(1)</script>"}
    phone = await (await client.post("/console/broadcasts/phone", data=data)).text()
    assert "<script>" not in phone
    assert re.search(r"收件人 <strong>3</strong> 人", phone)


async def test_a_new_broadcast_begins_as_an_earlier_one(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    made = await compose(client)
    page = await (await client.get(f"/console/broadcasts/new?from={made.url.name}")).text()
    assert f'value="{TYPED["title"]}"' in page
    assert f"{TYPED['body']}</textarea>" in page
    for nothing in ("999999", "0", "x", "9" * 30):
        assert (await client.get(f"/console/broadcasts/new?from={nothing}")).status in {200, 404}
