"""What somebody wants reminders of, read from the pieces of a message in any order; what wishes nothing stays unread."""

import pytest

from handlers.reminder_requests.reading import WishReader
from policies.district.folder import load_district

READER = WishReader(load_district().tracks.tracks)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("盯着22条 有动静喊我", ["22条"]),
        ("22条开了告诉我", ["22条"]),
        ("帮我盯着海水淡化", ["海水淡化"]),
        ("有海水淡化的通知请发给我", ["海水淡化"]),
        ("以后海水淡化的都发我", ["海水淡化"]),
        ("人工智能开始报了喊我", ["人工智能"]),
        ("想第一时间知道海水淡化的申报", ["海水淡化"]),
        ("算力券截止前提醒我", ["算力券"]),
        ("高企什么时候开报通知我", ["高企"]),
        ("把第10条加到我的订阅", ["第10条"]),
        ("区海洋发展局有新的就发我", ["区海洋发展局"]),
        ("给我订海水淡化和人工智能", ["海水淡化", "人工智能"]),
        ("水产种业有新政策发我 还有设施渔业", ["水产种业", "设施渔业与深远海养殖"]),
        ("盯一下第二个", ["第二个"]),
    ],
)
def test_reminders_are_wanted_of_what_is_left_without_the_pieces(typed: str, wanted: list[str]) -> None:
    wishes = READER.read(typed)
    assert [wish.what for wish in wishes] == wanted
    assert all(wish.wants and not wish.loose and not wish.of_focus for wish in wishes)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("22条别盯了", ["22条"]),
        ("不用再盯着22条了", ["22条"]),
        ("海水淡化那个撤了", ["海水淡化"]),
        ("算力券不用提醒我了", ["算力券"]),
        ("两个都退了", ["两个"]),
        ("第一个退了", ["第一个"]),
        ("海水淡化留着，22条退了", ["22条"]),
        ("那不停了。只把海水淡化去掉", ["海水淡化"]),
    ],
)
def test_reminders_are_left(typed: str, left: list[str]) -> None:
    wishes = READER.read(typed)
    assert [wish.what for wish in wishes] == left
    assert not any(wish.wants for wish in wishes)


def test_one_is_taken_in_place_of_another() -> None:
    assert [(wish.wants, wish.what) for wish in READER.read("把海水淡化换成人工智能")] == [
        (False, "海水淡化"),
        (True, "人工智能"),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        *("有了通知我", "开始申报了告诉我", "到时候提醒我", "截止前叫我一声", "有变化通知我"),
        *("有新一轮就喊我一声", "等有新的一期知会一声", "一开报就告诉我成不", "以后出了这方面的，知会我"),
    ],
)
def test_a_wish_without_a_subject_means_what_is_on_the_screen(typed: str) -> None:
    [wish] = READER.read(typed)
    assert wish.of_focus
    assert wish.waits


@pytest.mark.parametrize(
    "typed",
    [
        "船舶有什么补贴告诉我",
        "海水淡化补多少",
        "订阅了吗",
        "要不要订阅海水淡化",
        "退伍军人安置",
        "订单式培养",
        "加计扣除",
        "高企再次认定",
        "我没说退",
        "不对 撤销刚才的退订",
        "继续推送吧",
        "提醒改到早上8点",
    ],
)
def test_a_question_or_another_word_wishes_nothing(typed: str) -> None:
    assert [wish for wish in READER.read(typed) if not wish.loose] == []


def test_a_name_that_may_be_another_track_stands_for_neither() -> None:
    assert [wish.what for wish in READER.read("新能源也盯上")] == ["新能源"]
