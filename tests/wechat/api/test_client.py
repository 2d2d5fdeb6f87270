import pytest
from aiohttp import web
from pyreqwest.client import Client

from tests.wechat.conftest import APP_ID, SECRET, WeChatApi
from wechat.api.client import WeChatClient
from wechat.api.errcodes import ErrcodeAction
from wechat.api.errors import ApiFailure, NoAnswer, NotSent, WeChatError
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport

OPENID = "oSIM_user_000000000000000001"


async def test_a_text_goes_out_as_wechat_wants_it(client: WeChatClient, api: WeChatApi) -> None:
    await client.custom_text(OPENID, "您好，第22条")

    assert api.bodies == [{"touser": OPENID, "msgtype": "text", "text": {"content": "您好，第22条"}}]


async def test_chinese_is_not_escaped(client: WeChatClient, api: WeChatApi) -> None:
    raw: list[bytes] = []

    async def keep(request: web.Request) -> web.Response:
        raw.append(await request.read())
        return web.json_response({"errcode": 0})

    api.answers["/cgi-bin/menu/create"] = keep
    await client.menu_create([{"type": "click", "name": "查政策", "key": "POLICIES"}])

    assert "查政策".encode() in raw[0]


async def test_a_template_message_carries_its_client_id_and_gives_the_receipts_id(
    client: WeChatClient, api: WeChatApi
) -> None:
    api.answers["/cgi-bin/message/template/send"] = {"errcode": 0, "errmsg": "ok", "msgid": 200228332}

    message = client.template_message("TPL_1", {"thing1": "申报截止"})
    msgid = await message.send(OPENID, url="https://m.example.test/p/22", client_msg_id="c1-m1")

    assert msgid == "200228332"
    assert api.bodies == [
        {
            "touser": OPENID,
            "template_id": "TPL_1",
            "data": {"thing1": {"value": "申报截止"}},
            "url": "https://m.example.test/p/22",
            "client_msg_id": "c1-m1",
        }
    ]


async def test_a_subscription_notice_may_come_without_an_id(client: WeChatClient, api: WeChatApi) -> None:
    assert await client.subscribe_send(OPENID, "TPL_A", {"thing1": "x"}, page="https://m.example.test") == ""


async def test_a_mass_send_that_wechat_has_already_is_adopted(client: WeChatClient, api: WeChatApi) -> None:
    api.answers["/cgi-bin/message/mass/send"] = {"errcode": 0, "msg_id": 34182}
    first = await client.mass_send([OPENID, OPENID + "x"], "公告", client_msg_id="b1")
    api.answers["/cgi-bin/message/mass/send"] = {
        "errcode": 45065,
        "errmsg": "clientmsgid exist",
        "msg_id": 34182,
    }
    again = await client.mass_send([OPENID, OPENID + "x"], "公告", client_msg_id="b1")

    assert (first, again) == ("34182", "34182")
    assert api.bodies[0]["clientmsgid"] == "b1"


async def test_a_mass_send_to_all(client: WeChatClient, api: WeChatApi) -> None:
    await client.mass_send_all("公告", client_msg_id="b2")
    api.answers["/cgi-bin/message/mass/get"] = {"msg_id": 1, "msg_status": "SENDING"}

    assert await client.mass_status("1") == "SENDING"
    assert api.bodies[0]["filter"] == {"is_to_all": True}


async def test_followers_come_page_by_page_until_the_empty_one(client: WeChatClient, api: WeChatApi) -> None:
    pages = {
        "": {"total": 3, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
        "o2": {"total": 3, "count": 1, "data": {"openid": ["o3"]}, "next_openid": "o3"},
        "o3": {"total": 3, "count": 0, "next_openid": ""},
    }

    async def page(request: web.Request) -> web.Response:
        return web.json_response(pages[request.query["next_openid"]])

    api.answers["/cgi-bin/user/get"] = page

    assert [p.openids async for p in client.followers()] == [("o1", "o2"), ("o3",)]
    assert [p.openids async for p in client.followers("o2")] == [("o3",)]


async def test_no_menu_is_an_empty_menu(client: WeChatClient, api: WeChatApi) -> None:
    api.answers["/cgi-bin/menu/get"] = {"errcode": 46003, "errmsg": "menu no exist"}
    assert await client.menu_get() == []

    api.answers["/cgi-bin/menu/get"] = {"menu": {"button": [{"name": "查政策"}]}}
    assert await client.menu_get() == [{"name": "查政策"}]


async def test_a_qr_code_for_a_scene(client: WeChatClient, api: WeChatApi) -> None:
    api.answers["/cgi-bin/qrcode/create"] = {
        "ticket": "gQ/+=",
        "expire_seconds": 60,
        "url": "http://weixin.test/q/1",
    }
    url = await client.qr_create("track_3", expire_s=60)

    assert url == "http://weixin.test/q/1"
    assert api.bodies[0]["expire_seconds"] == 60
    assert api.bodies[0]["action_info"] == {"scene": {"scene_str": "track_3"}}


async def test_people_templates_and_addresses(client: WeChatClient, api: WeChatApi) -> None:
    api.answers["/cgi-bin/user/info"] = {"subscribe": 0, "openid": OPENID}
    api.answers["/cgi-bin/template/get_all_private_template"] = {"template_list": [{"template_id": "T"}]}
    api.answers["/cgi-bin/getcallbackip"] = {"ip_list": ["127.0.0.1", "127.0.0.0/8"]}

    assert (await client.user_info(OPENID))["subscribe"] == 0
    assert await client.templates() == [{"template_id": "T"}]
    assert await client.callback_ips() == ["127.0.0.1", "127.0.0.0/8"]


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (200, b"<html>busy</html>", NoAnswer),
        (200, b"", NoAnswer),
        (200, b"[1]", NoAnswer),
        (502, b"<html>bad gateway</html>", NoAnswer),
        (503, b"{}", NoAnswer),
        (404, b"not here", NotSent),
        (302, b"", NotSent),
    ],
)
async def test_what_is_no_answer_and_what_was_not_sent(
    client: WeChatClient, api: WeChatApi, status: int, body: bytes, failure: type[ApiFailure]
) -> None:
    async def odd(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    api.answers["/cgi-bin/message/custom/send"] = odd
    with pytest.raises(failure):
        await client.custom_text(OPENID, "您好")


async def test_a_reset_after_sending_is_no_answer(client: WeChatClient, api: WeChatApi) -> None:
    async def reset(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport
        request.transport.abort()
        return web.Response()

    api.answers["/cgi-bin/message/custom/send"] = reset
    with pytest.raises(NoAnswer):
        await client.custom_text(OPENID, "您好")


async def test_nobody_listening_means_not_sent(http: Client, unused_tcp_port: int) -> None:
    transport = Transport(http, f"http://127.0.0.1:{unused_tcp_port}")
    client = WeChatClient(transport, AccessTokens(transport, APP_ID, SECRET))
    with pytest.raises(NotSent):
        await client.custom_text(OPENID, "您好")


async def test_a_refusal_names_its_code_and_no_openid(client: WeChatClient, api: WeChatApi) -> None:
    api.answers["/cgi-bin/message/custom/send"] = {
        "errcode": 45015,
        "errmsg": f"response out of time limit {OPENID} rid: 65f0-1a-2b",
    }
    with pytest.raises(WeChatError) as refusal:
        await client.custom_text(OPENID, "您好")

    assert refusal.value.action is ErrcodeAction.NEXT_CHANNEL
    assert refusal.value.rid == "65f0-1a-2b"
    assert OPENID not in str(refusal.value)


async def test_a_list_of_followers_that_repeats_itself_ends(client: WeChatClient, api: WeChatApi) -> None:
    following = {"": ("o1", "o2"), "o2": ("o3", "o1"), "o1": ("o2", "o2")}

    async def page(request: web.Request) -> web.Response:
        listed, after = following[request.query["next_openid"]]
        return web.json_response({"total": 9, "data": {"openid": [listed]}, "next_openid": after})

    api.answers["/cgi-bin/user/get"] = page
    assert len([p async for p in client.followers()]) == 3


@pytest.mark.parametrize("odd", ["", None, 7, "o" * 65, "o\x00", "有"])
async def test_what_is_no_openid_is_nobody(client: WeChatClient, api: WeChatApi, odd: object) -> None:
    api.answers["/cgi-bin/user/get"] = {"total": 2, "data": {"openid": ["o1", odd]}, "next_openid": ""}
    assert (await client.followers_page()).openids == ("o1",)
