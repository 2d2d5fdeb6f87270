"""Which road a message takes."""

import pytest

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.session import Session
from handlers.router import Router
from handlers.table import Table
from tests.handlers.chat import Chat
from tests.kit.properties import HealthCheck, examples, given, st
from wechat.push.messages import Inbound
from wechat.replies import Text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("你好", "想了解哪条政策"),
        ("您好！", "想了解哪条政策"),
        ("Hello", "想了解哪条政策"),
        ("ＨＩ～", "想了解哪条政策"),
        ("[微笑]", "想了解哪条政策"),
        ("😀👍", "想了解哪条政策"),
        ("？？？", "想了解哪条政策"),
        ("谢谢", "不客气"),
        ("謝謝", "不客气"),
        ("多谢。", "不客气"),
        ("你真棒", "谢谢您的肯定"),
        ("你真厉害", "谢谢您的肯定"),
        ("不错 谢谢", "不客气"),
        ("有人吗", "想找工作人员请回复 人工"),
        ("再见", "祝工作顺利"),
        ("帮助", "可以这样问我"),
        ("幫助", "可以这样问我"),
        ("菜单", "可以这样问我"),
        ("人工", "48 小时内"),
        ("查询窗口", "13210876217"),
        ("部门", "【区】"),
        ("赛道", "暂定"),
        ("目录", "一、大赛活动遴选转化先进技术产品"),
        ("金额", "最高2000万的政策"),
        ("0", "没有这一条"),
        ("00呢", "没有这一条"),
        ("取消", "没有正在办理"),
        ("等一下", "您慢慢来"),
    ],
)
async def test_a_word_of_a_command_is_not_searched_for(chat: Chat, typed: str, shown: str) -> None:
    reply = await chat.says(typed)
    assert shown in reply.text
    assert not reply.clauses


async def test_each_menu_key_answers_something(chat: Chat) -> None:
    for key in Table().by_menu_key:
        assert (await chat.clicks(key)).text, key


async def test_two_commands_cannot_claim_one_word() -> None:
    async def handle(turn: Turn, context: Context) -> Answer:
        return Answer.of("x", "x")

    class Module:
        COMMANDS = (Command("one", handle, words=("甲",)), Command("two", handle, words=("甲",)))

    with pytest.raises(ValueError, match="甲 belongs to both one and two"):
        _ = Table((Module,)).by_word  # type: ignore[arg-type]


async def test_two_people_do_not_share_a_list(chat: Chat) -> None:
    await chat.says("市海洋发展局")
    somebody_else = chat.another()
    assert "再发一次" in (await somebody_else.says("下一页")).text
    assert (await chat.says("下一页")).clauses


async def test_typed_text_cannot_make_a_link(chat: Chat) -> None:
    reply = await chat.speaks('<a href="https://evil.example">点我</a>')
    assert "https://evil.example" not in reply.links.values()


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(
        st.text(max_size=40)
        | st.sampled_from(
            [
                "下一页",
                "上一页",
                "22",
                "第五部分",
                "市海洋发展局",
                "最高2000万",
                "没用",
                "人工",
                "有什么补贴",
                "<a",
            ]
        ),
        min_size=1,
        max_size=8,
    )
)
async def test_whatever_is_typed_gets_one_message_that_wechat_takes(
    context: Context, typed: list[str]
) -> None:
    router, session = Router(context), Session()
    for text in typed:
        answer = await router.respond(Inbound("text", "o", "gh_x", 0, text=text), session)
        if answer.intent == "person" and answer.reply is None:
            continue  # a line that went to the operator
        assert isinstance(answer.reply, Text)
        assert 0 < len(answer.text.encode("utf-8", "surrogatepass")) <= 2048
        session = Session.from_json(session.to_json())


@pytest.mark.parametrize(("key", "typed"), [(Key.MY_SUBSCRIPTIONS, "我的订阅"), (Key.MY_DATA, "我的数据")])
async def test_a_menu_tap_sets_the_area_as_its_words_do(context: Context, key: Key, typed: str) -> None:
    router = Router(context)
    by_words, by_tap = Session(area="before"), Session(area="before")
    await router.respond(Inbound("text", "o", "gh_x", 0, text=typed), by_words)
    await router.respond(Inbound("event", "o", "gh_x", 0, event="click", key=key), by_tap)
    assert by_tap.area == by_words.area != "before"
