"""What is asked about application windows, in the words people use."""

import json
from datetime import date
from pathlib import Path

import pytest

from policies.windows.asked import Asked, WindowQuestion, read_window_question

THURSDAY = date(2026, 11, 26)


def read(text: str) -> WindowQuestion | None:
    return read_window_question(text, THURSDAY)


@pytest.mark.parametrize(
    "text",
    [
        "现在能申报什么",
        "现在能申报哪些",
        "最近有什么可以申报的",
        "今天能申请吗",
        "正在申报的项目",
        "在报的有哪些",
        "还有什么没截止的",
        "哪些还没截止",
        "我能申报哪些",
        "能报什么",
        "目前开放申报的有哪些",
        "近期有什么补贴可以领",
        "请问现在有哪些政策可以报呀",
        "年底前还能申报哪些",
        "我们公司现在能申报什么",
        "现在开放的政策",
        "有什么新的申报",
        "申报日历",
        "眼下一共开着哪几个",
        "现在几个口子开着",
        "总共有多少个在报的",
        "还有哪些没关",
        "正开着的都列一下",
        "这阵子能报的统共几个",
        "在收材料的项目有没有",
        "现在还收材料的有哪些",
        "我管园区的,帮企业问下眼下开着口子的有哪几个",
        "我是代账的,替客户问一下现在能报什么",
    ],
)
def test_what_is_open_now(text: str) -> None:
    question = read(text)
    assert question is not None
    assert (question.asked, question.listed, question.subject) == (Asked.OPEN, True, "")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今天截止的有哪些", (11, 26), (11, 26)),
        ("明天截止", (11, 27), (11, 27)),
        ("本周截止", (11, 26), (11, 29)),
        ("这周有啥要截止的没", (11, 26), (11, 29)),
        ("下周截止的", (11, 30), (12, 6)),
        ("周五前截止的", (11, 26), (11, 27)),
        ("下周三截止的", (12, 2), (12, 2)),
        ("这个月有哪些要截止", (11, 26), (11, 30)),
        ("月底前截止", (11, 26), (11, 30)),
        ("下个月截止的项目", (12, 1), (12, 31)),
        ("三天内截止的", (11, 26), (11, 29)),
        ("未来两周截止的有哪些", (11, 26), (12, 10)),
        ("一个月内截止的", (11, 26), (12, 26)),
        ("12月15日前截止的项目", (11, 26), (12, 15)),
        ("12月份截止的", (12, 1), (12, 31)),
        ("年底前截止的", (11, 26), (12, 31)),
    ],
)
def test_what_closes_in_a_period(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    question = read(text)
    assert question is not None
    assert (question.asked, question.listed, question.subject) == (Asked.CLOSING, True, "")
    assert question.period is not None
    assert (question.period.first, question.period.last) == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    "text",
    [
        "快截止的",
        "哪个先截止",
        "哪些项目快关了",
        "马上要截止的有吗",
        "哪些快到期了",
        "有什么要到期的",
        "快收摊的有哪些",
    ],
)
def test_what_closes_soon(text: str) -> None:
    question = read(text)
    assert question is not None
    assert (question.asked, question.period, question.subject) == (Asked.CLOSING, None, "")


@pytest.mark.parametrize(
    "text", ["快开始的还有哪些", "下个月有什么开始申报的", "什么时候开始申报", "即将启动的项目"]
)
def test_what_opens_soon(text: str) -> None:
    question = read(text)
    assert question is not None
    assert (question.asked, question.listed, question.subject) == (Asked.OPENING, True, "")


@pytest.mark.parametrize(
    ("text", "asked", "subject", "yes_or_no"),
    [
        ("高企什么时候截止", Asked.CLOSING, "高企", False),
        ("高企截止了吗", Asked.CLOSING, "高企", True),
        ("高企申报截止日期", Asked.CLOSING, "高企", False),
        ("船舶的申报今天截止吗", Asked.CLOSING, "船舶", True),
        ("智能家电申报结束了没", Asked.CLOSING, "智能家电", True),
        ("第22条什么时候截止", Asked.CLOSING, "第22条", False),
        ("技改还有几天截止", Asked.CLOSING, "技改", False),
        ("高企还剩几天", Asked.CLOSING, "高企", False),
        ("高企的申报啥时候到头", Asked.CLOSING, "高企", False),
        ("技改最晚哪天交", Asked.CLOSING, "技改", False),
        ("技改申报期到哪天", Asked.CLOSING, "技改", False),
        ("技改奖补还来得及吗", Asked.OPEN, "技改", True),
        ("高企申报还开着没", Asked.OPEN, "高企", True),
        ("高企现在还能申请吗", Asked.OPEN, "高企", True),
        ("技改能申请吗现在", Asked.OPEN, "技改", True),
        ("22条还能报吗", Asked.OPEN, "22条", True),
        ("现在可以申请高企吗", Asked.OPEN, "高企", True),
        ("海水淡化的申报什么时候开始", Asked.OPENING, "海水淡化", False),
        ("今年高企什么时候申报", Asked.OPENING, "高企", False),
        ("高企在申报吗", Asked.OPEN, "高企", True),
        ("高企申报时间", Asked.OPENING, "高企", False),
        ("技改那个也在收吗", Asked.OPEN, "技改", True),
        ("技改还收吗", Asked.OPEN, "技改", True),
        ("技改还收材料吗", Asked.OPEN, "技改", True),
    ],
)
def test_a_subject_stands_between_the_words(text: str, asked: Asked, subject: str, yes_or_no: bool) -> None:
    question = read(text)
    assert question is not None
    assert (question.asked, question.subject, question.yes_or_no) == (asked, subject, yes_or_no)


@pytest.mark.parametrize(
    "text",
    [
        "有效期到什么时候",
        "高新技术企业认定需要什么条件",
        "海水淡化怎么申请",
        "申请高企要什么材料",
        "首次申报高企奖励",
        "2027年到期的政策",
        "贷款到期怎么办",
        "能申请什么补贴",
        "我们公司能申报什么",
        "申报高企",
        "开始",
        "鱿鱼每吨补多少",
        "提醒我什么时候截止",
        "今年高企申报补多少",
        "一家能报几个",
        "能报几个",
        "一共几个条件",
        "一共给多少个点",
        "快截止了叫我一声,别让我错过",
        "没关系",
        "现在还收费吗",
        "还收手续费吗",
        "在收购设备的有补贴吗",
        "收件地址发我",
        "要收什么材料",
    ],
)
def test_what_asks_something_else_is_left_alone(text: str) -> None:
    assert read(text) is None


def test_questions_of_the_library_are_left_alone() -> None:
    """Of the questions that the library answers by its text none is taken for one about windows.

    考研报名时间 is one, of something else: retrieval then says that its subject is none of ours.
    """
    path = Path(__file__).parents[2] / "data" / "questions-ours.jsonl"
    asked = [json.loads(line)["q"] for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert [text for text in asked if read(text) is not None] == ["考研报名时间"]


@pytest.mark.parametrize(
    "text", ["报到几号为止", "报名截止是几月几号", "哪天关口子", "错过了还有机会报吗", "还能赶上报吗"]
)
def test_a_question_without_a_subject_may_mean_the_thing_talked_about(text: str) -> None:
    asked = read(text)
    assert asked is not None
    assert asked.may_mean_one


@pytest.mark.parametrize(
    "text",
    ["有没有马上就要截止的,别让我错过", "快到点的有哪些 怕错过", "有没有这两天就关的", "这里面哪个先到期"],
)
def test_what_closes_soon_is_asked_by_whoever_fears_to_miss_it(text: str) -> None:
    asked = read(text)
    assert asked is not None
    assert (asked.asked, asked.subject) == (Asked.CLOSING, "")


@pytest.mark.parametrize(
    "text",
    [
        "哪些快截止了",
        "本周截止的",
        "眼下一共开着哪几个",
        "现在能申报什么",
        "还有没截止的吗",
        "高企什么时候截止",
        "近期可申报",
        "那别的还有没有开着的",
        "其他的什么时候截止",
        "现在到底哪个开着呢",
        "现在哪几个能报",
    ],
)
def test_a_question_of_several_or_of_a_subject_does_not(text: str) -> None:
    asked = read(text)
    assert asked is not None
    assert not asked.may_mean_one


def test_what_a_company_does_still_narrows_the_question() -> None:
    asked = read("我做海水淡化的,现在能申报什么")
    assert asked is not None
    assert "海水淡化" in asked.subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("客户把订单取消了,厂里技改还能申请奖补吗", "厂里技改"),
        ("我们搬过来了,高企还能申报吗", "高企"),
        ("老板把厂房卖了,绿色工厂还能申报吗", "绿色工厂"),
    ],
)
def test_a_story_before_the_question_is_not_its_subject(text: str, subject: str) -> None:
    asked = read(text)
    assert asked is not None
    assert asked.subject == subject


@pytest.mark.parametrize(
    "text", ["我管园区的,帮企业问下眼下开着口子的有哪几个", "我负责招商,替企业问问现在有哪些在报的"]
)
def test_the_work_of_whoever_asks_for_others_is_not_the_subject(text: str) -> None:
    asked = read(text)
    assert asked is not None
    assert (asked.asked, asked.subject) == (Asked.OPEN, "")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("船舶的,现在还能申报吗", "船舶"),
        ("我们做船舶的,现在有哪些在申报", "船舶"),
        ("我们做海水淡化,年底前哪些还能申报", "海水淡化"),
        ("第22条开了,合作社还能申报吗", "22"),
        ("技改申报开始了,合作社还能申报吗", "技改"),
    ],
)
def test_what_stands_before_stays_the_subject_if_nothing_else_is_one(text: str, subject: str) -> None:
    asked = read(text)
    assert asked is not None
    assert subject in asked.subject
