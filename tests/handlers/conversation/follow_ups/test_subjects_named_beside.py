"""What a message names beside a figure, a place or a comparison is told, not the clause on the screen."""

import pytest

from tests.handlers.chat import Chat


async def test_a_figure_of_another_matter_is_not_put_into_the_clause_in_focus(chat: Chat) -> None:
    await chat.says("第27条")
    reply = await chat.says("我们还租了云上的显卡，一年付两百万，这笔呢")
    assert "× 50%" not in reply.text


@pytest.mark.parametrize("typed", ["要是一年付三十万呢", "那检测费三十万呢"])
async def test_a_figure_of_its_own_matter_is(chat: Chat, typed: str) -> None:
    await chat.says("第27条")
    assert "30万元 × 50% = 15万元" in (await chat.says(typed)).text


@pytest.mark.parametrize(
    ("typed", "clause"),
    [("税务局那几条里的头一个再给我看看", 13), ("税务局那几条的第二个", 17)],
)
async def test_a_place_is_one_in_the_list_that_is_named_with_it(chat: Chat, typed: str, clause: int) -> None:
    await chat.says("第22条")
    assert (await chat.says(typed)).clauses == [clause]


async def test_two_facts_of_a_named_subject_are_told(chat: Chat) -> None:
    text = (await chat.says("绿色工厂找谁报、什么时候截止")).text
    assert "工信局" in text
    assert "尚未公布" in text


async def test_which_cap_is_higher_is_told_of_both(chat: Chat) -> None:
    text = (await chat.says("创新券跟算力券比，哪个封顶高")).text
    assert "20" in text
    assert "100" in text


@pytest.mark.parametrize(
    ("clause", "typed", "said"),
    [
        ("第22条", "顶格拿得到好多", "600"),
        ("第21条", "22条啷个报名哦", "工信局"),
        ("第32条", "专家的那种", "10 万元"),
        ("第30条", "不牵头，只是参与外省的那种呢", "300 万元"),
        ("第32条", "招进来一个给多少", "2 万元至 5 万元"),
        ("第25条", "收益怎么分有写吗", "收益"),
        ("第45条", "And what is the cap?", "1000"),
    ],
)
async def test_the_clause_answers_in_other_ways_of_speech(
    chat: Chat, clause: str, typed: str, said: str
) -> None:
    await chat.says(clause)
    assert said in (await chat.says(typed)).text
