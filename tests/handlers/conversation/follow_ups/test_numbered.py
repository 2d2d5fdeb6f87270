"""Numbered and counted questions are told apart; numbers that are something else are none."""

import pytest

from handlers.conversation.follow_ups.numbered import questions_in


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("1.博士后站给多少 2.归谁管", ("博士后站给多少", "归谁管")),
        ("①技改补多少②哪个部门管", ("技改补多少", "哪个部门管")),
        ("第一，绿色工厂奖多少；第二，找哪个局", ("绿色工厂奖多少", "找哪个局")),
        ("1博士后站多少钱\n2怎么申请", ("博士后站多少钱", "怎么申请")),
        ("两个问题：海水淡化补多少，找谁", ("海水淡化补多少", "找谁")),
    ],
)
def test_each_question_is_read(text: str, questions: tuple[str, ...]) -> None:
    assert questions_in(text) == questions


@pytest.mark.parametrize(
    "text",
    ["1、3、5", "2.5万", "1.2亿的项目能拿多少", "1个企业能报2个吗", "1.企业 2.在新区注册", "技改补多少"],
)
def test_other_numbers_are_none(text: str) -> None:
    assert questions_in(text) == ()
