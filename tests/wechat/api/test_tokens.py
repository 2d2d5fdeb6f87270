import asyncio
import traceback

import pytest
from aiohttp import web
from pyreqwest.client import Client
from redis.asyncio import Redis
from structlog.testing import capture_logs

from storage.redis.client import open_redis
from tests.wechat.conftest import APP_ID, SECRET, WeChatApi
from wechat.api.client import WeChatClient
from wechat.api.errcodes import ErrcodeAction
from wechat.api.errors import ApiFailure, NotSent, WeChatError
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport

OPENID = "oSIM_user_000000000000000001"
SEND = "/cgi-bin/message/custom/send"


def worker(transport: Transport, redis: Redis | None = None) -> WeChatClient:
    """A client as a process of its own would have it."""
    return WeChatClient(transport, AccessTokens(transport, APP_ID, SECRET, redis))


async def test_fifty_cold_calls_fetch_one_token(client: WeChatClient, api: WeChatApi) -> None:
    api.token_delay = 0.05
    await asyncio.gather(*(client.custom_text(OPENID, "您好") for _ in range(50)))

    assert (api.calls["token"], api.calls[SEND]) == (1, 50)


async def test_eight_cold_processes_fetch_one_token(
    transport: Transport, api: WeChatApi, redis_client: Redis
) -> None:
    api.token_delay = 0.05
    workers = [worker(transport, redis_client) for _ in range(8)]
    await asyncio.gather(*(one.custom_text(OPENID, "您好") for one in workers for _ in range(6)))

    assert (api.calls["token"], api.calls[SEND]) == (1, 48)


async def test_a_token_thrown_out_is_renewed_once_for_all(
    transport: Transport, api: WeChatApi, redis_client: Redis
) -> None:
    workers = [worker(transport, redis_client) for _ in range(4)]
    await asyncio.gather(*(one.custom_text(OPENID, "您好") for one in workers))
    api.throw_token_out()
    await asyncio.gather(*(one.custom_text(OPENID, "您好") for one in workers for _ in range(12)))

    assert api.calls["token"] == 2
    assert api.forced == 0


async def test_a_process_takes_the_token_that_another_has_renewed(
    transport: Transport, api: WeChatApi, redis_client: Redis
) -> None:
    one, two = worker(transport, redis_client), worker(transport, redis_client)
    await one.custom_text(OPENID, "您好")
    await two.custom_text(OPENID, "您好")
    api.throw_token_out()
    await one.custom_text(OPENID, "您好")
    await two.custom_text(OPENID, "您好")

    assert api.calls["token"] == 2


async def test_a_dead_token_that_stays_the_same_is_forced_once(client: WeChatClient, api: WeChatApi) -> None:
    refused: set[str] = set()

    async def refuse_the_first(request: web.Request) -> web.Response:
        token = request.query["access_token"]
        if not refused or token in refused:
            refused.add(token)
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        return web.json_response({"errcode": 0})

    api.answers[SEND] = refuse_the_first
    await asyncio.gather(*(client.custom_text(OPENID, "您好") for _ in range(20)))

    assert api.forced == 1


@pytest.mark.parametrize("shared", [True, False])
async def test_a_refusal_that_lasts_stops_after_three_calls(
    transport: Transport, api: WeChatApi, redis_client: Redis, shared: bool
) -> None:
    client = worker(transport, redis_client if shared else None)
    api.refuses_every_token = True
    with pytest.raises(WeChatError) as refusal:
        await client.custom_text(OPENID, "您好")
    assert refusal.value.action is ErrcodeAction.REFRESH_TOKEN
    assert api.calls[SEND] <= 3
    asked = api.calls["token"]

    for _ in range(20):
        with pytest.raises(WeChatError):
            await client.custom_text(OPENID, "您好")
    assert api.calls[SEND] <= 3
    assert api.calls["token"] == asked
    assert api.forced == 1


async def test_after_a_minute_it_tries_again(transport: Transport, api: WeChatApi) -> None:
    now = 1_000_000.0
    tokens = AccessTokens(transport, APP_ID, SECRET, now=lambda: now)
    client = WeChatClient(transport, tokens)
    api.refuses_every_token = True
    with pytest.raises(WeChatError):
        await client.custom_text(OPENID, "您好")
    api.refuses_every_token = False
    now += 61
    await client.custom_text(OPENID, "您好")


async def test_a_token_is_used_until_five_minutes_before_its_end(
    transport: Transport, api: WeChatApi
) -> None:
    now = 1_000_000.0
    tokens = AccessTokens(transport, APP_ID, SECRET, now=lambda: now)
    await tokens.get()
    now += 6899
    await tokens.get()
    assert api.calls["token"] == 1
    now += 2
    await tokens.get()
    assert api.calls["token"] == 2


async def test_a_short_lived_token_is_kept_a_minute(transport: Transport, api: WeChatApi) -> None:
    now = 1_000_000.0
    api.expires_in = 120
    tokens = AccessTokens(transport, APP_ID, SECRET, now=lambda: now)
    await tokens.get()
    now += 59
    assert tokens.current() is not None
    now += 2
    assert tokens.current() is None


@pytest.mark.parametrize(
    ("errcode", "action"),
    [
        (40001, ErrcodeAction.PAUSE_CAMPAIGN),
        (40125, ErrcodeAction.PAUSE_CAMPAIGN),
        (40013, ErrcodeAction.PAUSE_CAMPAIGN),
        (40164, ErrcodeAction.PAUSE_CAMPAIGN),
        (-1, ErrcodeAction.RETRY),
    ],
)
async def test_why_there_is_no_token_is_told(
    client: WeChatClient, api: WeChatApi, errcode: int, action: ErrcodeAction
) -> None:
    api.token_answer = {"errcode": errcode, "errmsg": "no"}
    with pytest.raises(WeChatError) as refusal:
        await client.callback_ips()
    assert refusal.value.action is action


async def test_a_call_whose_token_could_not_be_fetched_was_not_sent(
    http: Client, unused_tcp_port: int
) -> None:
    with pytest.raises(NotSent):
        await worker(Transport(http, f"http://127.0.0.1:{unused_tcp_port}")).custom_text(OPENID, "您好")


async def test_without_redis_each_process_fetches_its_own(
    transport: Transport, api: WeChatApi, unused_tcp_port: int
) -> None:
    away = open_redis(f"redis://127.0.0.1:{unused_tcp_port}")
    with capture_logs() as logs:
        await worker(transport, away).custom_text(OPENID, "您好")
        await worker(transport, away).custom_text(OPENID, "您好")
    await away.aclose()

    assert api.calls["token"] == 2
    assert {entry["event"] for entry in logs} == {"wechat.token_not_shared"}


async def test_a_lock_left_by_a_dead_process_lapses(
    transport: Transport, api: WeChatApi, redis_client: Redis
) -> None:
    await redis_client.set(f"wx:token:{APP_ID}:lock", b"dead", px=200)
    await worker(transport, redis_client).custom_text(OPENID, "您好")
    assert api.calls["token"] == 1


async def test_no_failure_shows_a_token_or_the_secret(
    client: WeChatClient, api: WeChatApi, http: Client, unused_tcp_port: int
) -> None:
    shown: list[str] = []

    async def fails(call: WeChatClient) -> None:
        try:
            await call.custom_text(OPENID, "您好")
        except ApiFailure as failure:
            shown.extend(traceback.format_exception(failure))
            shown.append(repr(failure))

    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response()

    async def reset(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    with capture_logs() as logs:
        for answer in (hang, reset, {"errcode": 48001, "errmsg": "no"}):
            api.answers[SEND] = answer
            await fails(WeChatClient(Transport(http, api.url, timeout_s=0.1), client._tokens))
        gone = Transport(http, f"http://127.0.0.1:{unused_tcp_port}")
        await fails(WeChatClient(gone, client._tokens))
        await fails(worker(gone))
        api.refuses_every_token = True
        await fails(client)

    text = "\n".join(shown) + str(logs)
    assert len(shown) > 6
    assert "TOKEN_" not in text
    assert SECRET not in text
    assert OPENID not in text


async def force(tokens: AccessTokens) -> str | None:
    """Ask for another token than the one that is good; None where it may not be forced."""
    try:
        return await tokens.renew(frozenset({await tokens.get()}))
    except WeChatError as refusal:
        assert refusal.errcode == 40001
        return None


async def test_a_token_is_forced_twice_in_half_a_minute_by_nobody(
    transport: Transport, api: WeChatApi
) -> None:
    now = 1_000_000.0
    tokens = AccessTokens(transport, APP_ID, SECRET, now=lambda: now)
    assert await force(tokens) == api.token
    now += 29
    assert await force(tokens) is None
    assert api.forced == 1
    now += 61  # a minute after a refusal it is asked anew
    assert await force(tokens) == api.token
    assert api.forced == 2


async def test_a_token_is_forced_five_times_a_day_at_most(transport: Transport, api: WeChatApi) -> None:
    now = 1_000_000.0
    tokens = AccessTokens(transport, APP_ID, SECRET, now=lambda: now)
    for _ in range(5):
        assert await force(tokens) is not None
        now += 3_600
    for _ in range(3):
        assert await force(tokens) is None
        now += 3_600
    assert api.forced == 5
    now += 20 * 3_600
    assert await force(tokens) is not None


async def test_the_limits_of_forcing_hold_over_all_processes(
    transport: Transport, api: WeChatApi, redis_client: Redis
) -> None:
    def process() -> AccessTokens:
        return AccessTokens(transport, APP_ID, SECRET, redis_client)

    assert await force(process()) is not None
    assert await force(process()) is None
    assert 0 < await redis_client.ttl(f"wx:token:{APP_ID}:forced") <= 30
    for _ in range(6):
        await redis_client.delete(f"wx:token:{APP_ID}:forced")  # half a minute later
        await force(process())
    assert api.forced == 5
    assert 0 < await redis_client.ttl(f"wx:token:{APP_ID}:forces") <= 86_400
