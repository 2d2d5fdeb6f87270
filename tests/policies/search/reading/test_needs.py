"""Where one message may be parted into several needs."""

import pytest

from policies.search.reading.needs import parts_by_connectors, parts_by_lists


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("算力券，还有充电桩", ["算力券", "充电桩"]),
        ("技改奖补；另外再问一下孵化器", ["技改奖补", "孵化器"]),
        ("高企补多少？充电桩呢？", ["高企补多少", "充电桩呢"]),
        ("算力券", []),
        ("1；2；3；4；5", []),
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
