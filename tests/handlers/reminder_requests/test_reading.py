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
        ("那给我订海水淡化，还有远洋渔业", ["海水淡化", "远洋渔业"]),
        ("给我订海水淡化 远洋渔业 还有海洋生物", ["海水淡化", "远洋渔业", "海洋生物制品"]),
        ("帮我订一下人工智能，集成电路也要", ["人工智能", "集成电路"]),
        ("订上新材料，再加个绿色能源", ["新材料", "绿色能源"]),
        ("那就订船舶，另外水产种业也订上", ["船舶与海工装备", "水产种业"]),
        ("招才中心出了新东西也关注一下", ["招才中心"]),
        ("科技局那边有动静也盯一下", ["科技局"]),
        ("财政局要是出了什么文件喊我", ["财政局"]),
        ("把远洋渔业那块给我订上", ["远洋渔业"]),
        ("水产种业那方面帮我盯着", ["水产种业"]),
        ("还有高企认定奖补，啥时候开始受理了也提醒我下", ["高企认定奖补"]),
        ("技改补贴一开始受理就通知我", ["技改"]),
        ("我是做人事的，区人社局管的政策有新消息都想第一时间知道", ["区人社局"]),
        ("那改成订海水淡化", ["海水淡化"]),
        ("还是换成订阅远洋渔业吧", ["远洋渔业"]),
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
        ("海水淡化项目黄了 取消提醒", ["海水淡化"]),
        ("我们远洋渔业不干了，别提醒了", ["远洋渔业"]),
        ("船舶那个厂子都卖了 别再推送", ["船舶与海工装备"]),
    ],
)
def test_reminders_are_left(typed: str, left: list[str]) -> None:
    wishes = READER.read(typed)
    assert [wish.what for wish in wishes] == left
    assert not any(wish.wants for wish in wishes)


def test_what_is_wanted_and_what_is_not_stand_beside_each_other() -> None:
    wishes = [(wish.wants, wish.what) for wish in READER.read("订上海水淡化，船舶的不要了")]
    assert wishes == [(True, "海水淡化"), (False, "船舶与海工装备")]


@pytest.mark.parametrize(
    "typed",
    ["手滑，远洋的还是要", "点错了 远洋的还要", "不好意思 远洋渔业留着", "后悔了，远洋渔业还是给我留着吧"],
)
def test_who_regrets_wants_what_they_name(typed: str) -> None:
    assert [(wish.wants, wish.what) for wish in READER.read(typed)] == [(True, "远洋渔业")]


@pytest.mark.parametrize(
    "typed",
    [
        "海水淡化的别退啊",
        "海水淡化的不退了",
        "别退订海水淡化",
        "不要退订海水淡化",
        "别取消海水淡化",
        "海水淡化别退订",
    ],
)
def test_what_is_not_to_be_left_stays(typed: str) -> None:
    assert [(wish.wants, wish.what) for wish in READER.read(typed)] == [(True, "海水淡化")]


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
        "订阅号里说海水淡化有补贴",
        "我订阅号文章里看到的院士站给20万",
        "我们关注度不高，海水淡化想做宣传",
        "退订金的事不归你管",
        "海水淡化的通知单丢了，取消",
        "招才中心出的新文件叫什么",
        "会议黄了 取消提醒",
        "海水淡化补贴停了吗 取消提醒",
        "海水淡化项目黄了 还能报吗",
        "高企认定奖补啥时候开始受理",
        "海水淡化那块地怎么申请",
        "改成订单式培养能补吗",
        "生产线改成订制的",
        "区人社局管的政策第一时间怎么知道",
    ],
)
def test_a_question_or_another_word_wishes_nothing(typed: str) -> None:
    assert [wish for wish in READER.read(typed) if not wish.loose] == []


def test_a_name_that_may_be_another_track_stands_for_neither() -> None:
    assert [wish.what for wish in READER.read("新能源也盯上")] == ["新能源"]
