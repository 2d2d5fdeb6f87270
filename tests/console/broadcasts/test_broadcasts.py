"""A broadcast is composed, seen as on a phone, and sent only after a second person approved."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign
from console.services.broadcasts import MOST_TESTS
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member, Subscription
from tests.console.conftest import csrf_of, sign_in, tokens_of

TYPED = {"title": "停电通知", "body": "周六上午停电检修。", "audience": "everyone", "channel": "auto"}


async def follow(database: Database) -> None:
    async with database.write() as session:
        session.add(Member(openid="o_follower", followed_at=system_clock()))


@pytest.fixture
async def a_follower(sqlite_database: Database) -> None:
    """Somebody whom a broadcast reaches."""
    await follow(sqlite_database)


async def compose(client, **changes: str):
    token = await csrf_of(client, "/console/broadcasts/new")
    return await client.post("/console/broadcasts/new", data=TYPED | changes | {"csrf": token})


@pytest.mark.usefixtures("a_follower")
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
    assert "撰写人和提交人不能审批自己的推送" in await refused.text()
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
        ({"title": "\u200b\u3164"}, "标题"),
        ({"body": "长" * 601}, "正文为 1–600 个字，现在有 601 个字，请删减"),
        ({"url": "ftp://x"}, "链接"),
        ({"url": "9" * 5000}, "链接"),
        ({"url": f"https://a.b/{'x' * 2100}"}, "链接"),
        ({"url": 'https://a.b/"onclick=x'}, "链接"),
        ({"channel": "zz"}, "渠道"),
        ({"channel": ""}, "渠道"),
        ({"audience": "zz", "tracks": "ai"}, "发给谁"),
        ({"send_at": "2020-01-01T09:00"}, "发送时间已经过去"),
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
    assert re.search(r"将发给 <strong>3</strong> 人", phone)


async def test_a_new_broadcast_begins_as_an_earlier_one(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    made = await compose(client)
    page = await (await client.get(f"/console/broadcasts/new?from={made.url.name}")).text()
    assert f'value="{TYPED["title"]}"' in page
    assert f"{TYPED['body']}</textarea>" in page
    for nothing in ("999999", "0", "x", "9" * 30):
        assert (await client.get(f"/console/broadcasts/new?from={nothing}")).status in {200, 404}


async def post(client, path: str, step: str, **fields: str) -> str:
    data = {"csrf": await csrf_of(client, path), "confirmed": "yes"} | fields
    return await (await client.post(f"{path}/{step}", data=data)).text()


async def people(desk, *names: str):
    """Signed-in operators, in this order."""
    clients = [await desk() for _ in names]
    for client, name in zip(clients, names, strict=True):
        await sign_in(client, name)
    return clients


async def edit(client, path: str, **changes: str):
    page = await (await client.get(f"{path}/edit")).text()
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    begun = html.unescape(re.findall(r'name="begun" value="([^"]*)"', page)[0])
    data = TYPED | {"csrf": await csrf_of(client, f"{path}/edit"), "seen": seen, "begun": begun} | changes
    return await client.post(f"{path}/edit", data=data)


async def test_what_nobody_would_get_is_not_approved(desk, sqlite_database: Database) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    await post(zhang, path, "submit")
    assert "现在没有人会收到这则公告，不能审批" in await (await li.get(path)).text()
    assert "现在没有人会收到这则公告，请检查发送对象" in await post(li, path, "approve")
    await follow(sqlite_database)
    assert "审批并发给 1 人" in await (await li.get(path)).text()
    assert "已审批，将按时发送" in await post(li, path, "approve")


@pytest.mark.usefixtures("a_follower")
@pytest.mark.usefixtures("a_follower")
async def test_who_wrote_it_does_not_approve_it_though_another_submits(desk) -> None:
    li, zhang, wu = await people(desk, "approver", "editor", "admin")
    path = str((await compose(li)).url.path)
    assert "等待另一位同事审批" in await post(zhang, path, "submit")
    assert "须由另一位同事审批" in await (await li.get(path)).text()
    assert "撰写人和提交人不能审批" in await post(li, path, "approve")
    assert "已审批，将按时发送" in await post(wu, path, "approve")


@pytest.mark.usefixtures("a_follower")
async def test_who_changed_a_part_does_not_approve_it_though_another_wrote_over_it(desk) -> None:
    li, zhang, wu = await people(desk, "approver", "editor", "admin")
    path = str((await compose(zhang)).url.path)
    assert (await edit(li, path, body="李的正文")).status == 200
    assert (await edit(zhang, path, body="张的正文")).status == 200
    await post(zhang, path, "submit")
    assert "撰写人和提交人不能审批" in await post(li, path, "approve")
    assert "已审批，将按时发送" in await post(wu, path, "approve")


@pytest.mark.usefixtures("a_follower")
async def test_a_broadcast_is_returned_with_a_reason_changed_and_submitted_again(desk) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    await post(zhang, path, "submit")
    assert "请写明退回的原因" in await post(li, path, "return", reason=" \u200b")
    assert "已退回" in await post(li, path, "return", reason="时间有误")
    assert "已退回：时间有误" in await (await zhang.get(path)).text()
    assert "已退回：时间有误" in await (await zhang.get(f"{path}/edit")).text()
    assert (await edit(zhang, path, body="周日上午停电检修。")).status == 200
    assert "等待另一位同事审批" in await post(zhang, path, "submit")
    assert "已审批" in await post(li, path, "approve")


@pytest.mark.usefixtures("a_follower")
async def test_what_waits_for_approval_has_to_be_submitted_again_once_it_is_changed(desk) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    await post(zhang, path, "submit")
    seen = re.findall(r'name="seen" value="(\d+)"', await (await li.get(path)).text())[0]
    await edit(zhang, path, body="改过的正文")
    assert "不能审批" in await post(li, path, "approve", seen=seen)
    await post(zhang, path, "submit")
    assert "内容在您查看之后有改动" in await post(li, path, "approve", seen=seen)
    assert "已审批" in await post(li, path, "approve")


async def test_after_a_conflict_both_texts_are_shown_and_the_person_chooses(desk, sqlite_database) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    await edit(li, path, title="李的标题", body="李的正文")
    late = await edit(zhang, path, seen="1", begun="", title="张的标题", body="张的正文")
    page = await late.text()
    assert late.status == 409
    for words in ("李的标题", "张的标题", "李的正文", "张的正文"):
        assert words in re.sub(r"</?(ins|del)>", "", page)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    again = await zhang.post(f"{path}/edit", data=hidden)
    assert again.status == 409
    assert "还有内容没有选择" in await again.text()
    hidden |= {"csrf": await csrf_of(zhang, path), "take_title": "mine", "take_body": "theirs"}
    assert (await zhang.post(f"{path}/edit", data=hidden)).status == 200
    async with sqlite_database.read() as session:
        campaign = (await session.scalars(select(Campaign))).one()
    assert (campaign.content["title"], campaign.content["body"]) == ("张的标题", "李的正文")


async def test_who_changed_one_field_is_asked_about_that_one_alone(desk, sqlite_database: Database) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    before = await (await zhang.get(f"{path}/edit")).text()
    begun = html.unescape(re.findall(r'name="begun" value="([^"]*)"', before)[0])
    await edit(li, path, body="李的正文")
    page = await (await edit(zhang, path, seen="1", begun=begun, title="张的标题")).text()
    assert re.findall(r"take_\w+", page) == ["take_title", "take_title"]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    sent = {name: html.unescape(value) for name, value in found} | {"take_title": "mine"}
    await zhang.post(f"{path}/edit", data=sent | {"csrf": await csrf_of(zhang, path)})
    async with sqlite_database.read() as session:
        campaign = (await session.scalars(select(Campaign))).one()
    assert (campaign.content["title"], campaign.content["body"]) == ("张的标题", "李的正文")


async def test_the_approver_sees_how_many_get_it_by_which_way(desk, sqlite_database: Database) -> None:
    """A message window of somebody outside the audience is no reach of it."""
    now, later = system_clock(), system_clock() + timedelta(hours=5)
    async with sqlite_database.write() as session:
        inside = [Member(openid=f"o_{n}", followed_at=now) for n in range(3)]
        inside[0].message_until, inside[0].message_left = later, 5
        outside = [
            Member(openid=f"x_{n}", followed_at=now, message_until=later, message_left=5) for n in range(4)
        ]
        session.add_all(inside + outside)
        await session.flush()
        session.add_all([Subscription(member_id=one.id, track_id="ai", since=now) for one in inside])
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang, audience="tracks", tracks="ai")).url.path)
    await post(zhang, path, "submit")
    page = await (await li.get(path)).text()
    assert "将发给 <strong>3</strong> 人" in page
    assert "<li>客服消息 1 人</li><li>提醒箱 2 人</li>" in page
    assert "审批并发给 3 人" in page


async def test_the_list_goes_on_after_fifty(desk, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        for number in range(52):
            new = NewCampaign(
                f"broadcast:{number}",
                AlertKind.ANNOUNCEMENT,
                Content(title=f"第{number}则"),
                Audience(everyone=True),
                status=Status.DRAFT,
            )
            await create_campaign(session, new, system_clock())
    [client] = await people(desk, "viewer")
    first = await (await client.get("/console/broadcasts")).text()
    [older] = re.findall(r'href="(\?before=\d+)"', first)
    assert "第51则" in first
    second = await (await client.get(f"/console/broadcasts{older}")).text()
    assert "第1则" in second
    assert "第51则" not in second


@pytest.mark.parametrize("before", ["x", "9" * 30, "-1", "²"])
async def test_an_impossible_page_is_the_first(desk, before: str) -> None:
    [client] = await people(desk, "viewer")
    assert (await client.get("/console/broadcasts", params={"before": before})).status == 200


async def test_a_last_hour_before_its_time_is_refused(desk) -> None:
    [client] = await people(desk, "editor")
    answer = await compose(client, send_at="2099-12-01T09:00", last_at="2099-12-01T08:00")
    assert answer.status == 422
    assert "最晚发送时间应晚于发送时间" in await answer.text()


LINK = "https://www.example.cn/a?b=1&c=" + "x" * 80
SHOWN = LINK.replace("&", "&amp;")


async def test_whoever_approves_sees_where_each_link_leads(desk, sqlite_database: Database) -> None:
    """In the text, by the card, and where the draft was changed meanwhile."""
    zhang, li = await people(desk, "editor", "approver")
    page = await compose(zhang, url=LINK, body="说明见 https://b.example.cn/doc ，请阅。")
    path = str(page.url.path)
    await post(zhang, path, "submit")
    for client in (zhang, li):
        shown = await (await client.get(path)).text()
        assert f'href="{SHOWN}" target="_blank" rel="noopener noreferrer nofollow">{SHOWN}</a>' in shown
        assert f'查看详情（<a class="address" href="{SHOWN}"' in shown
        assert 'href="https://b.example.cn/doc"' in shown
    typed = TYPED | {"url": LINK, "csrf": await csrf_of(zhang, path)}
    phone = await (await zhang.post("/console/broadcasts/phone", data=typed)).text()
    assert f'href="{SHOWN}"' in phone
    conflict = await (await edit(zhang, path, seen="0", url="https://other.example.cn/b")).text()
    assert f'href="{SHOWN}"' in conflict
    assert 'href="https://other.example.cn/b"' in conflict


@pytest.mark.usefixtures("a_follower")
async def test_the_text_stands_before_the_button_that_approves_it(desk) -> None:
    zhang, li = await people(desk, "editor", "approver")
    path = str((await compose(zhang)).url.path)
    await post(zhang, path, "submit")
    page = await (await li.get(path)).text()
    assert page.index('class="bubble"') < page.index("审批并发给 1 人")
    assert page.count("将发给") == 1
