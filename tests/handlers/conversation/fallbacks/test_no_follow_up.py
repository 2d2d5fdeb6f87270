"""Short messages after a clause that ask nothing of it: another matter, what was spent, a doubt whether it is true."""

import pytest

from tests.handlers.chat import Chat


@pytest.mark.parametrize("typed", ["企业年金", "企业食堂", "企业年会", "公司团建", "单位年金"])
async def test_a_matter_that_shares_only_the_word_company_is_not_in_the_clause(
    chat: Chat, typed: str
) -> None:
    await chat.says("第13条")
    shown = (await chat.says(typed)).text
    assert "硬科技" not in shown
    assert "没有找到与此对应的条款" in shown


@pytest.mark.parametrize(("typed", "said"), [("孵化器呢", "孵化器"), ("专业机构呢", "专业机构")])
async def test_what_the_clause_writes_is_told(chat: Chat, typed: str, said: str) -> None:
    await chat.says("第13条")
    assert said in (await chat.says(typed)).text


@pytest.mark.parametrize("typed", ["花了500万", "花费500万", "花了两百万"])
async def test_what_was_spent_asks_for_no_use_of_money(chat: Chat, typed: str) -> None:
    await chat.says("第10条")
    assert "资金的用途" not in (await chat.says(typed)).text


async def test_the_use_of_money_is_still_told(chat: Chat) -> None:
    await chat.says("第10条")
    assert "资金的用途" in (await chat.says("这钱能花哪儿")).text


@pytest.mark.parametrize(
    "typed",
    [
        "会不会是骗子",
        "是不是真的，会不会是骗子",
        "这是不是骗人的",
        "不会是假的吧",
        "是真的还是假的",
        "怕是骗局",
    ],
)
async def test_who_doubts_is_told_where_the_text_comes_from(chat: Chat, typed: str) -> None:
    await chat.says("第10条")
    shown = (await chat.says(typed)).text
    assert "原文" in shown
    assert "区新质生产力促进中心核实" in shown
    assert "没有单独写" not in shown
