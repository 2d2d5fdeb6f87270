"""What people ask, a table an intent: the clauses and the words they must bring."""

import pytest

from handlers.cli_chat import ask
from handlers.framework.context import Context
from handlers.router import Router
from tests.handlers.chat import Chat

BY_NUMBER = {
    "第22条": [22],
    "22": [22],
    "二十二": [22],
    "政策22": [22],
    "第２２条": [22],
    "第二十二条政策": [22],
    "看下22和45": [22, 45],
}
SETS = {
    "第四部分": {6, 7, 8, 9, 10},
    "区财政局的政策": {2, 20, 25, 28},
    "市海洋发展局": set(range(35, 50)),
    "区海洋发展局": {4, 14, 34},
    "海洋发展局": {4, 14, 34, *range(35, 50)},
    "最高2000万的政策": {22, 26},
    "海水淡化赛道": {34, 35, 36, 45, 46, 47, 48},
}
DECLINED = ["海参怎么泡发", "青岛房价会涨吗", "asdfgh", "博士后工资多少"]


@pytest.fixture
def router(context: Context) -> Router:
    return Router(context)


async def test_clauses_by_number_however_it_is_written(router: Router) -> None:
    for typed, clauses in BY_NUMBER.items():
        answer = await ask(router, typed)
        assert (answer.intent, list(answer.clause_ids)) == ("clause", clauses), typed


async def test_lists_are_whole(chat: Chat, router: Router) -> None:
    for typed, clauses in SETS.items():
        assert set((await ask(router, typed)).clause_ids) == clauses, typed
        assert await chat.everything(typed) == clauses, typed


async def test_a_department_of_two_levels_is_shown_apart(chat: Chat) -> None:
    first = await chat.says("海洋发展局")
    assert (
        first.text.index("【区海洋发展局】")
        < first.text.index("第4条 ")
        < first.text.index("【市海洋发展局】")
    )
    assert "【市海洋发展局】" in (await chat.says("下一页")).text


async def test_sums_stand_in_their_own_words_largest_first(chat: Chat) -> None:
    reply = await chat.says("1000万以上的政策")
    assert "给予符合条件的概念验证平台最高2000万元" in reply.text
    assert reply.clauses[:2] == [22, 26]


async def test_a_sum_nobody_gives_is_said_so(chat: Chat) -> None:
    reply = await chat.says("最高3000万")
    assert "没有最高3000万元的条款" in reply.text
    assert not reply.clauses


async def test_a_list_of_one_is_the_clause(chat: Chat) -> None:
    reply = await chat.says("区科协管什么")
    assert "区科协负责的条款，共1条" in reply.text
    assert "经评估业绩突出的分别给予 20 万元、10 万元资金补助" in reply.text


async def test_a_track_can_be_followed_from_its_list(chat: Chat) -> None:
    reply = await chat.says("海水淡化赛道")
    assert "暂定" in reply.text
    assert reply.taps["订阅 海水淡化"] == "订阅 海水淡化"


async def test_a_question_without_a_subject_is_asked_back(chat: Chat) -> None:
    reply = await chat.says("有什么补贴")
    assert "您想了解哪一个" in reply.text
    assert (await chat.taps(next(iter(reply.taps)))).clauses


@pytest.mark.parametrize("typed", ["第50条", "第十三部分"])
async def test_a_number_that_is_not_there_is_said_so(chat: Chat, typed: str) -> None:
    reply = await chat.says(typed)
    assert "第1条到第49条" in reply.text
    assert {"目录", "首台套"} <= set(reply.taps)


async def test_out_of_scope_is_declined_with_three_things_to_try(router: Router) -> None:
    for typed in DECLINED:
        answer = await ask(router, typed)
        assert (answer.intent, answer.clause_ids) == ("none", ()), typed
        assert all(f">{example}</a>" in answer.text for example in ("首台套", "第22条", "工信局有哪些政策"))


async def test_another_place_is_declined_with_the_clauses_of_here_on_the_same_subject(router: Router) -> None:
    answer = await ask(router, "济南高企补贴多少")
    assert (answer.intent, answer.clause_ids) == ("none", ())
    assert "没有另外收录济南的" in answer.text
    assert ">第10条 高新技术企业认定奖补</a>" in answer.text


async def test_the_best_clause_stands_in_full_and_the_next_are_offered(chat: Chat) -> None:
    reply = await chat.says("技改补贴怎么申请")
    assert reply.clauses[0] == 22
    assert "按照年度设备投资额的12%" in reply.text
    assert len(reply.clauses) > 1
    assert {"有用", "没用"} <= set(reply.taps)


async def test_a_sentence_that_only_says_what_for_is_no_need(chat: Chat) -> None:
    """What is asked has no clause, and the words of the other sentence must not bring theirs in its place."""
    reply = await chat.says("瞪羚企业的停车费补多少？我是做海水淡化的，想写进方案里")
    assert reply.clauses == []
    assert "海水淡化" not in reply.text


async def test_several_needs_keep_their_order(chat: Chat) -> None:
    reply = await chat.says("算力券，还有充电桩")
    assert reply.clauses == [29, 19]
    assert "“算力券”" in reply.text
    assert "充电基础设施" in reply.text
