"""A clause that states only the most for a figure gives no sum; one told figure is not all that happened in the year."""

import pytest

from tests.handlers.chat import Chat

CAP = "上限500万元（条文没有写比例，不能测算）"


async def ask_for_the_year(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    for answer in ("1", "否", "没有"):
        await chat.says(answer)
    assert "今年有下面哪些事" in chat.last.text


async def test_a_cap_is_not_called_a_sum(chat: Chat) -> None:
    shown = (await chat.says("我们公司研发投入比去年多了100万，能补多少")).text
    assert CAP in shown
    assert "测算最高约500万" not in shown


async def test_a_share_is_still_worked_out(chat: Chat) -> None:
    assert "按条文测算最高约360万元" in (await chat.says("买3000万设备能补多少")).text


@pytest.mark.parametrize("told", ["研发投入比去年多了100万", "研发费用增加了200万", "技改设备投了3000万"])
async def test_a_told_figure_leaves_the_question_of_the_year_open(chat: Chat, told: str) -> None:
    await ask_for_the_year(chat)
    shown = (await chat.says(told)).text
    assert "我记下了" in shown
    assert "今年有下面哪些事" in shown
    await chat.says("没有")
    assert "今年有下面哪些事" not in chat.last.text


async def test_the_result_says_so_too(chat: Chat) -> None:
    await ask_for_the_year(chat)
    await chat.says("研发投入比去年多了100万")
    for _ in range(6):
        if "按您说的" in chat.last.text:
            break
        await chat.says("没有" if "哪些事" in chat.last.text else "不清楚")
    assert CAP in chat.last.text


@pytest.mark.parametrize(
    "typed",
    [
        "看看我公司的信息",
        "我的公司信息是什么",
        "查一下我们公司的资料",
        "我们企业的信息",
        "我们的企业是什么状态",
    ],
)
async def test_what_is_kept_of_the_company_is_asked_for(chat: Chat, typed: str) -> None:
    shown = (await chat.says(typed)).text
    assert "还没有绑定企业" in shown
    assert "还没有保存公司情况" in shown


async def test_the_nearest_of_many_options_is_offered_not_the_whole_list_again(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    for answer in ("1", "否"):
        await chat.says(answer)
    shown = await chat.says("我们是机械制造的")
    assert "智能制造装备" in shown.taps
    assert "水产种业" not in shown.text
    assert "哪些事" in (await chat.taps("智能制造装备")).text
