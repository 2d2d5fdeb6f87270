"""A wish to subscribe in free words is offered by a tap: never only answered with a clause, and never done unasked."""

import pytest

from tests.handlers.chat import Chat


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("只订阅工信局的", "订阅 区工信局负责的条款"),
        ("这个也订阅一下，第22条", "订阅 第22条 企业技术改造设备投资奖补"),
        ("只关注税务局的补贴", "订阅 黄岛区税务局负责的条款"),
    ],
)
async def test_what_is_named_is_one_tap_away(chat: Chat, typed: str, label: str) -> None:
    shown = await chat.says(typed)
    assert label in shown.taps
    assert "还没有订阅任何" in (await chat.says("退订")).text
    await chat.says(typed)
    assert "已为您订阅" in (await chat.taps(label)).text


async def test_where_the_words_leave_the_clause_open_it_is_asked(chat: Chat) -> None:
    shown = await chat.says("订阅那个首台套的政策")
    assert "您是要订阅哪一条" in shown.text
    tapped = await chat.taps(next(label for label in shown.taps if label.startswith("第4条")))
    assert "已为您订阅：第4条" in tapped.text


@pytest.mark.parametrize("typed", ["我想订阅但是怕打扰", "想关注又怕天天发消息", "担心被打扰，没订阅"])
async def test_who_fears_to_be_disturbed_is_told_what_comes(chat: Chat, typed: str) -> None:
    shown = await chat.says(typed)
    assert "没有这些事就不发" in shown.text
    assert "没有找到赛道" not in shown.text


@pytest.mark.parametrize("typed", ["不想订阅工信局的", "关注度高的政策有哪些", "订阅了工信局的吗"])
async def test_a_denial_and_a_question_are_no_wish(chat: Chat, typed: str) -> None:
    assert "点一下就订上" not in (await chat.says(typed)).text
