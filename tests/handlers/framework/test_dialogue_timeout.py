"""A conversation is kept for half an hour, under a keyed hash, and nothing of the person stands in it."""

from bot.runtime.services import Services
from tests.handlers.chat import Chat
from tests.handlers.conftest import session_key


async def test_a_list_is_kept_for_half_an_hour(chat: Chat, services: Services) -> None:
    await chat.says("市海洋发展局")
    kept = await services.redis.ttl(session_key(services, chat))
    assert 1790 <= kept <= 1800


async def test_after_that_turning_the_page_says_what_to_do(chat: Chat, services: Services) -> None:
    await chat.says("市海洋发展局")
    await services.redis.delete(session_key(services, chat))
    reply = await chat.says("下一页")
    assert "半小时" in reply.text
    assert "再发一次" in reply.text
    assert reply.taps


async def test_no_openid_stands_in_redis(chat: Chat, services: Services) -> None:
    await chat.says("市海洋发展局")
    for key in await services.redis.keys("*"):
        assert chat.openid.encode() not in key
        if await services.redis.type(key) == b"string":
            assert chat.openid.encode() not in (await services.redis.get(key) or b"")


async def test_a_broken_session_is_a_new_one(chat: Chat, services: Services) -> None:
    await services.redis.set(session_key(services, chat), b"{not json")
    assert (await chat.says("第22条")).clauses == [22]
