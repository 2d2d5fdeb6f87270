"""One spelling for what people type in many."""

import pytest

from policies.search.words.normalise import MAX_CHARACTERS, Wrapper, compact, make_simplifier, normalise

SIMPLIFY = make_simplifier()


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("第２２条", "第22条"),
        ("國家級工業設計中心", "国家级工业设计中心"),
        ("　海 水 淡 化　", "海水淡化"),
        ("ＡＩ　海洋", "ai 海洋"),
        ("孵化器😀👍", "孵化器"),
        ("算力券[微笑]", "算力券"),
        ("5G\u200b工厂", "5g工厂"),
        ("hai shui dan hua", "hai shui dan hua"),
        ("第 2 3 条", "第23条"),
        ("😀", ""),
        ("顶格拿得到好多", "顶格拿得到多少"),
        ("能补好多钱嘛", "能补多少钱嘛"),
        ("22条啷个报名哦", "22条怎么报名哦"),
        ("好多企业都补了", "好多企业都补了"),
        ("比以前给得好多了", "比以前给得好多了"),
    ],
)
def test_spellings_become_one(typed: str, plain: str) -> None:
    assert normalise(typed, SIMPLIFY) == plain


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("海" * 5000, SIMPLIFY)) == MAX_CHARACTERS


def test_words_are_compared_without_marks() -> None:
    assert compact("首台（套）") == compact("首台套") == "首台套"
    assert compact("12%的奖补，10+1") == "12%的奖补10+1"


def test_words_of_speech_are_taken_off_both_ends() -> None:
    wrapper = Wrapper(("请问一下", "谢谢", "那个", "hi", "呀"))
    assert wrapper.unwrap("hi,请问一下那个算力券呀,谢谢!") == "算力券"
    assert wrapper.unwrap("谢谢") == "谢谢"
    assert wrapper.unwrap("zhongdianshiyanshi") == "zhongdianshiyanshi"
    assert wrapper.unwrap("算力券 hi") == "算力券"


def test_fillers_made_of_fillers_are_taken_off_whole() -> None:
    wrapper = Wrapper(("帮我", "帮我查一下", "查一下", "一下", "下文"))
    assert wrapper.unwrap("甲" + "帮我查一下" * 40) == "甲"
    assert wrapper.unwrap("甲" + "帮我查一下" * 40 + "乙") == "甲" + "帮我查一下" * 40 + "乙"
    assert wrapper.unwrap("甲查一下文") == "甲查一"
