"""Wishes about reminders, as people word them."""

import pytest

from handlers.commands.settings.preference_words import Item, read_preference
from subscriptions.members.preference_lines import quiet, summary
from subscriptions.members.preferences import Digest, PreferenceError, Preferences

NOW = Preferences((7,), 60, 120, Digest.DAILY, general=True)


@pytest.mark.parametrize(
    ("text", "item", "wanted"),
    [
        ("提前 7 3 1 天", None, {"lead_days": (7, 3, 1)}),
        ("提前7天、3天和1天", None, {"lead_days": (7, 3, 1)}),
        ("提前七天提醒", None, {"lead_days": (7,)}),
        ("只要截止前三天那一次就行", None, {"lead_days": (3,)}),
        ("就提前三天喊我一回", None, {"lead_days": (3,)}),
        ("快截止前俩礼拜提醒我", None, {"lead_days": (14,)}),
        ("到期前5天叫我一次就好", None, {"lead_days": (5,)}),
        ("截止前14天", None, {"lead_days": (14,)}),
        ("14 7 1", Item.LEAD, {"lead_days": (14, 7, 1)}),
        ("默认", Item.LEAD, {"lead_days": None}),
        ("不提前", None, {"lead_days": ()}),
        ("免打扰 22:00-8:00", None, {"quiet_from": 22 * 60, "quiet_until": 8 * 60}),
        ("免打扰22点到8点半", None, {"quiet_from": 22 * 60, "quiet_until": 8 * 60 + 30}),
        ("免打扰 晚上十点到早上八点", None, {"quiet_from": 22 * 60, "quiet_until": 8 * 60}),
        ("22:30~7:45", Item.QUIET, {"quiet_from": 22 * 60 + 30, "quiet_until": 7 * 60 + 45}),
        ("晚上9点至次日7点", Item.QUIET, {"quiet_from": 21 * 60, "quiet_until": 7 * 60}),
        ("关闭", Item.QUIET, {"quiet_from": 0, "quiet_until": 0}),
        ("关闭免打扰", None, {"quiet_from": 0, "quiet_until": 0}),
        ("默认", Item.QUIET, {"quiet_from": 1260, "quiet_until": 510}),
        ("每周汇总", None, {"digest": Digest.WEEKLY}),
        ("一周一次", None, {"digest": Digest.WEEKLY}),
        ("每天发送", None, {"digest": Digest.DAILY}),
        ("即时发送", None, {"digest": Digest.NONE}),
        ("即时", Item.DIGEST, {"digest": Digest.NONE}),
        ("每周", Item.DIGEST, {"digest": Digest.WEEKLY}),
        ("不要通用政策", None, {"general": False}),
        ("不接收", Item.GENERAL, {"general": False}),
        ("接收", Item.GENERAL, {"general": True}),
        ("接收通用", None, {"general": True}),
        ("不要公告", None, {"announcements": False}),
        ("不接收", Item.ANNOUNCEMENTS, {"announcements": False}),
        ("公告打开", None, {"announcements": True}),
    ],
)
def test_a_wish_is_read(text: str, item: Item | None, wanted: dict[str, object]) -> None:
    found = read_preference(text, NOW, item)
    assert found is not None
    assert {name: getattr(found[1], name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "第7条",
        "7",
        "首台套",
        "提前还贷有补贴吗",
        "每天研发费用怎么算",
        "通用政策有哪些",
        "通用政策要怎么申报",
        "22:00-8:00",
        "要",
        "默认",
    ],
)
def test_a_question_is_no_wish(text: str) -> None:
    assert read_preference(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("提前 200 天", None),
        ("提前 0 天", None),
        ("25:00-8:00", Item.QUIET),
        ("8:70-9:00", Item.QUIET),
        ("8:00-8:00", Item.QUIET),
    ],
)
def test_a_wish_that_cannot_be_kept_is_told(text: str, item: Item | None) -> None:
    with pytest.raises(PreferenceError):
        read_preference(text, NOW, item)


def test_what_holds_is_told_in_three_lines() -> None:
    assert (
        summary(Preferences()) == "提前提醒：截止前 30、14、7、3、1 天\n免打扰：21:00–08:30\n方式：即时发送"
    )
    assert quiet(Preferences(quiet_from=5, quiet_until=5)) == "未设"
