"""Numbers of clauses that are joined and asked of together are read as clauses; other numbers are left alone."""

import pytest

from policies.search.reading.joined_numbers import in_full

KNOWN = range(1, 50)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("27和28是一个部门管吗", "第27条第28条是一个部门管吗"),
        ("41和42呢啥区别", "第41条第42条呢啥区别"),
        ("35条和48条都讲海洋,是不是一回事", "第35条第48条都讲海洋,是不是一回事"),
        ("那8跟9哪条的奖多", "那第8条第9条哪条的奖多"),
        ("27、28、29这仨都归谁", "第27条第28条第29条这仨都归谁"),
        ("二十七和二十八的电话都给我", "第27条第28条的电话都给我"),
        ("第32、33条对比一下", "第32条第33条对比一下"),
    ],
)
def test_joined_numbers_are_clauses_that_are_asked_of_together(typed: str, written: str) -> None:
    assert in_full(typed, KNOWN) == written


@pytest.mark.parametrize(
    "typed",
    [
        "30和50人的公司都能报吗",
        "30和50万哪个划算",
        "一次和两次一样吗",
        "500和800有区别吗",
        "投20和30是一样的吗",
        "3和5都行",
        "10和11月都能报吗",
        "2.5和3.5哪个多",
        "20%和30%哪个划算",
        "技改和高企哪个多",
    ],
)
def test_other_numbers_are_no_clauses(typed: str) -> None:
    assert in_full(typed, KNOWN) == typed
