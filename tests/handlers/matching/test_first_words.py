"""The first words of a company: who writes, where it stands, what it spent; never a clause that they resemble."""

import pytest

from tests.handlers.chat import Chat


@pytest.mark.parametrize(
    "typed",
    [
        "我是一家小公司的会计，刚接手，老板让我看看有什么补贴能拿",
        "我是公司新来的财务，领导让我查查有哪些政策能申报",
        "我们是一家刚成立的小微企业，不太懂，能享受哪些优惠",
        "我负责公司的行政，想问问我们能拿什么补贴",
    ],
)
async def test_who_asks_for_the_company_is_asked_about_it(chat: Chat, typed: str) -> None:
    assert "1/5）请问单位注册在哪里" in (await chat.says(typed)).text


@pytest.mark.parametrize(
    "typed",
    ["我们公司在市南区，有什么能拿的", "我们公司在黄岛，有哪些政策可以享受", "我们公司在北京，能拿什么"],
)
async def test_a_place_told_with_the_question_is_not_asked_again(chat: Chat, typed: str) -> None:
    await chat.says("第13条")
    shown = (await chat.says(typed)).text
    assert "1/5）请问" in shown
    assert "注册在哪里" not in shown


@pytest.mark.parametrize(
    "typed", ["我们在黄岛区", "我们是黄岛的企业", "公司注册在西海岸新区", "我们公司就在胶南"]
)
async def test_a_place_alone_is_noted_and_leads_on(chat: Chat, typed: str) -> None:
    shown = (await chat.says(typed)).text
    assert "注册（工作）所在地：已在西海岸新区注册" in shown
    assert "请问" in shown


async def test_a_place_beside_a_clause_is_held_against_it(chat: Chat) -> None:
    await chat.says("第22条")
    assert "条文里与所在地有关的是" in (await chat.says("我们在市南区")).text


@pytest.mark.parametrize("typed", ["黄岛区税务局", "会计有什么补贴", "海水淡化有什么补贴能拿"])
async def test_an_office_and_a_matter_stay_questions(chat: Chat, typed: str) -> None:
    shown = (await chat.says(typed)).text
    assert "1/5）请问" not in shown
    assert "我记下了" not in shown


@pytest.mark.parametrize(
    ("told", "spent"),
    [("我们公司年营收2000万", "买设备花了300万"), ("我们产值5000万", "今年买设备投了800万")],
)
async def test_a_sum_that_was_spent_is_no_turnover_and_nobody_is_misquoted(
    chat: Chat, told: str, spent: str
) -> None:
    await chat.says(told)
    shown = (await chat.says(spent)).text
    assert "第22条" in shown
    assert "营收" not in shown
    assert "产值" not in shown


async def test_words_that_were_not_typed_are_not_quoted(chat: Chat) -> None:
    await chat.says("我们公司年营收2000万")
    assert "“" not in (await chat.says("那3000万呢")).text


async def test_a_sum_that_a_story_tells_and_no_question_needs_is_said_not_to_be_kept(chat: Chat) -> None:
    shown = (await chat.says("我们是高新技术企业，上年营收3000万，研发费用200万")).text
    assert "研发费用：200万元" in shown
    assert "营收3000万”不是这里要问的金额，没有记" in shown
