"""A message that meets a database which is away: answered by itself when it is back, within the deadline or after it."""

from collections.abc import Awaitable, Callable
from functools import partial

from redis.asyncio import Redis

from bot.webhook.pushes import Responded
from handlers.framework.session import Session
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.repeat import repeat
from tests.bot.callback_app import Conversation, Desk, process
from tests.wechat.pushes import OPENID, text_push
from wechat.push.messages import Inbound
from wechat.replies import Text


def away(times: int) -> Conversation:
    """A conversation that meets it so many times, each time after it has changed the session."""
    talk = Conversation()

    def reply(inbound: Inbound, session: Session) -> Text:
        session.page += 1
        if len(talk.heard) <= times:
            raise DatabaseUnavailableError("gone")
        return Text(f"{inbound.text}：第{session.page}页")

    talk.reply = reply
    return talk


async def patient(work: Callable[[], Awaitable[Responded]]) -> Responded:
    return await repeat(work, lambda: 60.0)


async def test_the_person_gets_the_answer_of_the_try_that_succeeds(redis_client: Redis) -> None:
    async with process(redis_client, conversation=away(2), repeat=patient) as bot:
        assert await bot.push(text_push("订阅")) == "订阅：第1页"
        assert len(bot.conversation.heard) == 3


async def test_where_it_takes_longer_than_wechat_waits_the_answer_follows(redis_client: Redis) -> None:
    desk = Desk()
    talk = away(3)
    async with process(redis_client, conversation=talk, repeat=patient, desk=desk, deadline_s=0.4) as bot:
        assert await bot.push(text_push("订阅")) == ""
        await desk.arrived.wait()
    assert desk.sent == [(OPENID, "订阅：第1页")]


async def test_without_patience_the_person_is_asked_to_send_it_again(redis_client: Redis) -> None:
    impatient = partial(repeat, patience=lambda: 0.0)
    async with process(redis_client, conversation=away(1), repeat=impatient) as bot:
        assert "请稍后再发一次" in await bot.push(text_push("订阅"))
