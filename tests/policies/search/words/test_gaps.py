"""A name that is half remembered is filled from the library's names; where 什么 asks, nothing is filled."""

import pytest

from policies.library.library_file import load_library
from policies.search.words.gaps import GapFiller

FILLER = GapFiller(
    name
    for document in load_library().documents
    for policy in document.policies
    for name in (policy.title, *policy.keywords)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("还有个孵什么器的税能便宜", "还有个孵化器的税能便宜"),
        ("数字什么航的企业", "数字领航的企业"),
        ("我们是单项什么军", "我们是单项冠军"),
        ("瞪什么企业", "瞪羚企业"),
        ("技术啥造补多少", "技术改造补多少"),
        ("独什么兽", "独角兽"),
        ("那个孵…器", "那个孵化器"),
        ("概念验什么平台", "概念验证平台"),
        ("渔业什么牌", "渔业品牌"),
    ],
)
def test_a_gap_in_a_name_is_filled(typed: str, meant: str) -> None:
    assert FILLER.filled(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "补什么材料",
        "有什么补贴",
        "能报什么项目",
        "缺什么人才",
        "技改什么设备能补",
        "开什么工厂有钱",
        "高企什么条件",
        "企业什么时候能拿",
        "企业什么奖励",
        "什么什么券",
        "孵化器补多少",
    ],
)
def test_a_question_is_left_as_it_is(typed: str) -> None:
    assert FILLER.filled(typed) == ""
