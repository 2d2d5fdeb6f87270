"""Fewer messages said in several parts: what a part says of time or rhythm decides what the others mean."""

from datetime import date

import pytest

from handlers.commands.settings.quiet_parts import read_in_parts
from handlers.commands.settings.quiet_words import QuietRequest, QuietWish, read_quiet, until


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("提醒能不能少发点 一个礼拜一次就够", QuietRequest.WEEKLY),
        ("一个星期给我发一回就行，别天天发", QuietRequest.WEEKLY),
        ("不用天天推 每周一推一次", QuietRequest.WEEKLY),
        ("推得太勤了 改成每天一次", QuietRequest.DAILY),
    ],
)
def test_a_rhythm_beside_it_says_that_nothing_is_to_stop(typed: str, wish: QuietRequest) -> None:
    assert read_in_parts(typed) == QuietWish(wish)


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("我下周出差 先别给我推 等我回来再说", date(2026, 12, 6)),
        ("这周忙 别推了", date(2026, 11, 29)),
        ("这两周在外地，别推了，回来我叫你", date(2026, 12, 10)),
        ("出差了，先不要发消息，回来再说", date(2026, 12, 26)),
    ],
)
def test_a_time_beside_it_makes_it_a_pause(typed: str, last: date) -> None:
    wish = read_in_parts(typed)
    assert wish is not None
    assert wish.wish is QuietRequest.PAUSE
    assert until(wish, date(2026, 11, 26)) == last


@pytest.mark.parametrize(
    "typed",
    [
        "别推了",
        "技改补多少 别推了",
        "我休假，先停停，月底再发",
        "海水淡化不做了 别推了",
        "每周一次 技改补多少",
    ],
)
def test_other_messages_are_left_to_the_rest(typed: str) -> None:
    assert read_in_parts(typed) is None


@pytest.mark.parametrize("typed", ["别天天发", "别老给我发消息"])
def test_who_complains_of_the_rhythm_is_offered_the_ways(typed: str) -> None:
    assert read_quiet(typed) == QuietWish(QuietRequest.CHOICE)


@pytest.mark.parametrize(
    ("typed", "last"), [("这个月先别发", date(2026, 11, 30)), ("这周先别发", date(2026, 11, 29))]
)
def test_this_week_and_this_month_end_when_they_end(typed: str, last: date) -> None:
    wish = read_quiet(typed)
    assert wish is not None and wish.wish is QuietRequest.PAUSE
    assert until(wish, date(2026, 11, 26)) == last


def test_a_day_that_is_not_read_gets_the_ways() -> None:
    assert read_in_parts("太烦了别推了 过年再说") == QuietWish(QuietRequest.CHOICE)
