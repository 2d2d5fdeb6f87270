"""人工 lasts until one side ends it, whatever becomes of the session."""

import pytest

from bot.roles.conversation import Conversation
from bot.runtime.services import Services
from subscriptions.handoff import BOT
from tests.handlers.chat import Chat
from tests.handlers.conftest import session_key
from tests.kit.polling_statements import look_once


async def test_a_handoff_survives_its_session(
    chat: Chat, services: Services, conversation: Conversation
) -> None:
    await chat.says("第22条")
    assert "已转给工作人员" in (await chat.says("转人工")).text
    await services.redis.delete(session_key(services, chat))
    await chat.says("我们的设备是去年买的，算不算")
    (waiting,) = await conversation.context.handoffs.waiting()
    assert waiting.last_line == "我们的设备是去年买的，算不算"


async def test_commands_and_clause_numbers_are_still_the_bots(chat: Chat, conversation: Conversation) -> None:
    await chat.says("人工")
    assert (await chat.says("第22条")).clauses == [22]
    assert "还没有订阅" in (await chat.says("我的订阅")).text
    (waiting,) = await conversation.context.handoffs.waiting()
    assert waiting.last_line == "（请求人工服务）"


SENTENCES = (
    "你们电话一直占线，第10条到底批不批",
    "张工态度很差，第22条材料交了三遍还说不全",
    "第二部分和你们说的不一样",
    "太垃圾了",
    "不对",
    "你是谁",
    "你们几点上班",
    "订阅的事你们管不管",
)


async def test_every_sentence_reaches_the_person_who_is_awaited(
    chat: Chat, conversation: Conversation
) -> None:
    handoffs = conversation.context.handoffs
    await chat.says("人工")
    for typed in SENTENCES:
        assert "人工，" not in (await chat.says(typed)).text
    (waiting,) = await handoffs.waiting()
    lines = await handoffs.lines(waiting.id)
    assert [line.content for line in lines if not line.author] == ["（请求人工服务）", *SENTENCES]


@pytest.mark.parametrize("typed", ["10", "看第10条的原文", "第10条、第22条", "十", "第二部分"])
async def test_what_only_names_clauses_is_the_bots_and_the_operator_reads_of_it(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    handoffs = conversation.context.handoffs
    await chat.says("人工")
    assert (await chat.says(typed)).clauses
    (waiting,) = await handoffs.waiting()
    *_, last = await handoffs.lines(waiting.id)
    assert last.author == BOT
    assert f"“{typed}”" in last.content
    assert waiting.last_line == "（请求人工服务）"


async def test_a_tap_is_the_bots_and_what_offers_a_person_says_that_one_is_asked(chat: Chat) -> None:
    await chat.says("人工")
    await chat.says("第10条")
    assert "人工请求还在" in (await chat.taps("没用")).text


async def test_what_the_bot_answered_is_told_without_links(chat: Chat, conversation: Conversation) -> None:
    await chat.says("人工")
    await chat.says("提醒设置")
    (waiting,) = await conversation.context.handoffs.waiting()
    *_, last = await conversation.context.handoffs.lines(waiting.id)
    assert last.content == "对方发来“提醒设置”，由机器人回答：现在的提醒设置："


async def test_the_operator_reads_what_asked_for_a_person_and_the_commands_before(
    chat: Chat, conversation: Conversation
) -> None:
    handoffs = conversation.context.handoffs
    await chat.says("我的订阅")
    await chat.says("高企补多少")
    await chat.says("我要投诉")
    (waiting,) = await handoffs.waiting()
    before, complaint = await handoffs.lines(waiting.id)
    assert "我的订阅；高企补多少（第10条）" in before.content
    assert (complaint.author, complaint.content) == ("", "我要投诉")


async def test_that_a_line_was_sent_is_said_once(chat: Chat) -> None:
    await chat.says("人工")
    assert "已送到" in (await chat.says("第一句话在这里")).text
    assert (await chat.says("第二句话在这里")).text == ""


async def test_the_operator_sees_the_talk_before_and_the_clause(
    chat: Chat, conversation: Conversation
) -> None:
    await chat.says("高企补多少")
    await chat.says("第22条")
    await chat.says("人工")
    (waiting,) = await conversation.context.handoffs.waiting()
    first, *_ = await conversation.context.handoffs.lines(waiting.id)
    assert first.author == BOT
    assert "高企补多少" in first.content
    assert "第22条" in first.content


async def test_either_side_ends_it(chat: Chat, conversation: Conversation) -> None:
    handoffs = conversation.context.handoffs
    await chat.says("人工")
    assert "已结束" in (await chat.says("算了")).text
    assert await handoffs.waiting() == []
    await chat.says("人工")
    (waiting,) = await handoffs.waiting()
    await handoffs.close(waiting.id, "desk")
    assert (await chat.says("首台套")).clauses[0] == 4


async def test_memory_says_who_surely_does_not_wait(
    chat: Chat, services: Services, conversation: Conversation
) -> None:
    handoffs = conversation.context.handoffs
    assert handoffs.may_be_open(chat.openid)
    await look_once(services.database, handoffs.followed())
    assert not handoffs.may_be_open(chat.openid)
    await chat.says("人工")
    await look_once(services.database, handoffs.followed())
    assert handoffs.may_be_open(chat.openid)


@pytest.mark.parametrize("typed", ["打我电话13912345678", "我的手机13912345678 让人联系我"])
async def test_a_number_left_to_be_called_back_reaches_the_operator_alone(
    chat: Chat, services: Services, conversation: Conversation, typed: str
) -> None:
    reply = await chat.says(typed)
    assert "已转给工作人员" in reply.text
    (waiting,) = await conversation.context.handoffs.waiting()
    assert waiting.last_line == typed
    stored = await services.redis.get(session_key(services, chat))
    assert b"13912345678" not in (stored or b"")


async def test_the_telephone_of_the_staff_is_no_other_offices(chat: Chat) -> None:
    for typed in ("你们客服电话多少", "人工电话", "能电话沟通吗"):
        reply = await chat.says(typed)
        assert "人工" in reply.text
        assert "13210876217" not in reply.text


@pytest.mark.parametrize("typed", ["等的工夫先把22条发我", "顺便看下22条", "第22条再发一遍"])
async def test_a_clause_asked_for_meanwhile_is_shown_by_the_bot(chat: Chat, typed: str) -> None:
    await chat.says("人工")
    assert (await chat.says(typed)).clauses == [22]


@pytest.mark.parametrize(
    "typed",
    [
        "别转了别转了",
        "不用转了",
        "算了不等了，人工撤掉",
        "自己看明白了 不用人了",
        "不用叫人了，我搞懂了",
        "取消转接",
        "甭找人了",
    ],
)
async def test_whoever_needs_nobody_any_more_ends_it(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    await chat.says("人工")
    assert "人工服务已结束" in (await chat.says(typed)).text
    assert await conversation.context.handoffs.waiting() == []


@pytest.mark.parametrize(
    "typed", ["问题解决了", "撤了吧", "不用人陪着去吧？要带公章吗", "人工费太高，不用人行吗"]
)
async def test_what_may_mean_otherwise_ends_nothing(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    await chat.says("人工")
    await chat.says(typed)
    assert len(await conversation.context.handoffs.waiting()) == 1


async def test_to_whoever_may_have_found_it_the_end_is_offered(chat: Chat) -> None:
    await chat.says("人工")
    await chat.says("发票丢了")
    assert "结束人工" in (await chat.says("问题解决了")).taps


@pytest.mark.parametrize(
    "typed", ["人工鱼礁有没有补助", "人工太贵，招个博士后进站能贴点不", "人工育苗补多少"]
)
async def test_a_matter_that_is_called_artificial_asks_for_nobody(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    await chat.says(typed)
    assert await conversation.context.handoffs.waiting() == []


@pytest.mark.parametrize(
    "typed", ["subsidy for foreign staff", "oops wrong person", "who is the legal person"]
)
async def test_a_noun_at_the_end_of_an_english_sentence_asks_for_nobody(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    await chat.says(typed)
    assert await conversation.context.handoffs.waiting() == []


MEANWHILE = (
    ("等的工夫问一句 池塘标准化改造一亩最高给多少", 38),
    ("你先回答我，院士工作站评估好的给多少", 32),
    ("趁这会儿问下机器人，高企认定给多少", 10),
    ("你先别转，高企多少钱", 10),
    ("先不等他们，你告诉我技改补多少", 22),
    ("他们没来之前你先讲讲概念验证平台给多少", 26),
    ("等着也是等着，问你个海水淡化的，不在海岛给多少", 45),
    ("不等了你直接告诉我创新券按几成", 27),
    ("趁他们没来，你说下第22条补多少", 22),
    ("您先告诉我一下高企认定要什么条件", 10),
)


@pytest.mark.parametrize(("typed", "clause"), MEANWHILE)
async def test_a_question_put_to_the_bot_meanwhile_is_answered_and_noted(
    chat: Chat, conversation: Conversation, typed: str, clause: int
) -> None:
    handoffs = conversation.context.handoffs
    await chat.says("人工")
    assert f"第{clause}条" in (await chat.says(typed)).text
    (waiting,) = await handoffs.waiting()
    *_, last = await handoffs.lines(waiting.id)
    assert (last.author, waiting.last_line) == (BOT, "（请求人工服务）")
    assert f"第{clause}条" in last.content


FOR_STAFF = (
    "你先回答我，为什么没人回",
    "你先回答我，你们到底什么时候上班",
    "等的工夫我说一下，我们材料交了三遍了",
    "我先问一句，我们那笔院士站的钱怎么还没到账",
    "等的工夫问一句 你们几点下班",
    "你先看看我的材料行不行",
    "问你个事 人才公寓补不补",
    "我问一下你们 高企的钱怎么还没到",
    "你先帮我问问他们，我们的申报书到哪一步了",
    "顺便问你，我去年交的高企材料批了吗",
)


@pytest.mark.parametrize("typed", FOR_STAFF)
async def test_what_only_staff_can_say_goes_to_staff_whoever_is_addressed(
    chat: Chat, conversation: Conversation, typed: str
) -> None:
    await chat.says("人工")
    assert not (await chat.says(typed)).clauses
    (waiting,) = await conversation.context.handoffs.waiting()
    assert waiting.last_line
    assert typed.endswith(waiting.last_line)


async def test_a_follow_up_of_what_the_bot_answered_meanwhile_is_the_bots_too(
    chat: Chat, conversation: Conversation
) -> None:
    await chat.says("人工")
    await chat.says("等的工夫问一句 池塘标准化改造一亩最高给多少")
    assert "200 亩" in (await chat.says("得多大一片才够条件")).text
    assert "部门" in (await chat.says("归谁管")).text
    for typed in ("那你们什么时候回", "我们去年报过一次没批下来", "封顶呢"):
        assert "第38条" not in (await chat.says(typed)).text
    (waiting,) = await conversation.context.handoffs.waiting()
    assert waiting.last_line == "封顶呢"
