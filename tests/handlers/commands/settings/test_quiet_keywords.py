"""Fewer or other messages by single words; a question on a policy is never read so."""

import pytest

from handlers.commands.settings.quiet_keywords import OPEN, said_in_single_words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("一星期汇总一回行不", "每周汇总"),
        ("一天归拢一次", "每天汇总"),
        ("提前打开吧", "恢复推送"),
        ("不停了 照旧发", "恢复推送"),
        ("反悔了还是要收", "恢复推送"),
        ("仨月别吵我", "暂停三个月"),
        ("礼拜天消停会儿", "周末别发"),
        ("半夜就别响了", "晚上别发"),
        ("光要快到期的", "只要截止提醒"),
        ("攒一块儿发行不", OPEN),
    ],
)
def test_a_wish_is_read_by_its_words(typed: str, meant: str) -> None:
    assert said_in_single_words(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "现在能报吗",
        "停产能补吗",
        "停了吗",
        "一起拿行不",
        "快截止了吗",
        "要不要紧",
        "不用了",
        "继续",
        "开了提醒我",
    ],
)
def test_other_messages_wish_nothing(typed: str) -> None:
    assert said_in_single_words(typed) == ""
