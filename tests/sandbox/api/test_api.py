"""The stand-in over HTTP, as the bot's client meets it."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.api.control import crowd_openid
from sandbox.app import make_sandbox
from sandbox.platform.account import SandboxAccount
from sandbox.platform.sandbox_clock import LocalClock
from storage.clock import system_clock

SEND = "/cgi-bin/message/custom/send"


class Api:
    """Calls as a bot makes them, and the control plane beside."""

    def __init__(self, client, credentials):
        self.client = client
        self.credentials = credentials
        self.token = ""

    async def fetch_token(self):
        body = {"grant_type": "client_credential"}
        body |= {"appid": self.credentials.app_id, "secret": self.credentials.app_secret}
        self.token = (await self.post("/cgi-bin/stable_token", body))["access_token"]

    async def raw(self, path, data=None, method="POST", **more):
        url = f"/sandbox/api{path}?access_token={self.token}"
        async with self.client.request(method, url, data=data, **more) as response:
            return response.status, await response.read()

    async def post(self, path, body):
        async with self.client.post(f"/sandbox/api{path}?access_token={self.token}", json=body) as response:
            assert response.status == 200
            return await response.json(content_type=None)

    async def sim(self, method, name, body=None):
        async with self.client.request(method, f"/sandbox/api/_sim/{name}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def code(self, number=0, content="您好"):
        body = {"touser": crowd_openid("oSIM", number), "msgtype": "text", "text": {"content": content}}
        return (await self.post(SEND, body))["errcode"]


@pytest.fixture
async def api(credentials):
    app = web.Application(client_max_size=1 << 24)
    sandbox = make_sandbox(
        SandboxAccount(credentials), callback_url="", clock=LocalClock(system_clock), seed=3
    )
    app.add_subapp("/sandbox", sandbox)
    async with TestClient(TestServer(app)) as client:
        api = Api(client, credentials)
        await api.sim("POST", "people", {"count": 4, "window": True})
        await api.fetch_token()
        yield api


@pytest.mark.parametrize(
    ("data", "method", "code"),
    [
        (b"", "POST", b"44002"),
        (b"{", "POST", b"47001"),
        (b"[]", "POST", b"47001"),
        (None, "GET", b"43002"),
    ],
)
async def test_bodies_that_are_refused(api, data, method, code):
    status, answer = await api.raw(SEND, data, method)
    assert status == 200
    assert code in answer
    assert b"rid: " in answer


async def test_escaped_text_is_refused_in_menus(api):
    menu = b'{"button":[{"type":"click","name":"\\u5e2e\\u52a9","key":"K"}]}'
    assert b"40033" in (await api.raw("/cgi-bin/menu/create", menu))[1]


async def test_without_a_token_or_with_a_dead_one(api):
    api.token = ""
    assert await api.code() == 41001
    await api.fetch_token()
    await api.sim("POST", "throw_token_out")
    assert await api.code() == 40001


async def test_an_upload(api):
    form = aiohttp.FormData()
    form.add_field("media", b"picture", filename="p.png", content_type="image/png")
    url = f"/sandbox/api/cgi-bin/media/upload?type=image&access_token={api.token}"
    async with api.client.post(url, data=form) as response:
        answer = await response.json(content_type=None)
    body = {"touser": crowd_openid("oSIM", 0), "msgtype": "image", "image": {"media_id": answer["media_id"]}}
    assert (await api.post(SEND, body))["errcode"] == 0


async def test_an_unknown_call_is_not_found(api):
    assert (await api.raw("/cgi-bin/none", b"{}"))[0] == 404


class TestFaults:
    async def put(self, api, **fault):
        await api.sim("PUT", "faults", {"faults": [{"path": "custom", **fault}]})

    async def delivered(self, api):
        return (await api.sim("GET", "stats"))["delivered"]

    @pytest.mark.parametrize(
        ("kind", "delivered"), [("errcode", 0), ("errcode_after", 1), ("bad_gateway", 0), ("empty", 0)]
    )
    async def test_an_answer_that_is_none(self, api, kind, delivered):
        await self.put(api, kind=kind, times=1)
        body = b'{"touser":"%s","msgtype":"text","text":{"content":"hi"}}' % crowd_openid("oSIM", 0).encode()
        status, answer = await api.raw(SEND, body)
        expected = {"errcode": (200, b"-1"), "errcode_after": (200, b"-1"), "bad_gateway": (502, b"<html>")}
        assert (status, expected.get(kind, (200, b""))[1] in answer) == (
            expected.get(kind, (200, b""))[0],
            True,
        )
        assert await self.delivered(api) == delivered
        assert await api.code(content="again") == 0

    @pytest.mark.parametrize(
        ("kind", "delivered"), [("reset_before", 0), ("reset_after", 1), ("hang", 0), ("silence", 1)]
    )
    async def test_no_answer_at_all(self, api, kind, delivered):
        await self.put(api, kind=kind, times=1, seconds=0)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await api.code()
        assert await self.delivered(api) == delivered
        assert len((await api.sim("GET", "doubted"))["doubted"]) == 1

    async def test_what_got_its_answer_is_in_no_doubt(self, api):
        assert await api.code() == 0
        assert (await api.sim("GET", "doubted"))["doubted"] == []

    async def test_a_silent_call_does_not_hold_up_the_end(self, api):
        await self.put(api, kind="silence", seconds=60)
        waiting = asyncio.ensure_future(api.code())
        assert any([await self.delivered(api) for _ in range(50)])
        await api.client.server.close()
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await waiting

    async def test_slow_is_slow_and_right(self, api):
        await self.put(api, kind="slow", seconds=0, seconds_max=0.01)
        assert await api.code() == 0

    async def test_a_fault_strikes_its_share(self, api):
        await api.sim("POST", "people", {"count": 400, "window": True})
        await self.put(api, kind="errcode", share=0.25)
        codes = [await api.code(number) for number in range(400)]
        assert 60 <= codes.count(-1) <= 140
        assert (await api.sim("GET", "stats"))["faults_struck"]["errcode"] == codes.count(-1)

    async def test_other_paths_are_spared(self, api):
        await api.sim("PUT", "faults", {"faults": [{"path": "template", "kind": "errcode"}]})
        assert await api.code() == 0

    async def test_a_token_is_thrown_out_again_and_again(self, api):
        await api.sim("PUT", "faults", {"token_every": 1e-6})
        assert await api.code() == 40001
        await api.sim("PUT", "faults", {})
        await api.fetch_token()
        assert await api.code() == 0


class TestControl:
    async def test_a_share_of_a_crowd_does_not_follow(self, api):
        made = await api.sim("POST", "people", {"count": 1000, "prefix": "oBig", "unfollowed": 0.1})
        assert 60 <= made["unfollowed"] <= 140
        away = (await api.sim("GET", "people?following=0"))["openids"]
        assert len([openid for openid in away if openid.startswith("oBig")]) == made["unfollowed"]
        assert all(len(openid) == 28 for openid in away)

    async def test_what_was_delivered_is_listed(self, api):
        await api.code(0)
        await api.code(1)
        listed = await api.sim("GET", "deliveries")
        assert listed["total"] == 2
        assert [openid for openid, _ in listed["deliveries"]] == [crowd_openid("oSIM", n) for n in (0, 1)]
        await api.sim("DELETE", "deliveries")
        assert (await api.sim("GET", "deliveries"))["total"] == 0

    async def test_a_quota_can_be_set(self, api):
        await api.sim("PUT", "rules", {"daily": {SEND: 1}})
        assert [await api.code(0), await api.code(1)] == [0, 45009]

    async def test_the_date_can_be_set_and_reset(self, api):
        await api.sim("PUT", "clock", {"at": "2026-12-01T09:00:00+08:00"})
        moved = await api.sim("GET", "clock")
        assert moved["now"].startswith("2026-12-01T01:00:0")
        assert moved["moved"]
        assert not (await api.sim("DELETE", "clock"))["moved"]

    async def test_the_desk_stays_when_a_crowd_is_forgotten(self, api):
        assert await api.sim("DELETE", "people") == {"people": 3}

    @pytest.mark.parametrize(
        ("method", "name", "body"),
        [
            ("PUT", "faults", {"faults": [{"kind": "gremlin"}]}),
            ("PUT", "faults", {"faults": [{"kind": "errcode", "share": 2}]}),
            ("POST", "people", {"count": 0}),
            ("PUT", "clock", {"at": "tomorrow"}),
            ("PUT", "rules", {"unknown": 1}),
        ],
    )
    async def test_a_mistake_is_told(self, api, method, name, body):
        async with api.client.request(method, f"/sandbox/api/_sim/{name}", json=body) as response:
            assert response.status == 400
            assert await response.text()


class TestTheGate:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 200),
            ({"Host": "evil.example.test"}, 403),
            ({"X-Forwarded-For": "1.2.3.4"}, 404),
            ({"x-forwarded-proto": "https"}, 404),
            ({"Forwarded": "for=1.2.3.4"}, 404),
            ({"Via": "1.1 proxy"}, 404),
            ({"Origin": "https://evil.example.test"}, 403),
            ({"Origin": "http://["}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
            ({"Sec-Fetch-Site": "same-origin"}, 200),
            ({"Host": "localhost:8080"}, 200),
        ],
    )
    async def test_another_sites_page_cannot_reach_it(self, api, headers, status):
        for path in ("/sandbox", "/sandbox/api/_sim/stats"):
            async with api.client.get(path, headers=headers) as response:
                assert response.status == status

    async def test_a_form_of_another_site_is_no_json(self, api):
        async with api.client.post("/sandbox/api/_sim/people", data=b'{"count":1}') as response:
            assert response.status == 415

    async def test_the_page_runs_nothing_from_elsewhere(self, api):
        async with api.client.get("/sandbox") as response:
            policy = response.headers["Content-Security-Policy"]
            page = await response.text()
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http://" not in page
        assert "https://" not in page
