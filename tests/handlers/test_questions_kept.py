"""Questions the bot declined, answered ill, or that led to a person are kept for the operators, without the asker."""

from typing import Any

from aiohttp.test_utils import TestClient

from handlers.framework.context import Context
from tests.handlers.chat import Chat


async def _kept(context: Context) -> dict[str, tuple[str, int]]:
    groups = await context.questions.groups()
    return {wording.text: (wording.reason, wording.times) for group in groups for wording in group.wordings}


async def test_a_declined_question_is_kept(chat: Chat, context: Context) -> None:
    await chat.says("海参怎么泡发")
    await chat.another().says("海参怎么泡发")
    assert await _kept(context) == {"海参怎么泡发": ("declined", 2)}


async def test_an_answered_question_is_not_kept(chat: Chat, context: Context) -> None:
    await chat.says("首台套")
    assert "不客气" not in (await chat.taps("有用")).text
    assert await _kept(context) == {}


async def test_a_useless_answer_keeps_its_question_once(chat: Chat, context: Context) -> None:
    await chat.says("首台套")
    first = await chat.taps("没用")
    assert "已记下" in first.text
    assert "人工" in first.taps
    await chat.says("没用")
    assert await _kept(context) == {"首台套": ("useless", 1)}


async def test_a_person_wanted_keeps_the_question_that_led_there(chat: Chat, context: Context) -> None:
    await chat.says("技改补贴怎么申请")
    await chat.says("人工")
    assert await _kept(context) == {"技改补贴怎么申请": ("person", 1)}


async def test_greetings_commands_emoji_and_wrong_numbers_are_no_gaps(chat: Chat, context: Context) -> None:
    for typed in ("你好", "谢谢", "帮助", "[微笑]", "👍", "第50条", "下一页", "取消", "没用", "人工"):
        await chat.says(typed)
    assert await _kept(context) == {}


async def test_what_a_page_is_asked_is_not_kept(web: "TestClient[Any, Any]", context: Context) -> None:
    async with web.get("/p", params={"q": "海参怎么泡发"}) as response:
        assert "没有找到" in await response.text()
    assert await _kept(context) == {}
