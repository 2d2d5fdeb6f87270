import asyncio
import time

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.webhook.idempotency import idempotency_key
from handlers.framework.session import Session
from storage.pseudonym import pseudonym
from tests.bot.callback_app import SECRET, Conversation, Desk, Process, process
from tests.wechat.pushes import APP_ID, OPENID, OTHER_KEY, PUSHES, Sender, path, text_push
from wechat.api.errcodes import explain
from wechat.api.errors import WeChatError
from wechat.push.crypto import Mode
from wechat.push.messages import Inbound
from wechat.push.parsing import parse_message
from wechat.replies import Text


def key_of(push: str) -> str:
    """The key under which a push is claimed."""
    return idempotency_key(APP_ID, parse_message(push), pseudonym(SECRET, OPENID))


async def test_the_address_check_gets_its_echo_and_nothing_else(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        query, _ = Sender().plain("")
        async with bot.http.get(bot.url + path({**query, "echostr": "<b>5837"})) as response:
            assert (response.status, await response.text()) == (200, "<b>5837")
            assert response.content_type == "text/plain"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
        async with bot.http.get(bot.url + path({**query, "signature": "0" * 40, "echostr": "1"})) as response:
            assert response.status == 403
        async with bot.http.get(bot.url + "/wechat") as response:
            assert response.status == 403


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_message_is_answered_in_the_mode_it_came_in(redis_client: Redis, mode: Mode) -> None:
    async with process(redis_client, mode=mode) as bot:
        if mode is Mode.SAFE:
            assert await bot.push(text_push("首台套")) == "您说：首台套"
            return
        status, body = await bot.post(*Sender().plain(text_push("首台套")))
        reply = parse_message(body)
        assert (status, reply.text, reply.openid, reply.account) == (
            200,
            "您说：首台套",
            "gh_sim000000001",
            OPENID,
        )


@pytest.mark.parametrize("name", PUSHES)
async def test_every_push_of_the_protocol_is_answered(redis_client: Redis, name: str) -> None:
    async with process(redis_client) as bot:
        bot.conversation.reply = lambda inbound, _: Text("好") if inbound.awaits_answer else None
        expected = "好" if parse_message(PUSHES[name]).awaits_answer else ""
        assert await bot.push(PUSHES[name]) == expected


REFUSALS = {
    "a wrong signature": (
        403,
        lambda: (
            {**Sender().sealed(text_push("a"))[0], "msg_signature": "0" * 40},
            Sender().sealed(text_push("a"))[1],
        ),
    ),
    "a stale one": (403, lambda: Sender().sealed(text_push("a"), at=time.time() - 400)),
    "another key": (403, lambda: Sender(aes_key=OTHER_KEY).sealed(text_push("a"))),
    "another appid": (403, lambda: Sender(app_id="wxffffffffffffffff").sealed(text_push("a"))),
    "plain in safe mode": (403, lambda: Sender().plain(text_push("a"))),
    "no signature at all": (403, lambda: ({}, b"<xml></xml>")),
    "not XML outside": (400, lambda: (Sender().sealed("x")[0], b"{}")),
    "no body": (400, lambda: (Sender().sealed("x")[0], b"")),
    "too large": (413, lambda: (Sender().sealed("x")[0], b"<xml>" + b"a" * 65_536)),
    "a text that is no XML, unsigned": (403, lambda: Sender().plain(text_push("首台套]]>"))),
    "no XML at all, another's signature": (403, lambda: Sender(token="another").sealed("{}")),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_is_not_from_wechat_is_refused(redis_client: Redis, name: str) -> None:
    expected, make = REFUSALS[name]
    async with process(redis_client) as bot:
        with capture_logs() as logs:
            status, _ = await bot.post(*make())
        assert status == expected
        assert bot.conversation.heard == []
        assert logs[0]["event"] == "callback.refused"


UNREADABLE = {
    "not XML": "{}",
    "a bomb": '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
    "very deep": "<xml>" + "<a>" * 5000,
    "nobody sent it": text_push("a", openid=""),
    "no time": text_push("a").replace("1767225600", "7" * 5000),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_a_signed_push_that_cannot_be_read_gets_success(redis_client: Redis, name: str) -> None:
    """Anything else would show the person 该公众号提供的服务出现故障."""
    async with process(redis_client) as bot:
        with capture_logs() as logs:
            assert await bot.push(UNREADABLE[name]) == ""
        assert bot.conversation.heard == []
        assert logs[0]["event"] == "callback.unreadable"


@pytest.mark.parametrize("typed", ["首台套]]>", "首台\x0b套", "<![CDATA[首台套]]>"])
async def test_a_text_that_breaks_the_xml_is_answered(redis_client: Redis, typed: str) -> None:
    async with process(redis_client) as bot:
        assert await bot.push(text_push(typed)) == "您说：首台套"


async def test_a_body_without_a_length_is_bounded_too(redis_client: Redis) -> None:
    async def endless():  # type: ignore[no-untyped-def]
        for _ in range(40):
            yield b"a" * 4096

    async with process(redis_client) as bot:
        query, body = Sender().sealed(text_push("你好"))
        async with bot.http.post(bot.url + path(query), data=endless()) as response:
            assert response.status == 413

        async def pieces():  # type: ignore[no-untyped-def]
            yield body[:50]
            yield body[50:]

        async with bot.http.post(bot.url + path(query), data=pieces()) as response:
            assert response.status == 200


async def test_a_retry_gets_the_first_answer_and_acts_not_again(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        answers = [await bot.push(text_push("首台套"), nonce=str(n)) for n in range(3)]

    assert answers == ["您说：首台套"] * 3
    assert len(bot.conversation.heard) == len(bot.service_windows.seen) == 1
    assert bot.count("repeated") == 2


async def test_retries_at_the_same_moment_share_one_act(redis_client: Redis) -> None:
    async with process(redis_client) as one, process(redis_client, conversation=one.conversation) as two:
        one.conversation.go.clear()
        pushes = [
            asyncio.ensure_future(p.push(text_push("首台套"), nonce=str(n)))
            for n in range(4)
            for p in (one, two)
        ]
        await one.conversation.began.wait()
        one.conversation.go.set()

        assert await asyncio.gather(*pushes) == ["您说：首台套"] * 8
        assert len(one.conversation.heard) == 1


async def test_a_retry_at_another_process_gets_the_first_answer(redis_client: Redis) -> None:
    async with process(redis_client) as one, process(redis_client) as two:
        assert await one.push(text_push("首台套")) == await two.push(text_push("首台套"), nonce="2")
        assert (len(one.conversation.heard), two.conversation.heard) == (1, [])


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.PLAIN])
async def test_two_people_with_one_message_id_are_each_answered(redis_client: Redis, mode: Mode) -> None:
    """Beside each other, one after the other, and at another process."""
    people = ["oSIM_user_00000000000000000a", "oSIM_user_00000000000000000b", "oSIM_user_00000000000000000c"]
    async with process(redis_client, mode=mode) as one, process(redis_client, mode=mode) as two:
        for bot in (one, two):
            bot.conversation.reply = lambda inbound, _: Text(f"{inbound.openid}的链接")

        async def push(bot: Process, openid: str) -> str:
            xml = text_push("我的订阅", message_id=7, openid=openid)
            if mode is Mode.SAFE:
                return await bot.push(xml)
            return parse_message((await bot.post(*Sender().plain(xml)))[1]).text

        assert await asyncio.gather(push(one, people[0]), push(one, people[1])) == [
            f"{people[0]}的链接",
            f"{people[1]}的链接",
        ]
        assert await push(two, people[2]) == f"{people[2]}的链接"
        assert await push(two, people[0]) == f"{people[0]}的链接"
        assert len(one.conversation.heard) + len(two.conversation.heard) == 3


async def test_other_messages_and_events_are_not_taken_for_retries(redis_client: Redis) -> None:
    different = [
        text_push("甲", message_id=1),
        text_push("甲", message_id=2),
        text_push("甲", message_id=1, openid="oSIM_user_000000000000000002"),
        text_push("甲", message_id=1, at=1767225601),
        PUSHES["CLICK"],
        PUSHES["CLICK"].replace("MENU_HELP", "MENU_ME"),
        PUSHES["CLICK"].replace("1767225710", "1767225711"),
        PUSHES["CLICK"].replace(OPENID, "oSIM_user_000000000000000002"),
        PUSHES["SCAN"],
        PUSHES["TEMPLATESENDJOBFINISH"],
        PUSHES["TEMPLATESENDJOBFINISH"].replace("200163836", "200163837"),
        PUSHES["TEMPLATESENDJOBFINISH"].replace(OPENID, "oSIM_user_000000000000000002"),
        PUSHES["subscribe_msg_sent_event"],
        PUSHES["subscribe_msg_sent_event"].replace("1700827132819554304", "1700827132819554305"),
    ]
    async with process(redis_client) as bot:
        for push in different:
            await bot.push(push)
        assert len(bot.conversation.heard) == len(different)


@pytest.mark.parametrize("name", ["TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "subscribe_msg_sent_event"])
async def test_a_receipt_is_known_by_its_id_alone(redis_client: Redis, name: str) -> None:
    async with process(redis_client) as bot:
        await bot.push(PUSHES[name])
        await bot.push(PUSHES[name].replace("<CreateTime>17672257", "<CreateTime>17672299"), nonce="2")
        assert len(bot.conversation.heard) == 1
        assert bot.service_windows.seen == []


async def test_a_dead_processs_claim_lapses_within_six_seconds(redis_client: Redis) -> None:
    key = key_of(text_push("首台套"))
    await redis_client.set(key, b"?", px=300)
    async with process(redis_client) as bot:
        assert await bot.push(text_push("首台套")) == "您说：首台套"

    async with process(redis_client) as bot:
        bot.conversation.go.clear()
        waiting = asyncio.ensure_future(bot.push(text_push("首台套", message_id=2)))
        await bot.conversation.began.wait()
        assert 5_000 < await redis_client.pttl(key_of(text_push("首台套", message_id=2))) <= 6_000
        bot.conversation.go.set()
        await waiting


async def test_a_message_whose_process_died_is_not_lost_when_its_retry_waited_in_vain(
    redis_client: Redis,
) -> None:
    await redis_client.set(key_of(text_push("首台套")), b"?", px=400)
    desk = Desk()
    async with process(redis_client, desk=desk, deadline_s=0.1) as bot:
        assert await bot.push(text_push("首台套")) == ""
        await asyncio.wait_for(desk.arrived.wait(), 3)
    assert desk.sent == [(OPENID, "您说：首台套")]


async def test_the_session_goes_from_message_to_message_and_process_to_process(redis_client: Redis) -> None:
    def count(_: Inbound, session: Session) -> Text:
        session.page += 1
        return Text(str(session.page))

    async with process(redis_client) as one, process(redis_client) as two:
        one.conversation.reply = two.conversation.reply = count
        answers = [
            await bot.push(text_push("下一页", message_id=n)) for n, bot in enumerate((one, two, one), 1)
        ]
        assert answers == ["1", "2", "3"]


async def test_a_session_that_has_not_changed_is_not_written_but_lasts_longer(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        await bot.push(text_push("你好", message_id=1))
        assert await redis_client.keys("wx:session:*") == []  # nothing to remember
        bot.conversation.reply = lambda _, session: setattr(session, "page", 1) or Text("好")
        await bot.push(text_push("下一页", message_id=2))
        (key,) = await redis_client.keys("wx:session:*")
        await redis_client.expire(key, 5)
        before = (await redis_client.info("commandstats"))["cmdstat_set"]["calls"]
        await bot.push(text_push("下一页", message_id=3))
        await bot.callback.finish()
        assert (await redis_client.info("commandstats"))["cmdstat_set"][
            "calls"
        ] - before == 2  # claim, answer
        assert await redis_client.ttl(key) > 1700


async def test_an_answer_at_the_deadline_ends_its_connection_and_the_handler_goes_on(
    redis_client: Redis,
) -> None:
    desk = Desk()
    async with process(redis_client, desk=desk, deadline_s=0.05) as bot:
        bot.conversation.go.clear()
        query, body = bot.sender.sealed(text_push("首台套"))
        async with bot.http.post(bot.url + path(query), data=body) as response:
            assert (await response.text(), response.headers["Connection"]) == ("success", "close")
        bot.conversation.go.set()
        await bot.callback.finish()
    assert desk.sent == [(OPENID, "您说：首台套")]


async def test_redis_holds_no_openid(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        bot.conversation.reply = lambda _, session: setattr(session, "page", 1) or Text("好")
        for push in PUSHES.values():
            await bot.push(push)
    for key in await redis_client.keys():
        assert OPENID.encode() not in key
        assert OPENID.encode() not in (await redis_client.get(key) or b"")
        assert await redis_client.ttl(key) > 0


async def test_user_text_cannot_break_the_envelope(redis_client: Redis) -> None:
    async with process(redis_client, mode=Mode.COMPATIBLE) as bot:
        bot.conversation.reply = lambda *_: Text(
            "]]></Content><ToUserName><![CDATA[oEvil]]></ToUserName>\x00]]\x01>"
        )
        _, body = await bot.post(*Sender().plain(text_push("x")))
        assert parse_message(body).account == OPENID
        assert "]]]]><![CDATA[>" in body


async def test_a_slow_answer_follows_as_a_customer_service_message(redis_client: Redis) -> None:
    desk = Desk()
    async with process(redis_client, desk=desk, deadline_s=0.05) as bot:
        bot.conversation.go.clear()
        assert await bot.push(text_push("首台套")) == ""
        assert await bot.push(text_push("首台套"), nonce="2") == ""
        bot.conversation.go.set()
        await asyncio.wait_for(desk.arrived.wait(), 3)

    assert desk.sent == [(OPENID, "您说：首台套")]
    assert bot.count("late") == 1


async def test_an_unverified_account_gives_a_late_answer_with_the_next_one(redis_client: Redis) -> None:
    async with process(redis_client, desk=None, deadline_s=0.05) as bot:
        bot.conversation.go.clear()
        assert await bot.push(text_push("首台套", message_id=1)) == ""
        bot.conversation.go.set()
        await bot.callback.finish()

        assert (
            await bot.push(text_push("你好", message_id=2))
            == "您上一条消息的回答：\n您说：首台套\n\n您说：你好"
        )
        assert await bot.push(text_push("再问", message_id=3)) == "您说：再问"


async def test_a_late_answer_waits_a_day_for_the_next_message(redis_client: Redis) -> None:
    async with process(redis_client, desk=None, deadline_s=0.05) as bot:
        bot.conversation.go.clear()
        await bot.push(text_push("首台套", message_id=1))
        bot.conversation.go.set()
        await bot.callback.finish()
        (key,) = await redis_client.keys("wx:late:*")
        assert 24 * 3600 - 60 < await redis_client.ttl(key) <= 24 * 3600


async def test_an_answer_is_kept_ten_minutes_for_retries(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        await bot.push(text_push("首台套"))
        await bot.callback.finish()
        assert 540 < await redis_client.ttl(key_of(text_push("首台套"))) <= 600


async def test_of_a_long_late_answer_three_messages_go_and_the_rest_waits(redis_client: Redis) -> None:
    desk = Desk()
    long = "一句话。" * 1000  # six messages
    async with process(redis_client, desk=desk, deadline_s=0.05) as bot:
        bot.conversation.reply = lambda inbound, _: Text(long if inbound.text == "全文" else "好")
        bot.conversation.go.clear()
        await bot.push(text_push("全文", message_id=1))
        bot.conversation.go.set()
        await bot.callback.finish()
        assert len(desk.sent) == 3
        next_answer = await bot.push(text_push("你好", message_id=2))
        await bot.callback.finish()
    first, rest = desk.sent[:3], desk.sent[3:]
    shown = [content for _, content in first]
    shown += [next_answer.removeprefix("您上一条消息的回答：\n"), *(content for _, content in rest)]
    assert "".join(shown) == f"{long}\n\n好"


async def test_a_late_answer_that_wechat_refuses_waits_for_the_next_message(redis_client: Redis) -> None:
    desk = Desk(refuses=WeChatError("custom", 45015, "out of window", row=explain(45015)))
    async with process(redis_client, desk=desk, deadline_s=0.05) as bot:
        bot.conversation.go.clear()
        await bot.push(text_push("首台套", message_id=1))
        bot.conversation.go.set()
        await bot.callback.finish()
        desk.refuses = None
        assert "首台套" in await bot.push(text_push("你好", message_id=2))


async def test_a_text_over_the_limit_goes_on_as_customer_service_messages(redis_client: Redis) -> None:
    desk = Desk()
    long = "一句话。" * 400
    async with process(redis_client, desk=desk) as bot:
        bot.conversation.reply = lambda *_: Text(long)
        first = await bot.push(text_push("全文"))
    parts = [first, *(content for _, content in desk.sent)]
    assert "".join(parts) == long
    assert all(len(part.encode()) <= 2048 for part in parts)


async def test_an_unverified_accounts_long_text_goes_on_with_the_next_answer(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        bot.conversation.reply = lambda inbound, _: Text("一句话。" * 250 if inbound.text == "全文" else "好")
        first = await bot.push(text_push("全文", message_id=1))
        await bot.callback.finish()
        second = await bot.push(text_push("继续", message_id=2))
    assert first.count("一句话。") + second.count("一句话。") == 250


@pytest.mark.parametrize(("push", "seen"), [(text_push("a"), "请稍后再发一次"), (PUSHES["VIEW"], "")])
async def test_a_failing_handler_still_gets_wechat_its_200(redis_client: Redis, push: str, seen: str) -> None:
    def fail(*_: object) -> Text:
        raise RuntimeError("the index is broken")

    async with process(redis_client) as bot:
        bot.conversation.reply = fail
        with capture_logs() as logs:
            assert seen in await bot.push(push)
            assert seen in await bot.push(push, nonce="2")
    assert len(bot.conversation.heard) == 1
    assert [entry["log_level"] for entry in logs if entry["event"] == "callback.failed"] == ["error"]
    assert OPENID not in str(logs)


async def test_a_client_that_hangs_up_does_not_undo_what_began(redis_client: Redis) -> None:
    async with process(redis_client) as bot:
        bot.conversation.go.clear()
        hung_up = asyncio.ensure_future(bot.push(text_push("首台套")))
        await bot.conversation.began.wait()
        hung_up.cancel()
        bot.conversation.go.set()
        assert await bot.push(text_push("首台套"), nonce="2") == "您说：首台套"
    assert len(bot.conversation.heard) == 1


async def test_shutting_down_finishes_what_began(redis_client: Redis) -> None:
    talk = Conversation()
    desk = Desk()
    async with process(redis_client, desk=desk, deadline_s=0.05, conversation=talk) as bot:
        talk.go.clear()
        await bot.push(text_push("首台套"))
        asyncio.get_running_loop().call_later(0.2, talk.go.set)
    assert desk.sent == [(OPENID, "您说：首台套")]


async def test_without_redis_each_process_knows_its_own_retries() -> None:
    async with process(None) as bot:
        assert [await bot.push(text_push("首台套"), nonce=str(n)) for n in range(3)] == ["您说：首台套"] * 3
        assert len(bot.conversation.heard) == 1
