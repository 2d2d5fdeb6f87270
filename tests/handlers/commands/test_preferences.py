"""提醒设置 in the chat."""

import pytest

from subscriptions.members.preferences import Digest, Preferences
from tests.handlers.commands.town import Person
from tests.subscriptions.conftest import SetClock


async def wishes(person: Person) -> Preferences:
    profile = await person.town.members.by_openid(person.openid)
    assert profile is not None
    return profile.preferences


async def test_the_settings_are_shown_and_each_can_be_changed_by_its_number(anna: Person) -> None:
    shown = await anna.says("提醒设置")
    assert "1. 提前提醒：截止前 30、14、7、3、1 天\n2. 免打扰：21:00–08:30" in shown.text
    await anna.says("1")
    assert "截止前 14、7 天" in (await anna.says("14 7")).text
    await anna.says("提醒设置")
    await anna.says("2")
    await anna.says("22:00-8:00")
    await anna.says("提醒设置")
    await anna.says("3")
    await anna.taps("每周汇总")
    await anna.does("click", "MENU_PREFERENCES")
    await anna.says("4")
    await anna.taps("不接收")
    assert await wishes(anna) == Preferences((14, 7), 22 * 60, 8 * 60, Digest.WEEKLY, general=False)


async def test_a_wish_in_words_needs_no_number(anna: Person) -> None:
    await anna.says("提醒设置 每天汇总")
    await anna.says("提醒设置")
    await anna.taps("免打扰 22:00-8:00")
    await anna.says("提醒设置 提前七天和三天")
    await anna.says("提醒设置")
    await anna.says("不要通用政策")
    assert await wishes(anna) == Preferences((7, 3), 22 * 60, 8 * 60, Digest.DAILY, general=False)


@pytest.mark.parametrize(
    ("number", "wrong"), [("1", "200"), ("1", "1 2 3 4 5 6 7 8 9 10 11"), ("2", "25:00-8:00")]
)
async def test_a_wish_that_cannot_be_kept_is_told_and_asked_again(
    anna: Person, number: str, wrong: str
) -> None:
    await anna.says("提醒设置")
    await anna.says(number)
    assert "请再发一次" in (await anna.says(wrong)).text
    assert await wishes(anna) == Preferences()
    assert "已改为" in (await anna.says("默认")).text


async def test_another_question_in_the_middle_is_answered(anna: Person) -> None:
    await anna.says("提醒设置")
    await anna.says("1")
    assert "第4条" in (await anna.says("首台套")).text
    assert "截止前 7 天" in (await anna.says("7")).text


async def test_a_dialogue_that_waited_too_long_takes_nothing(anna: Person, clock: SetClock) -> None:
    await anna.says("提醒设置")
    await anna.says("1")
    clock.pass_by(minutes=16)
    await anna.says("7")
    assert await wishes(anna) == Preferences()
