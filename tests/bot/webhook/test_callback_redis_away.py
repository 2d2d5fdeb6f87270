"""Redis goes away and comes back under a running callback."""

import asyncio

import redis.asyncio
from structlog.testing import capture_logs

from bot.runtime.valkey import EmbeddedValkey
from handlers.framework.session import Session
from tests.bot.callback_app import process
from tests.wechat.pushes import text_push
from wechat.push.messages import Inbound
from wechat.replies import Text


def turn_the_page(_: Inbound, session: Session) -> Text:
    session.page += 1
    return Text(f"第{session.page}页")


async def test_answers_go_on_without_redis_and_sessions_come_back_with_it(
    own_valkey: EmbeddedValkey,
) -> None:
    client = redis.asyncio.Redis.from_url(own_valkey.url, socket_timeout=0.5, socket_connect_timeout=0.5)
    numbers = iter(range(1, 1000))

    async with process(client) as bot:
        bot.conversation.reply = turn_the_page

        async def next_page() -> str:
            return await bot.push(text_push("下一页", message_id=next(numbers)))

        assert [await next_page(), await next_page()] == ["第1页", "第2页"]
        with capture_logs() as logs:
            own_valkey.kill()
            assert [await next_page() for _ in range(5)] == ["第1页"] * 5
            again = text_push("下一页", message_id=500)
            assert await bot.push(again) == await bot.push(again, nonce="2") == "第1页"

            own_valkey.start()
            async with asyncio.timeout(5):
                while await next_page() != "第2页":  # until the session holds again
                    pass
        assert [entry["event"] for entry in logs][:2] == ["redis.lost", "redis.lost.recovered"]
    await client.aclose()


async def test_a_redis_that_never_answers_costs_one_time_out_not_one_a_message(unused_tcp_port: int) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(swallow, "127.0.0.1", unused_tcp_port)
    client = redis.asyncio.Redis(
        host="127.0.0.1", port=unused_tcp_port, socket_timeout=0.3, socket_connect_timeout=0.3
    )
    async with process(client) as bot, asyncio.timeout(3):
        answers = await asyncio.gather(*(bot.push(text_push("好", message_id=n)) for n in range(50)))
        assert answers == ["您说：好"] * 50
    await client.aclose()
    silent.close()
    await silent.wait_closed()
