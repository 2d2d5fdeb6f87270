"""Hours without messages, and the day from which they come again, in people's own words."""

from datetime import date

import pytest

from handlers.commands.settings.quiet_hours import read_hours
from handlers.commands.settings.quiet_words import QuietRequest, until
from subscriptions.members.preferences import Preferences
from tests.handlers.commands.town import Person
from tests.kit.clocks import SetClock

_FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("孩子睡觉，夜里十点到早上七点别吵", 22 * 60, 7 * 60),
        ("晚上九点半以后到早上八点不要推送", 21 * 60 + 30, 8 * 60),
        ("22:00到7:30别打扰我", 22 * 60, 7 * 60 + 30),
        ("晚十到早七别响", 22 * 60, 7 * 60),
        ("睡觉时间别推，11点到6点", 23 * 60, 6 * 60),
        ("晚上12点到早上6点别叫", 0, 6 * 60),
        ("十点以后别整响儿了", 22 * 60, None),
        ("晚上10点半后勿扰", 22 * 60 + 30, None),
        ("早上八点以前别发", None, 8 * 60),
    ],
)
def test_a_nights_hours_are_set_as_they_are_told(typed: str, begins: int | None, ends: int | None) -> None:
    wish = read_hours(typed)
    assert wish is not None
    assert (wish.wish, wish.begins, wish.ends, wish.is_sure) == (QuietRequest.NIGHT, begins, ends, True)


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("午休别吵，12点到1点半", 12 * 60, 13 * 60 + 30),
        ("9点到5点别发", 21 * 60, 5 * 60),
        ("早九晚五再发", 17 * 60, 9 * 60),
        ("早上9点以后再发", None, 9 * 60),
    ],
)
def test_other_hours_are_offered(typed: str, begins: int | None, ends: int | None) -> None:
    wish = read_hours(typed)
    assert wish is not None
    assert (wish.begins, wish.ends, wish.is_sure) == (begins, ends, False)


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("月底再发", date(2026, 11, 30)),
        ("月底再说，先别发", date(2026, 11, 30)),
        ("下个月再推送", date(2026, 11, 30)),
        ("下礼拜再推", date(2026, 11, 29)),
        ("停到12月15号", date(2026, 12, 15)),
        ("十五号以后再发", date(2026, 12, 15)),
        ("15号再发", date(2026, 12, 14)),
        ("1号之前别推", date(2026, 11, 30)),
        ("暂停到年底", date(2026, 12, 31)),
    ],
)
def test_a_pause_lasts_until_the_day_that_is_told(typed: str, last: date) -> None:
    wish = read_hours(typed)
    assert wish is not None
    assert wish.wish is QuietRequest.PAUSE
    assert until(wish, _FRIDAY) == last


@pytest.mark.parametrize(
    "typed",
    [
        "早上9点到下午5点能办吗",
        "22点截止吗",
        "15号截止吗",
        "十五号以后还能报吗",
        "3月15日前别忘了提醒我交材料",
        "15号再提醒我",
        "别说12点了",
        "免打扰 22:00-8:00",
        "第22条",
        "不到10点就关门了",
        "不要第3条",
    ],
)
def test_what_asks_or_speaks_of_something_else_names_no_hours(typed: str) -> None:
    assert read_hours(typed) is None


async def _preferences(person: Person) -> Preferences:
    profile = await person.town.members.by_openid(person.openid)
    return profile.preferences if profile else Preferences()


async def test_hours_are_kept_or_offered_to_tap(anna: Person) -> None:
    assert "22:00 到早上 7:00 不给您推送" in (await anna.says("孩子睡觉，夜里十点到早上七点别吵")).text
    assert "22:00 到早上 6:00" in (await anna.says("早上六点以前别发")).text
    kept = await _preferences(anna)
    assert (kept.quiet_from, kept.quiet_until) == (22 * 60, 6 * 60)
    await anna.says("中午12点到2点别发")
    assert await _preferences(anna) == kept
    await anna.taps("免打扰 12:00-14:00")
    assert (await _preferences(anna)).quiet_from == 12 * 60


async def test_a_day_is_no_clause(anna: Person, clock: SetClock) -> None:
    await anna.says("十五号以后再发")
    assert (await _preferences(anna)).paused_until is not None
    assert "还没有订阅" in (await anna.says("我的订阅")).text


@pytest.mark.parametrize(
    "typed",
    [
        "暂停跟退订差在哪",
        "停止推送和退订一样吗",
        "停了以后自己会恢复么",
        "暂停是什么意思",
        "退订以后还能再订吗",
    ],
)
async def test_what_each_way_does_is_told_before_one_is_chosen(anna: Person, typed: str) -> None:
    before = await _preferences(anna)
    told = (await anna.says(typed)).text
    assert "暂停推送：" in told
    assert "退订：" in told
    assert await _preferences(anna) == before


@pytest.mark.parametrize(
    "typed", ["停产跟停工有什么区别", "取消资格和暂停拨付有什么区别", "关停企业还能恢复吗"]
)
async def test_what_ends_otherwise_is_no_message(anna: Person, typed: str) -> None:
    assert "暂停推送：" not in (await anna.says(typed)).text
