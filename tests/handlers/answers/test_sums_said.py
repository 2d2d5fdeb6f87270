"""Sums as people say them: the chat takes them for the same sums in the search, in a clause's rule and in the match."""

import pytest

from tests.handlers.chat import Chat


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("两个亿的项目能补多少", "2亿元"),
        ("半个亿的项目能补多少", "5000万元"),
        ("1亿2千万的项目能补多少", "1.2亿元"),
        ("1.5亿的项目能补多少", "1.5亿元"),
        ("三千来万的项目能补多少", "约3000万元"),
    ],
)
async def test_a_project_of_a_sum_that_no_clause_states_is_led_to_what_the_company_gets(
    chat: Chat, said: str, understood: str
) -> None:
    reply = await chat.says(said)
    assert reply.text.startswith(f"没有{understood}的条款")
    assert "我们公司能拿什么" in reply.text


@pytest.mark.parametrize(
    ("said", "exactly"),
    [
        ("最高两千万的政策", "最高2000万元的有哪些"),
        ("1千万以上的政策", "1000万以上的政策"),
        ("一成二的政策", "12%的政策"),
        ("12个点的政策", "12%的政策"),
        ("0.1个亿以上的政策", "1000万以上的政策"),
    ],
)
async def test_a_sum_that_is_said_brings_the_clauses_of_the_sum_that_is_written(
    chat: Chat, said: str, exactly: str
) -> None:
    clauses = (await chat.says(exactly)).clause_ids
    assert clauses
    assert (await chat.says(said)).clause_ids == clauses


async def test_about_a_sum_brings_what_is_about_that_and_says_so(chat: Chat) -> None:
    exact, about = await chat.says("600万的政策有哪些"), await chat.says("六百万左右的政策有哪些")
    assert "约600万元的条款" in about.text
    assert set(exact.clause_ids) <= set(about.clause_ids)


async def test_a_story_of_said_sums_is_one_sum_each(chat: Chat) -> None:
    reply = await chat.says("技改设备投了1亿2千万能补多少")
    assert "年度技改设备投资额：1.2亿元" in reply.text
    assert "1.2亿×12% = 1440万" in reply.text
    reply = await chat.says("技改设备投了半个亿能补多少")
    assert "5000万×12% = 600万" in reply.text
    assert "约数" not in reply.text
    reply = await chat.says("技改设备投了三千来万能补多少")
    assert "年度技改设备投资额：约3000万元" in reply.text
    assert "您说的是约数" in reply.text


async def test_beside_a_clause_about_a_sum_is_worked_out_to_about_a_sum(chat: Chat) -> None:
    await chat.says("第22条")
    assert "约3000万元 × 12% = 约360万元" in (await chat.says("三千来万能补多少")).text
    await chat.says("第22条")
    assert "20000万元 × 12% = 2400万元" in (await chat.says("两个亿能补多少")).text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("那两个亿呢", "2亿元"),
        ("1亿2千万呢", "1.2亿元"),
        ("1.2亿呢", "1.2亿元"),
        ("三千来万呢", "约3000万元"),
        ("换成八百多万", "约800万元"),
    ],
)
async def test_another_sum_takes_the_place_of_the_one_asked_before(chat: Chat, said: str, told: str) -> None:
    await chat.says("技改设备投了5000万能补多少")
    assert f"年度技改设备投资额：{told}" in (await chat.says(said)).text
