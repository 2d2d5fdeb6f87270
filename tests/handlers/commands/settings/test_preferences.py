"""提醒设置 in the chat."""

import pytest

from subscriptions.members.preferences import Digest, Preferences
from tests.handlers.commands.town import Person
from tests.kit.clocks import SetClock


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
    clock.forward(minutes=16)
    await anna.says("7")
    assert await wishes(anna) == Preferences()


@pytest.mark.parametrize(
    "typed",
    [
        "订阅 新材料",
        "订阅 第10条",
        "我的订阅",
        "提醒设置",
        "一周提醒一次就行",
        "即时发送",
        "退订公告",
        "现在能申报什么",
        "一周发几次",
    ],
)
async def test_whoever_stopped_the_messages_is_told_so_wherever_reminders_are_promised(
    anna: Person, typed: str
) -> None:
    await anna.says("停止推送")
    shown = await anna.says(typed)
    assert "推送已停止" in shown.text
    await anna.taps("恢复推送")
    assert "推送已停止" not in (await anna.says(typed)).text


async def test_a_tapped_menu_and_a_scanned_code_tell_it_too_and_a_pause_its_end(anna: Person) -> None:
    await anna.says("暂停一个月")
    assert "推送已暂停到" in (await anna.does("click", "MENU_MY_SUBSCRIPTIONS")).text
    assert "推送已暂停到" in (await anna.does("scan", "track:desalination")).text


async def test_an_answer_about_policies_does_not_tell_it(anna: Person) -> None:
    await anna.says("停止推送")
    assert "推送已停止" not in (await anna.says("第10条")).text


async def test_letters_that_stand_for_chinese_words_get_no_english(anna: Person) -> None:
    assert "Messages" not in (await anna.says("TD")).text
    assert "Messages have stopped" in (await anna.says("stop")).text


@pytest.mark.parametrize(
    ("typed", "digest"),
    [
        ("一周提醒一次就行", Digest.WEEKLY),
        ("每个星期推送一次", Digest.WEEKLY),
        ("那就一礼拜发一回", Digest.WEEKLY),
        ("以后每周发一次吧", Digest.WEEKLY),
        ("每天提醒我一次就好", Digest.DAILY),
        ("一天通知一次吧", Digest.DAILY),
    ],
)
async def test_how_often_is_said_in_ones_own_words(anna: Person, typed: str, digest: Digest) -> None:
    assert "三天内截止的仍会及时提醒" in (await anna.says(typed)).text
    assert (await wishes(anna)).digest is digest
    assert "三天内" not in (await anna.says("即时发送")).text


@pytest.mark.parametrize("typed", ["一天", "一周", "一周内截止的", "一天5000吨呢", "一周提醒一次吗"])
async def test_a_span_or_a_question_sets_nothing(anna: Person, typed: str) -> None:
    await anna.says(typed)
    assert await anna.town.members.by_openid(anna.openid) is None or (await wishes(anna)) == Preferences()
