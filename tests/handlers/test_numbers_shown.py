"""A telephone number is shown as that of what was asked, and in no other reply."""

import re
from datetime import date
from itertools import product

import pytest

from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from tests.handlers.chat import Chat

QUERY, OF_22, OF_10 = "13210876217", "0532-00000022", "0532-00000010"
_NUMBER = re.compile(r"(?<![\d/.])(?:1\d{10}|0532-\d{8})(?!\d)")
_SHOWN_BEFORE: tuple[tuple[tuple[str, ...], str], ...] = (
    ((), ""),
    (("你好",), ""),
    (("第22条",), OF_22),
    (("第22条", "那第10条呢"), OF_10),
    (("第41条",), ""),
    (("工信局有哪些政策",), ""),
    (("第22条", "古镇口管委负责的有哪些"), ""),
    (("涉密政策找谁",), QUERY),
    (("涉密政策找谁", "第10条"), OF_10),
    (("我的订阅",), ""),
)
"""What is talked about, and the number that belongs to it."""
_ASKED = (
    "电话",
    "电话多少",
    "联系方式",
    "给个电话",
    "座机有没有",
    "号码发我",
    "热线",
    "怎么联系",
    "地址在哪",
    "邮箱多少",
)
_ASKED_ALONE = (
    "打哪个电话",
    "咨询电话",
    "总机",
    "窗口在哪",
    "官网",
    "政府电话",
    "any phone no. there",
    "hotline",
)
_NAMED = {
    "税务局电话": "",
    "区工信局的座机报一下": "",
    "海洋发展局联系方式": "",
    "管委会电话": "",
    "古镇口融合创新区管委电话": "",
    "技改电话": OF_22,
    "第10条的电话": OF_10,
    "涉密内容打什么电话": QUERY,
    "查询电话": QUERY,
    "古镇口核心区管委电话": QUERY,
}
"""Questions that say whose number is asked, and the number that may be shown; "" for none."""


@pytest.fixture
async def _numbers(services: Services, context: Context) -> None:
    """Two guides with telephone numbers, beside the query office's own."""
    checked = date(2026, 2, 20)
    guides = {22: Guide(phone=OF_22, checked_on=checked), 10: Guide(phone=OF_10, checked_on=checked)}
    await GuideDrafts(services.database, services.clock).publish_at_once(guides, author="test")
    await context.knowledge.refresh()


def _numbers_in(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize(("before", "belongs"), _SHOWN_BEFORE)
async def test_a_number_asked_of_nobody_is_that_of_what_was_shown(
    chat: Chat, before: tuple[str, ...], belongs: str
) -> None:
    for asked in _ASKED:
        talk = chat.another()
        for said in before:
            await talk.says(said)
        assert _numbers_in((await talk.says(asked)).text) <= {belongs}, asked


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize("asked", (*_ASKED, *_ASKED_ALONE))
async def test_with_nothing_shown_it_is_asked_whose(chat: Chat, asked: str) -> None:
    reply = await chat.says(asked)
    assert _numbers_in(reply.text) == set()
    assert "人工" in reply.text


@pytest.mark.usefixtures("_numbers")
async def test_whoever_says_whose_gets_that_number_and_no_other(chat: Chat) -> None:
    for (before, _), (asked, belongs) in product(_SHOWN_BEFORE, _NAMED.items()):
        talk = chat.another()
        for said in before:
            await talk.says(said)
        found = _numbers_in((await talk.says(asked)).text)
        assert found == ({belongs} if belongs else set()), (before, asked)


async def test_who_asks_for_a_consultant_is_told_of_the_query_office_by_name(chat: Chat) -> None:
    reply = await chat.says("咨询电话多少")
    assert "没有登记统一的电话" in reply.text
    assert QUERY in (await chat.taps("查询窗口")).text
    assert "查询窗口" not in (await chat.says("电话")).taps
