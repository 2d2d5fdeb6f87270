"""Subscribing and leaving in free words: several in one message, in passing, by mistake, by pointing at a clause."""

import pytest

from tests.handlers.commands.town import Person


async def test_a_track_that_is_to_be_kept_is_not_left(anna: Person) -> None:
    await anna.says("订阅 海水淡化 远洋渔业")
    await anna.says("退订")
    await anna.says("海水淡化留着")
    assert "海水淡化" in (await anna.says("我的订阅")).text


@pytest.mark.parametrize(
    "typed",
    [
        *("订阅看一下", "现在还剩哪个", "剩下的有哪些", "我都盯了啥", "目前跟了几个", "远洋渔业还订着吗"),
        *("我都让你提醒啥了", "我让你盯着哪些来着", "你现在都在提醒我哪些东西", "我叫你通知我的都有啥"),
        *("我现在订的还有海水淡化吗", "我订阅里还剩下哪些"),
    ],
)
async def test_what_is_subscribed_to_is_shown_in_many_words(anna: Person, typed: str) -> None:
    await anna.says("订阅 远洋渔业")
    await anna.says("订阅 海水淡化")
    await anna.says("退订 海水淡化")
    assert "您订阅了 1 个赛道：\n· 远洋渔业" in (await anna.says(typed)).text


async def test_what_was_left_by_mistake_comes_back(anna: Person) -> None:
    await anna.says("订阅 远洋渔业")
    await anna.says("退订 远洋渔业")
    assert "已恢复刚才退订的：远洋渔业" in (await anna.says("哎呀退错了，给我加回来")).text


async def test_a_sum_that_is_asked_while_reminders_are_talked_about_is_the_librarys(anna: Person) -> None:
    await anna.says("我的订阅")
    assert "还没有订阅" not in (await anna.says("鱿鱼一吨几百来着")).text


@pytest.mark.parametrize("typed", ["给我们订的设备还有贷款，能贴息吗", "那给我订海水淡化，还有远洋渔业"])
async def test_what_asks_for_something_else_does_not_show_the_subscriptions(anna: Person, typed: str) -> None:
    assert (await anna.says(typed)).intent != "my_subscriptions"


async def test_several_in_one_message_are_subscribed_and_one_is_left_in_passing(anna: Person) -> None:
    await anna.says("那给我订海水淡化，还有远洋渔业")
    assert await anna.tracks() == {"desalination", "distant-fishing"}
    await anna.says("远洋的去掉吧 我们船卖了")
    assert await anna.tracks() == {"desalination"}
    await anna.says("哎等等 手滑，远洋的还是要")
    assert await anna.tracks() == {"desalination", "distant-fishing"}


async def test_an_unsubscription_that_was_a_slip_is_taken_back(anna: Person) -> None:
    await anna.says("订阅海水淡化，远洋渔业，还有个人工智能")
    await anna.says("退订 海水淡化")
    assert "撤销" in (await anna.says("等一下 弄错了 那个别退")).taps
    await anna.says("诶不对 海水淡化的别退啊")
    await anna.says("退订 远洋渔业")
    await anna.says("刚退的那个再给我订回来")
    assert await anna.tracks() == {"desalination", "distant-fishing", "ai"}


async def test_a_department_is_followed_by_its_short_name(anna: Person) -> None:
    assert "区招才中心负责的条款" in (await anna.says("招才中心出了新东西也关注一下")).text


@pytest.mark.parametrize("typed", ["这个也提醒我", "这条也帮我盯着", "把这个关注一下", "给这条也设个提醒"])
async def test_what_is_pointed_at_is_the_shown_clause(anna: Person, typed: str) -> None:
    await anna.says("第41条")
    assert "已为您订阅：第41条" in (await anna.says(typed)).text


async def test_one_more_track_is_subscribed_after_another_even_if_a_clause_was_shown_between(
    anna: Person,
) -> None:
    await anna.says("把远洋渔业那块给我订上")
    await anna.says("第39条")
    await anna.says("再加个船舶的")
    assert await anna.tracks() == {"distant-fishing", "ships"}


@pytest.mark.parametrize("typed", ["再加个船舶的呢", "再加个船舶的认证能补多少", "也是船舶的"])
async def test_what_asks_of_one_more_track_subscribes_to_nothing(anna: Person, typed: str) -> None:
    await anna.says("订阅 远洋渔业")
    await anna.says("第39条")
    await anna.says(typed)
    assert await anna.tracks() == {"distant-fishing"}


async def test_one_more_track_without_a_subscription_before_is_no_request(anna: Person) -> None:
    await anna.says("第39条")
    await anna.says("再加个船舶的")
    assert await anna.tracks() == set()


async def test_a_benefit_whose_opening_is_waited_for_is_followed_or_asked_back(anna: Person) -> None:
    await anna.says("第22条")
    reply = await anna.says("还有高企认定奖补，啥时候开始受理了也提醒我下")
    assert "订阅" in reply.text
    assert "第10条" in reply.text


async def test_a_department_whose_news_are_wanted_is_followed_and_left(anna: Person) -> None:
    assert "已为您订阅" in (await anna.says("区人社局管的政策有新消息都想第一时间知道")).text
    assert "已退订" in (await anna.says("人社局的先不订了")).text


@pytest.mark.parametrize("typed", ["剩下的全退了", "其余的都退掉吧"])
async def test_the_rest_is_left_after_one_was_left(anna: Person, typed: str) -> None:
    await anna.says("订阅 海水淡化、远洋渔业、人工智能")
    await anna.says("退订 远洋渔业")
    await anna.says("第41条")
    assert "已退订" in (await anna.says(typed)).text
    assert await anna.tracks() == set()
    await anna.says("撤销")
    assert await anna.tracks() == {"desalination", "ai"}


async def test_the_rest_of_nothing_is_asked_back(anna: Person) -> None:
    await anna.says("订阅 海水淡化、远洋渔业")
    await anna.says("第41条")
    assert "请回复要退订的序号" in (await anna.says("剩下的全退了")).text
    assert await anna.tracks() == {"desalination", "distant-fishing"}
