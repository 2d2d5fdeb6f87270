"""What was told is kept after a yes only; it is shown, changed, erased, exported, and used for alerts by choice."""

import pytest

from handlers.framework.context import Context
from tests.handlers.chat import Chat

STORY = "我们公司在黄岛做海水淡化设备，高企，今年技改设备投资3000万元，对接了一家持有单位"


async def tell(chat: Chat) -> None:
    await chat.says(STORY)
    for _ in range(5):
        if "保存情况" in chat.last.taps:
            return
        await chat.says("不清楚")


async def test_nothing_is_kept_before_a_yes(chat: Chat, context: Context) -> None:
    await tell(chat)
    asked = await chat.taps("保存情况")
    assert "随时可以查看、修改、删除" in asked.text
    assert await context.profiles.by_openid(chat.openid) is None
    assert await context.members.id_of(chat.openid) is None
    await chat.taps("不保存")
    assert await context.profiles.by_openid(chat.openid) is None


async def test_what_is_kept_is_shown_changed_and_erased(chat: Chat, context: Context) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    assert "已保存" in chat.last.text
    await chat.taps("按情况提醒")
    kept = await context.profiles.by_openid(chat.openid)
    assert kept is not None
    assert (kept.alerts, kept.facts["equipment_investment_cny"]) == (True, 30_000_000)
    shown = await chat.says("公司情况")
    assert "年度技改设备投资额：3000万元" in shown.text
    assert "公司情况" in (await chat.says("我的公司")).text
    await chat.says("修改情况")
    assert "要改哪一条" in chat.last.text
    await chat.says("删除公司情况")
    assert "已删除" in chat.last.text
    assert await context.profiles.by_openid(chat.openid) is None


@pytest.mark.parametrize("typed", ["保存", "保存吧", "帮我存一下吧", "把这些都记下来", "存下来"])
async def test_the_button_in_other_words_right_under_the_result(
    chat: Chat, context: Context, typed: str
) -> None:
    await tell(chat)
    assert "同意保存" in (await chat.says(typed)).taps
    assert await context.profiles.by_openid(chat.openid) is None
    assert "已保存" in (await chat.says("是")).text


async def test_what_is_kept_answers_without_questions(chat: Chat) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    again = await chat.says("我们公司能拿什么")
    assert "按您说的" in again.text
    straight = await chat.says("算一算 第22条")
    assert "360万元" in straight.text or "多少" in straight.text


async def test_the_copy_of_ones_data_and_the_erasure_include_it(chat: Chat, context: Context) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    copy = await chat.says("导出我的数据")
    assert "公司情况：" in copy.text
    await chat.says("删除我的数据")
    await chat.says("确认删除")
    assert await context.profiles.by_openid(chat.openid) is None


async def test_alerts_by_profile_need_something_kept(chat: Chat) -> None:
    assert "要先保存公司情况" in (await chat.says("按情况提醒")).text


@pytest.mark.parametrize("yes", ["是", "是的", "好", "可以", "同意", "好的，保存吧"])
async def test_a_yes_in_ones_own_words_is_the_consent(chat: Chat, context: Context, yes: str) -> None:
    await tell(chat)
    asked = await chat.taps("保存情况")
    assert "您和工作人员可见" in asked.text
    assert "已保存" in (await chat.says(yes)).text
    assert "您和工作人员可见" in chat.last.text
    assert await context.profiles.by_openid(chat.openid) is not None


@pytest.mark.parametrize("no", ["不", "不用", "先不", "不同意", "不要保存"])
async def test_a_no_in_ones_own_words_keeps_nothing(chat: Chat, context: Context, no: str) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    shown = await chat.says(no)
    assert shown.clauses == []
    assert "不保存" in shown.text or "已取消" in shown.text
    await chat.says("是的")
    assert await context.profiles.by_openid(chat.openid) is None


@pytest.mark.parametrize(
    "wish", ["忘掉我的公司", "忘记公司情况", "不要保存", "删掉我们公司的情况", "把我公司的信息删了"]
)
async def test_a_wish_to_be_forgotten_erases_what_was_kept(chat: Chat, context: Context, wish: str) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    await chat.says("我们公司能拿什么")
    assert "已删除" in (await chat.says(wish)).text
    assert chat.last.clauses == []
    assert await context.profiles.by_openid(chat.openid) is None


@pytest.mark.parametrize("wish", ["忘掉我的公司", "忘记公司情况", "不要保存", "删掉我们公司的情况"])
async def test_a_wish_to_be_forgotten_gets_no_clause_although_nothing_was_kept(chat: Chat, wish: str) -> None:
    assert (await chat.says(wish)).clauses == []
    await chat.says("我们公司能拿什么")
    assert "我记下了" not in (await chat.says(wish)).text
    assert "已改为" not in chat.last.text
    assert chat.last.clauses == []
