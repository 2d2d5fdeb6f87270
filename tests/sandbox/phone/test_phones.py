"""People on the desk: what each act pushes, and what the chats show."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.app import make_sandbox
from sandbox.platform.account import SandboxAccount
from sandbox.platform.sandbox_clock import LocalClock
from storage.clock import system_clock
from tests.sandbox.small_bot import SmallBot

MENU = {"button": [{"type": "click", "name": "帮助", "key": "HELP"}]}


class Samples:
    """Sample windows, counted."""

    def __init__(self):
        self.count = 0

    async def add_samples(self):
        self.count = 5
        return 5

    async def clear_samples(self):
        gone, self.count = self.count, 0
        return gone


class Phones:
    """The page's side: acts go out, changes come in."""

    def __init__(self, client, state, stream):
        self.client = client
        self.state = state
        self.stream = stream
        self.people = {person["nickname"]: person["openid"] for person in state["people"]}
        self.seen = list(state["bubbles"])

    async def act(self, who, **act):
        body = {"openid": self.people[who], "act": act}
        async with self.client.post("/sandbox/act", json=body) as response:
            return response.status

    async def change(self, kind):
        while True:
            name, content = await next_event(self.stream)
            if name == kind:
                return content

    async def bubble(self, **wanted):
        """The next bubble that fits."""
        while True:
            bubble = await self.change("bubble")
            if all(bubble[name] == value for name, value in wanted.items()):
                return bubble


async def next_event(stream):
    name = ""
    while True:
        line = (await asyncio.wait_for(stream.content.readline(), 5)).decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))


@pytest.fixture
def bot(credentials):
    return SmallBot(credentials)


@pytest.fixture
def open_desk(bot, credentials, unused_tcp_port_factory, tmp_path):
    """Opens the bot and the sandbox on one server, and a page's live updates."""

    @asynccontextmanager
    async def opened(windows=None):
        port = unused_tcp_port_factory()
        app = bot.app()
        sandbox = make_sandbox(
            SandboxAccount(credentials),
            callback_url=f"http://127.0.0.1:{port}/wechat",
            clock=LocalClock(system_clock),
            declared_menu=MENU,
            windows=windows,
            state_file=tmp_path / "sandbox.json",
        )
        app.add_subapp("/sandbox", sandbox)
        async with (
            TestClient(TestServer(app, port=port)) as client,
            client.get("/sandbox/events") as stream,
        ):
            name, state = await next_event(stream)
            assert name == "state"
            yield Phones(client, state, stream)

    return opened


@pytest.fixture
async def desk(open_desk, bot):
    async with open_desk(Samples()) as desk:
        for _ in range(2):  # the two who follow from the first start on
            await desk.bubble(side="account")
        bot.received.clear()
        yield desk


async def test_at_first_sight_two_people_follow_and_are_welcomed(open_desk, bot):
    bot.answer = lambda message: "欢迎"
    async with open_desk() as desk:
        welcomed = {(await desk.bubble(side="account", kind="text"))["openid"] for _ in range(2)}
        assert welcomed == {desk.people["小林"], desk.people["王会计"]}
        assert [message.event for message in bot.received] == ["subscribe", "subscribe"]
        assert desk.state["menu"] == MENU


async def test_after_a_restart_the_same_people_follow_and_nobody_is_welcomed_again(open_desk, bot):
    async with open_desk() as desk:
        people = desk.people
        for _ in range(2):
            await desk.bubble(side="account")
    bot.received.clear()
    async with open_desk() as desk:
        assert desk.people == people
        assert [person["following"] for person in desk.state["people"]] == [True, True, False]
        await desk.act("小林", do="say", text="在吗")
        await desk.bubble(side="account")
        assert len(bot.received) == 1


async def test_a_broken_state_file_is_a_first_start(open_desk, tmp_path):
    (tmp_path / "sandbox.json").write_text("{", encoding="utf-8")
    async with open_desk() as desk:
        assert len(desk.people) == 3


async def test_a_question_is_answered_in_the_chat(desk, bot):
    bot.answer = lambda message: f"您问的是{message.content}"
    assert await desk.act("小林", do="say", text="首台套") == 202
    assert (await desk.bubble(side="person"))["content"] == {"content": "首台套"}
    assert (await desk.bubble(side="account"))["content"] == {"content": "您问的是首台套"}


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        ({"do": "say", "text": "首台套"}, {"MsgType": "text", "Content": "首台套"}),
        ({"do": "say", "text": "好", "menu_id": "7"}, {"MsgType": "text", "bizmsgmenuid": "7"}),
        ({"do": "voice", "text": "海水淡化"}, {"MsgType": "voice", "Recognition": "海水淡化"}),
        ({"do": "voice"}, {"MsgType": "voice", "Recognition": None}),
        ({"do": "image"}, {"MsgType": "image"}),
        ({"do": "location"}, {"MsgType": "location", "Label": "我的位置"}),
        ({"do": "tap", "key": "HELP"}, {"Event": "CLICK", "EventKey": "HELP"}),
        (
            {"do": "tap", "key": "SCAN", "button": "scancode_waitmsg", "text": "42"},
            {"Event": "scancode_waitmsg", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "42"}},
        ),
        ({"do": "view", "key": "https://m.example.test/"}, {"Event": "VIEW", "MenuId": "400000001"}),
        ({"do": "scan", "scene": "track_1"}, {"Event": "SCAN", "EventKey": "track_1"}),
        ({"do": "unfollow"}, {"Event": "unsubscribe"}),
    ],
)
async def test_what_each_act_pushes(desk, bot, act, seen):
    assert await desk.act("小林", **act) == 202
    await desk.change("raw")
    (message,) = bot.received
    pushed = message._data
    assert {name: pushed[name] for name in seen} == seen
    assert pushed["FromUserName"] == desk.people["小林"]


async def test_following_by_a_qr_code_brings_the_scene(desk, bot):
    await desk.act("陈经理", do="scan", scene="track_1")
    await desk.change("raw")
    (message,) = bot.received
    assert message._data["Event"] == "subscribe_scan"
    assert message._data["EventKey"] == "track_1"


async def test_a_consent_is_pushed_and_granted(desk, bot):
    template = desk.state["notifications"][0]["id"]
    await desk.act("小林", do="consent", key=template)
    person = await desk.change("person")
    assert person["consents"] == {template: 1}
    await desk.change("raw")
    assert bot.received[0]._data["SubscribeMsgPopupEvent"]["List"]["TemplateId"] == template


@pytest.mark.parametrize(
    ("who", "act", "said"),
    [
        ("陈经理", {"do": "say", "text": "在吗"}, "请先关注公众号"),
        ("小林", {"do": "follow"}, "已经关注了"),
        ("小林", {"do": "consent", "key": "none"}, "40037 invalid template_id"),
    ],
)
async def test_what_cannot_be_done_is_told(desk, bot, who, act, said):
    await desk.act(who, **act)
    assert (await desk.bubble(side="note"))["content"] == {"text": said}
    assert bot.received == []


@pytest.mark.parametrize("act", [{"do": "say", "text": " "}, {"do": "tap"}, {"do": "scan"}, {"do": "fly"}])
async def test_half_an_act_is_refused(desk, act):
    assert await desk.act("小林", **act) == 400


async def test_only_people_on_the_desk_can_act(desk):
    desk.people["nobody"] = "oNobody"
    assert await desk.act("nobody", do="say", text="在吗") == 404


async def test_a_broken_answer_shows_wechats_own_line(desk, bot):
    bot.answer = lambda message: b"oops"
    await desk.act("小林", do="say", text="在吗")
    bubble = await desk.bubble(kind="fault")
    assert bubble["content"]["text"] == "该公众号提供的服务出现故障，请稍后再试"


async def test_who_leaves_is_shown_nothing(desk, bot):
    bot.answer = lambda message: b"oops"
    await desk.act("小林", do="unfollow")
    await desk.change("raw")
    await desk.act("小林", do="say", text="在吗")
    assert (await desk.bubble())["content"] == {"text": "请先关注公众号"}


async def test_a_message_sent_by_the_api_shows_in_the_chat_and_its_receipt_reaches_the_bot(
    desk, bot, credentials
):
    client = desk.client
    body = {"grant_type": "client_credential", "appid": credentials.app_id, "secret": credentials.app_secret}
    async with client.post("/sandbox/api/cgi-bin/stable_token", json=body) as response:
        token = (await response.json(content_type=None))["access_token"]
    async with client.get(
        f"/sandbox/api/cgi-bin/template/get_all_private_template?access_token={token}"
    ) as response:
        templates = (await response.json(content_type=None))["template_list"]
    template = next(each["template_id"] for each in templates if each["title"] == "业务通知")
    data = {"thing1": {"value": "停机通知"}, "thing2": {"value": "周六检修"}}
    message = {"touser": desk.people["小林"], "template_id": template, "data": data}
    await client.put("/sandbox/api/_sim/rules", json={"receipt_delay": 0})
    async with client.post(
        f"/sandbox/api/cgi-bin/message/template/send?access_token={token}", json=message
    ) as response:
        sent = await response.json(content_type=None)
    card = await desk.bubble(kind="template")
    assert card["content"]["lines"] == [["标题", "停机通知"], ["内容", "周六检修"]]
    receipt = (await asyncio.wait_for(bot.next_receipt.get(), 5))._data
    assert (receipt["Event"], receipt["MsgID"], receipt["Status"]) == (
        "TEMPLATESENDJOBFINISH",
        str(sent["msgid"]),
        "success",
    )


async def test_a_menu_that_the_bot_pushes_takes_the_place_of_the_declared_one(desk, credentials):
    body = {"grant_type": "client_credential", "appid": credentials.app_id, "secret": credentials.app_secret}
    async with desk.client.post("/sandbox/api/cgi-bin/stable_token", json=body) as response:
        token = (await response.json(content_type=None))["access_token"]
    menu = {"button": [{"type": "click", "name": "新", "key": "NEW"}]}
    raw = json.dumps(menu, ensure_ascii=False).encode()
    await desk.client.post(f"/sandbox/api/cgi-bin/menu/create?access_token={token}", data=raw)
    assert await desk.change("menu") == menu


async def test_one_more_phone_and_no_more_than_six(desk):
    statuses = []
    for number in range(4):
        async with desk.client.post("/sandbox/people", json={"nickname": f"新{number}"}) as response:
            statuses.append(response.status)
    assert statuses == [201, 201, 201, 409]
    assert (await desk.change("person"))["nickname"] == "新0"


async def test_sample_windows_come_and_go(desk):
    async with desk.client.post("/sandbox/samples", json={}) as response:
        assert await response.json() == {"windows": 5}
    async with desk.client.delete("/sandbox/samples", json={}) as response:
        assert await response.json() == {"windows": 5}


async def test_chats_can_be_emptied(desk):
    await desk.client.post("/sandbox/clear", json={})
    assert (await desk.change("cleared"))["openid"] == desk.people["小林"]


async def test_who_refuses_templates_says_so_to_nobody(desk, bot):
    await desk.act("小林", do="refuse", accept=False)
    assert (await desk.change("person"))["refuses_templates"]
    assert (await desk.bubble())["content"] == {"text": "不再接收模板消息"}
    assert bot.received == []
