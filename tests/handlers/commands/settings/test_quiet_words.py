"""How people want fewer messages, or messages again, in their own words."""

import pytest

from handlers.commands.settings.quiet_words import QuietRequest, QuietWish, read_quiet


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("TD", QuietRequest.STOP),
        ("停止推送", QuietRequest.STOP),
        ("别发了", QuietRequest.STOP),
        ("别再发了！", QuietRequest.STOP),
        ("不要再给我发消息了", QuietRequest.STOP),
        ("我不想收到消息", QuietRequest.STOP),
        ("关闭提醒", QuietRequest.STOP),
        ("STOP", QuietRequest.STOP),
        ("全部退订", QuietRequest.LEAVE_ALL),
        ("退订全部", QuietRequest.LEAVE_ALL),
        ("订阅都取消掉", QuietRequest.LEAVE_ALL),
        ("先暂停一段时间", QuietRequest.PAUSE),
        ("这个月先别发", QuietRequest.PAUSE),
        ("恢复吧", QuietRequest.RESUME),
        ("恢复推送", QuietRequest.RESUME),
        ("可以继续发了", QuietRequest.RESUME),
        ("周末别发", QuietRequest.NO_WEEKENDS),
        ("周末也可以发", QuietRequest.WEEKENDS),
        ("晚上不要发", QuietRequest.NIGHT),
        ("只要截止提醒", QuietRequest.DEADLINES_ONLY),
        ("只要快到截止的那种提醒我就行", QuietRequest.DEADLINES_ONLY),
        ("算了，还是改回原来那样，都发", QuietRequest.ALL_KINDS),
        ("恢复以前的样子，全都发", QuietRequest.ALL_KINDS),
        ("恢复全部提醒", QuietRequest.ALL_KINDS),
        ("公告就别发了", QuietRequest.NO_ANNOUNCEMENTS),
        ("怎么关闭推送", QuietRequest.CHOICE),
        ("消息太多了", QuietRequest.CHOICE),
        ("少发一点", QuietRequest.CHOICE),
    ],
)
def test_a_wish_in_its_words(typed: str, wish: QuietRequest) -> None:
    found = read_quiet(typed)
    assert found is not None
    assert found.wish is wish


@pytest.mark.parametrize(
    ("typed", "days"), [("暂停两周", 14), ("暂停3天", 3), ("暂停一个月", 30), ("暂停半年", 182)]
)
def test_how_long_a_pause_lasts(typed: str, days: int) -> None:
    assert read_quiet(typed) in {
        QuietWish(QuietRequest.PAUSE, days),
        QuietWish(QuietRequest.PAUSE, days + 1),
        QuietWish(QuietRequest.PAUSE, 0),
    }


@pytest.mark.parametrize(
    "typed",
    [
        "停产企业能申请吗",
        "不收到账怎么办",
        "关闭的煤矿有补贴吗",
        "退订",
        "取消",
        "继续",
        "周末办公吗",
        "恢复生产有什么政策",
        "推送产品上架奖励",
        "重新认定的高企补多少",
        "全部政策",
        "技改补多少",
    ],
)
def test_a_question_is_no_wish(typed: str) -> None:
    assert read_quiet(typed) is None
