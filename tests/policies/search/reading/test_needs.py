"""Where one message may be parted into several needs."""

import pytest

from policies.search.reading.needs import (
    parts_by_connectors,
    parts_by_count,
    parts_by_lists,
    parts_by_numbers,
)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("算力券，还有充电桩", ["算力券", "充电桩"]),
        ("技改奖补；另外再问一下孵化器", ["技改奖补", "孵化器"]),
        ("高企补多少？充电桩呢？", ["高企补多少", "充电桩呢"]),
        ("算力券", []),
        ("1；2；3；4；5", []),
        ("政策还有效吗", []),
        ("技改补贴今年还有吗", []),
        ("1.高企补多少2.技改，还有孵化器", ["高企补多少", "技改", "孵化器"]),
    ],
)
def test_words_and_marks_that_begin_another_need(typed: str, parts: list[str]) -> None:
    assert parts_by_connectors(typed) == parts


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("海水淡化跟远洋渔业", ["海水淡化", "远洋渔业"]),
        ("瞪羚、独角兽", ["瞪羚", "独角兽"]),
        ("瞪羚", []),
        ("、", []),
    ],
)
def test_words_and_marks_that_may_join_two(typed: str, parts: list[str]) -> None:
    assert parts_by_lists(typed) == parts


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("1、高企 2、技改 3、孵化器", ["", "高企", "技改", "孵化器"]),
        ("1.高企补多少2.技改呢", ["", "高企补多少", "技改呢"]),
        ("1高企补多少\n2怎么申请", ["", "高企补多少", "怎么申请"]),
        ("(1)高企(2)技改", ["", "高企", "技改"]),
        ("一是高企，二是技改", ["", "高企", "技改"]),
        ("其一，高企；其二，技改", ["", "高企", "技改"]),
        ("第一，高企；第二，技改", ["", "高企", "技改"]),
        ("两个问题：①高企 ②技改", ["", "高企", "技改"]),
        ("我们在新区 1、高企 2、技改", ["我们在新区", "高企", "技改"]),
        ("1.第一次认定高企 2.技改", ["", "第一次认定高企", "技改"]),
        ("1.2亿，2.3亿的项目哪个补得多", []),
        ("1、3、5", []),
        ("2.技改 3.高企", []),
        ("按1:1配套，2:1可以吗", []),
    ],
)
def test_numbers_that_ascend_from_one_part_a_message(typed: str, parts: list[str]) -> None:
    assert parts_by_numbers(typed) == parts


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("问三个：海水淡化补多少，归谁管，电话多少", ["海水淡化补多少", "归谁管", "电话多少"]),
        ("我想问两件事，高企补多少？归谁管？", ["高企补多少", "归谁管"]),
        ("两件事：AI 算力券补多少，归谁管", ["AI 算力券补多少", "归谁管"]),
        ("三件事：高企 技改 孵化器", ["高企", "技改", "孵化器"]),
        ("三件事：高企和技改，孵化器", ["高企", "技改", "孵化器"]),
        ("招了三个本科生，社保补贴、租房补贴能领吗", []),
        ("高企补多少", []),
    ],
)
def test_words_that_count_the_needs_part_a_message(typed: str, parts: list[str]) -> None:
    assert parts_by_count(typed) == parts
