"""Places in a list as people say them, by one reader for every list."""

import pytest

from handlers.framework.list_places import LAST, MIDDLE, all_standing_at, numbers_said, read_places


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("第二个", (2,)),
        ("我选第2项吧", (2,)),
        ("第一跟第三个都发我", (1, 3)),
        ("第2、4个", (2, 4)),
        ("第一个和最后一个", (1, LAST)),
        ("头一条和末一条", (1, LAST)),
        ("前两个", (1, 2)),
        ("头仨", (1, 2, 3)),
        ("排头的给我看看", (1,)),
        ("靠前那个", (1,)),
        ("最顶上的", (1,)),
        ("靠后的那个呢", (LAST,)),
        ("垫底的发我", (LAST,)),
        ("中间的呢", (MIDDLE,)),
        ("后两个讲一下", (-2, -1)),
        ("最后三条", (-3, -2, -1)),
        ("末了那个", (LAST,)),
        ("最下面那个", (LAST,)),
        ("倒数第二", (-2,)),
        ("刚才排第二的", (2,)),
        ("从上往下数第三个", (3,)),
        ("2号那个", (2,)),
        ("打头的那个说说", (1,)),
        ("最中间的那个", (MIDDLE,)),
        ("后者", (2,)),
    ],
)
def test_places_are_read_however_they_are_said(typed: str, places: tuple[int, ...]) -> None:
    assert read_places(typed) == places


@pytest.mark.parametrize(
    "typed",
    [
        "第二条",
        "前三名",
        "靠前的企业",
        "排名靠前的城市",
        "前几个月",
        "最后一个月",
        "第一个人",
        "尾款",
        "中间项目",
        "12月2号那个",
        "后一个",
        "第二个材料要什么",
    ],
)
def test_other_words_are_no_places(typed: str) -> None:
    assert read_places(typed) == ()


def test_what_stands_at_places_of_a_list() -> None:
    assert all_standing_at((1, LAST, 1, 9), "abc") == ["a", "c"]
    assert all_standing_at((MIDDLE,), "abc") == ["b"]
    assert all_standing_at((MIDDLE,), "abcd") == ["b", "c"]
    assert all_standing_at((-2, -1), "a") == ["a"]
    assert numbers_said("前两个", 5) == "1 2"
    assert numbers_said("高企", 5) == ""
