"""Pushes to a small real bot that is built on wechatpy alone."""

import random
import time

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from sandbox.platform.account import SandboxAccount
from sandbox.platform.people import Person
from sandbox.push.envelope import BadEnvelopeError, Envelope
from sandbox.push.push_xml import push_xml
from sandbox.push.pushing import Pusher, PushRules
from sandbox.push.replies import read_reply
from tests.sandbox.small_bot import SmallBot

READER = Person("oReader")
ARTICLE = {"title": "条款", "description": "摘要", "image": "", "url": "https://m.example.test/p/22"}


@pytest.fixture
def bot(credentials):
    return SmallBot(credentials)


@pytest.fixture
async def push(bot, credentials):
    """Push one text; keyword arguments change the rules."""
    async with TestServer(bot.app()) as server, ClientSession() as session:

        async def go(xml=None, *, to_message=True, account=None, url=None, **rules):
            account = account or SandboxAccount(credentials)
            pusher = Pusher(
                account,
                session,
                url or str(server.make_url("/wechat")),
                real=time.time,
                rng=random.Random(1),
                rules=PushRules(**rules),
            )
            return await pusher.push(xml or text_push(account), READER, to_message=to_message)

        yield go


def text_push(account, content="首台套"):
    fields = {"Content": content, "MsgId": 24000000000000001}
    return push_xml(account.credentials.account_id, "oReader", 1767225600, "text", fields)


async def test_a_message_reaches_the_bot_and_the_answer_comes_back(push, bot):
    outcome = await push()
    assert outcome.fault == ""
    assert (outcome.reply.kind, outcome.reply.content) == ("text", {"content": "您好"})
    (message,) = bot.received
    assert (message.type, message.content, message.source) == ("text", "首台套", "oReader")


async def test_both_sides_can_be_read(push):
    outcome = await push()
    headings = [heading for heading, _ in outcome.raw]
    assert headings == ["推送明文", "推送报文", "应答报文", "应答明文"]
    raw = dict(outcome.raw)
    assert "首台套" in raw["推送明文"]
    assert "首台套" not in raw["推送报文"]
    assert "<Encrypt>" in raw["应答报文"]
    assert "您好" in raw["应答明文"]


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_nothing_to_say_shows_nothing(push, bot, body):
    bot.answer = lambda message: body
    outcome = await push()
    assert (outcome.reply, outcome.fault, outcome.deliveries) == (None, "", 1)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"ok":true}', "XML"),
        (b"<xml><Content>", "XML"),
        (b"hello", "XML"),
        (b"<xml><Encrypt><![CDATA[abc]]></Encrypt></xml>", "MsgSignature"),
        (
            b"<xml><Encrypt>abc</Encrypt><MsgSignature>0</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>",
            "签名",
        ),
        (b"<xml><ToUserName>oReader</ToUserName></xml>", "加密"),
    ],
)
async def test_an_abnormal_answer_is_a_fault_at_once(push, bot, body, why):
    bot.answer = lambda message: body
    outcome = await push()
    assert why in outcome.fault
    assert outcome.deliveries == 1


async def test_a_status_other_than_200_is_a_fault(push, bot):
    bot.status = 500
    assert "500" in (await push()).fault


async def test_news_are_cut_to_one_for_a_message_and_eight_for_an_event(push, bot):
    bot.answer = lambda message: [ARTICLE] * 9
    assert len((await push()).reply.content["articles"]) == 1
    assert len((await push(to_message=False)).reply.content["articles"]) == 8


async def test_three_deliveries_with_fresh_nonces_where_nothing_answers(push, bot):
    bot.silent_times = 3
    outcome = await push(seconds=0.05)
    assert outcome.deliveries == 3
    assert "没有应答" in outcome.fault
    assert len(set(bot.nonces)) == 3


async def test_a_retry_may_carry_the_same_nonce(push, bot):
    bot.silent_times = 2
    outcome = await push(seconds=0.3, retry_nonce="same")
    assert outcome.deliveries == 3
    assert outcome.reply.content == {"content": "您好"}
    assert len(set(bot.nonces)) == 1
    assert outcome.fault == ""


async def test_a_bot_that_is_away_is_a_fault(push, unused_tcp_port):
    outcome = await push(url=f"http://127.0.0.1:{unused_tcp_port}/wechat", seconds=0.01)
    assert "连不上" in outcome.fault


async def test_the_compatible_mode_carries_both(credentials):
    account = SandboxAccount(credentials, mode="compatible")
    sealed = Envelope(account).seal(text_push(account), "oReader", "1767225600", "1")
    assert "<Content><![CDATA[首台套]]></Content>" in sealed.body
    assert "<Encrypt>" in sealed.body
    assert sealed.query["encrypt_type"] == "aes"


async def test_the_plain_mode_carries_no_envelope(credentials):
    account = SandboxAccount(credentials, mode="plain")
    envelope = Envelope(account)
    sealed = envelope.seal(text_push(account), "oReader", "1767225600", "1")
    assert sealed.body == text_push(account)
    assert "msg_signature" not in sealed.query
    with pytest.raises(BadEnvelopeError, match="明文模式"):
        envelope.open("<xml><Encrypt>x</Encrypt></xml>")


def test_text_in_a_push_cannot_break_it():
    xml = push_xml("gh_1", "oReader", 1, "text", {"Content": "]]></Content><Content>x"})
    assert read_back(xml)["Content"] == "]]></Content><Content>x"


def read_back(xml):
    import xmltodict

    return xmltodict.parse(xml)["xml"]


def reply(inner, to="oReader", sender="gh_1", created="1767225601"):
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{sender}</FromUserName>"
        f"<CreateTime>{created}</CreateTime>{inner}</xml>"
    )


TEXT = "<MsgType>text</MsgType><Content>{}</Content>"


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (reply(TEXT.format("好"), to="oOther"), "收件人"),
        (reply(TEXT.format("好"), sender="gh_2"), "发件人"),
        (reply(TEXT.format("好"), created="now"), "CreateTime"),
        (reply(TEXT.format("")), "没有内容"),
        (reply(TEXT.format("条" * 683)), "2049 字节"),
        (reply("<MsgType>poem</MsgType>"), "MsgType"),
        (reply("<MsgType>news</MsgType><ArticleCount>1</ArticleCount>"), "没有文章"),
        (
            reply(
                "<MsgType>news</MsgType><ArticleCount>2</ArticleCount>"
                "<Articles><item><Title>t</Title></item></Articles>"
            ),
            "ArticleCount",
        ),
        (reply("<MsgType>image</MsgType>"), "MediaId"),
    ],
)
def test_replies_that_wechat_would_not_show(xml, why):
    with pytest.raises(BadEnvelopeError, match=why):
        read_reply(xml, READER, "gh_1", to_message=True)


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        (TEXT.format("条" * 682), "text"),
        ("<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image>", "image"),
        ("<MsgType>transfer_customer_service</MsgType>", "event"),
    ],
)
def test_replies_that_wechat_shows(inner, kind):
    assert read_reply(reply(inner), READER, "gh_1", to_message=True).kind == kind


def test_line_breaks_of_a_reply_stay():
    shown = read_reply(reply(TEXT.format("一\n\n 二")), READER, "gh_1", to_message=True)
    assert shown.content["content"] == "一\n\n 二"
