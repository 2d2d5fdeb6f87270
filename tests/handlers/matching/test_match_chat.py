"""我们公司能拿什么: a few taps to a result, told back and corrected, with sums by the clauses' own rules."""

from datetime import date
from pathlib import Path

import pytest

from handlers.framework.context import Context
from policies.company_facts.wording import CARE
from policies.windows.window_files import WindowFields
from tests.handlers.chat import Chat, ReplyShown

WORDINGS = (
    (Path(__file__).parents[2] / "data" / "match-wordings.txt").read_text(encoding="utf-8").splitlines()
)


async def tap_through(chat: Chat, *labels: str) -> ReplyShown:
    for label in labels:
        await chat.taps(label)
    return chat.last


async def test_from_the_question_to_a_result_in_five_taps(chat: Chat) -> None:
    asked = await chat.says("我们公司能拿什么")
    assert "1/" in asked.text  # 公司 has told the kind already
    shown = await tap_through(chat, "已在西海岸新区注册", "否", "海水淡化", "买设备、做技术改造", "3000万元")
    assert "按您说的" in shown.text
    assert "3000万元" in shown.text
    assert "第22条" in shown.text
    assert "继续回答" in shown.taps


async def test_a_story_is_told_back_and_one_word_corrects_it(chat: Chat) -> None:
    told = await chat.says("我们在黄岛做海水淡化设备，高企，今年买了3000万设备")
    assert "我记下了" in told.text
    for line in ("已在西海岸新区注册（“黄岛”）", "海水淡化", "3000万元"):
        assert line in told.text
    await chat.says("不对，我们在城阳")
    assert "已改为：\n· 注册（工作）所在地：青岛市其他区（市）" in chat.last.text


async def test_a_sum_is_answered_straight_with_its_working(chat: Chat) -> None:
    shown = await chat.says("买3000万设备能补多少")
    assert "最高约360万元（3000万×12% = 360万 ≤ 上限 600万）" in shown.text
    assert "条文：“" in shown.text
    assert CARE in shown.text
    assert "只能选一项" in shown.text


async def test_a_clause_with_a_rule_is_worked_out_by_its_own_questions(chat: Chat) -> None:
    await chat.says("第22条")
    assert "算一算" in chat.last.text
    await chat.taps("算一算")
    assert "多少元" in chat.last.text
    await chat.says("3000万")
    for _ in range(6):
        if "按条文测算" in chat.last.text:
            break
        await chat.taps("是" if "是" in chat.last.taps else next(iter(chat.last.taps)))
    assert "360万元" in chat.last.text
    assert chat.last.text.count("以主管部门审定为准") == 1


async def test_a_hundred_wordings_ask_the_same(chat: Chat) -> None:
    assert len(WORDINGS) > 100
    shown = {typed: (await chat.another().says(typed)).text for typed in WORDINGS}
    assert {typed: text for typed, text in shown.items() if "1/5）请问" not in text} == {}


async def test_what_is_open_now_is_no_match_and_a_match_is_no_follow_up(chat: Chat) -> None:
    assert "正在申报" in (await chat.says("我们公司现在能申报什么项目")).text
    await chat.says("第22条")
    assert "1/5）请问" in (await chat.says("我们公司能享受哪些政策")).text


async def test_an_ordinary_question_is_answered_in_the_middle_and_the_interview_goes_on(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    shown = await chat.says("第22条")
    assert shown.clauses == [22]
    await chat.says("1")
    assert "2/" in chat.last.text


async def test_a_command_and_a_question_that_name_an_option_are_no_answers(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    await tap_through(chat, "已在西海岸新区注册", "否")
    assert "赛道" in chat.last.text
    assert 45 in (await chat.says("海水淡化能补多少")).clauses
    assert "已为您订阅" in (await chat.says("订阅 海水淡化")).text


async def test_a_number_that_is_no_option_is_asked_again(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    assert "请回复 1 到 4 之间的序号" in (await chat.says("9")).text
    await chat.says("1")
    assert "2/" in chat.last.text


async def test_what_is_not_known_is_passed_over(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    for _ in range(8):
        if "不清楚" not in chat.last.taps:
            break
        await chat.taps("不清楚")
    assert "按您说的" in chat.last.text


async def test_a_told_fact_is_changed_by_its_number(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    await tap_through(chat, "已在西海岸新区注册", "否", "海水淡化", "没有")
    for _ in range(5):
        if "修改情况" in chat.last.taps:
            break
        await chat.says("不清楚")
    await chat.taps("修改情况")
    place = next(label for label in chat.last.taps if label.startswith("注册"))
    await chat.taps(place)
    await chat.taps("青岛市其他区（市）")
    assert "青岛市其他区（市）" in chat.last.text


async def test_an_open_window_stands_under_the_clause_it_is_for(chat: Chat, context: Context) -> None:
    await context.windows.put([WindowFields(22, date(2026, 3, 1), date(2026, 3, 31), "技改奖补申报", "")])
    shown = await chat.says("我们公司在黄岛，设备投资3000万元，对接了一家持有单位，民营")
    for _ in range(4):
        if "按条文测算" in chat.last.text:
            break
        await chat.says("不清楚")
    shown = chat.last
    assert "正在申报" in shown.text


async def test_a_person_without_anything_that_fits_is_told_so(chat: Chat) -> None:
    await chat.says("我在新区开面包店，个体户，今年换了一台5万元的烤箱")
    for _ in range(6):
        if "不清楚" not in chat.last.taps:
            break
        await chat.taps("不清楚")
    assert "还没有对得上的条款" in chat.last.text


async def test_working_out_without_a_clause_begins_the_match(chat: Chat) -> None:
    assert "1/5）请问" in (await chat.says("算一算我们公司能拿多少补贴")).text


async def test_a_sum_of_something_else_is_set_aside_and_what_else_is_told_is_read(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    for said in ("3", "否", "没有", "1"):
        await chat.says(said)
    assert "多少元" in chat.last.text
    told = await chat.says("我公司营收3000万元，小微企业，专精特新，注册在胶南")
    assert "营收3000万元”不是这里要问的金额" in told.text
    assert "注册（工作）所在地：已在西海岸新区注册" in told.text
    again = await chat.says("营收3000万元")
    assert again.clauses == []
    assert "没有记" in again.text


async def test_a_sum_of_something_else_does_not_replace_a_told_sum_after_the_result(chat: Chat) -> None:
    await chat.says("我们公司研发费用500万元，高企")
    for _ in range(4):
        if "修改情况" in chat.last.taps and "按您说的" in chat.last.text:
            break
        await chat.says("不清楚")
    assert "研发费用：500万元" in chat.last.text
    aside = await chat.says("营收3000万元")
    assert "没有记" in aside.text
    assert "研发费用：500万元" in aside.text
    assert "研发费用：600万元" in (await chat.says("研发费用600万元")).text


async def test_an_answer_that_cannot_be_read_repeats_the_question_with_its_taps(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    asked = chat.last.text
    again = await chat.says("呃呃呃这么着")
    assert again.text.startswith("“呃呃呃这么着”没有看明白。")
    assert asked in again.text
    assert "已在西海岸新区注册" in again.taps
    await chat.taps("已在西海岸新区注册")
    assert "2/" in chat.last.text


async def test_a_question_in_the_middle_is_answered_and_the_question_that_waits_is_named_once(
    chat: Chat,
) -> None:
    await chat.says("我们公司能拿什么")
    shown = await chat.says("第22条")
    assert shown.clauses == [22]
    assert "刚才问到：请问单位注册在哪里" in shown.text
    assert "刚才问到" not in (await chat.says("第23条")).text
    assert "请问单位注册在哪里" in (await chat.says("继续回答")).text
    assert "没有看明白" not in (await chat.says("出口信用保险有补贴吗")).text


async def test_what_was_told_last_is_put_right_by_its_new_value_alone(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    await tap_through(chat, "已在西海岸新区注册", "否", "海水淡化", "买设备、做技术改造", "3000万元")
    assert "年度技改设备投资额：3000万元" in chat.last.text
    assert "年度技改设备投资额：2000万元" in (await chat.says("不对，是2000万")).text
    assert "年度技改设备投资额：1800万元" in (await chat.says("不是2000万，是1800万")).text
    assert "要改哪一条" in (await chat.says("说错了")).text


async def test_an_answer_may_tell_more_than_it_was_asked_for(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    told = await chat.says("在黄岛，我们是高企，研发费用五百来万")
    assert "也记下了" in told.text
    assert "年度研发费用：500万元" in told.text
    assert "2/" in told.text


async def test_a_span_is_no_sum(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    await tap_through(chat, "已在西海岸新区注册", "否", "海水淡化", "买设备、做技术改造")
    assert "这是一个范围" in (await chat.says("两三千万吧")).text


@pytest.mark.parametrize(
    "typed",
    ["怎么还没完", "还要问多久", "有完没完", "到底还有几个问题", "你们问得也太多了", "什么时候能问完啊"],
)
async def test_whoever_asks_how_long_the_questions_go_on_is_told_and_asked_again(
    chat: Chat, typed: str
) -> None:
    await chat.says("我们公司能拿什么")
    shown = await chat.says(typed)
    assert "最多还有 5 题" in shown.text
    assert "（1/5）" in shown.text
    assert "按您说的情况" in (await chat.says("问题太多了 直接看结果")).text


@pytest.mark.parametrize("typed", ["是的", "对", "嗯", "好的", "不是"])
async def test_a_bare_yes_answers_no_question_with_options(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    shown = await chat.says(typed)
    assert "回复序号即可" in shown.text
    assert "（1/5）" in shown.text
    assert "2/5" in (await chat.says("1")).text


async def test_a_bare_yes_answers_no_question_for_a_number(chat: Chat) -> None:
    await chat.says("算一算 第22条")
    assert "请回复具体的数" in (await chat.says("是")).text


@pytest.mark.parametrize("typed", ["再加高企认定", "评上高企了", "还拿到了高新技术企业"])
async def test_an_event_of_no_year_is_asked_not_taken_for_an_old_one(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    await chat.says("智能装备")
    assert "高新技术企业的情况是" in (await chat.says(typed)).text
    await chat.says("今年首次认定")
    assert "高新技术企业：今年首次认定" in (await chat.says("修改情况")).text


@pytest.mark.parametrize("typed", ["我们是高企", "2021年认定的高企"])
async def test_what_the_company_is_needs_no_question(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    assert "以往认定，仍在有效期" in (await chat.says(typed)).text


@pytest.mark.parametrize("typed", ["120个人", "员工50人", "帮我改一下员工是80人"])
async def test_how_many_people_a_company_has_is_seen_and_the_question_stays(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    reply = await chat.says(typed)
    assert f"“{typed}”看到了" in reply.text
    assert "注册在哪里" in reply.text


@pytest.mark.parametrize("typed", ["不测了", "先不匹配了", "不填这个了", "退出匹配"])
async def test_the_questions_are_left_in_many_words(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    assert "好的，已取消" in (await chat.says(typed)).text


async def test_a_size_told_by_itself_is_said_to_be_seen(chat: Chat) -> None:
    assert "您说的数我看到了" in (await chat.says("我们有120个人")).text


@pytest.mark.parametrize("typed", ["接着刚才的问", "继续答题", "接着答吧"])
async def test_the_interview_is_taken_up_again_though_a_list_was_shown(chat: Chat, typed: str) -> None:
    await chat.says("我们公司能拿什么")
    await chat.says("工信局有哪些政策")
    assert "请问单位注册在哪里" in (await chat.says(typed)).text


async def test_going_on_alone_still_means_the_list_on_the_screen(chat: Chat) -> None:
    await chat.says("我们公司能拿什么")
    await chat.says("工信局有哪些政策")
    assert "请问单位注册在哪里" not in (await chat.says("接着")).text
