"""订阅, 退订 and 我的订阅 in the chat."""

import pytest

from tests.handlers.commands.town import Person
from tests.kit.clocks import SetClock


async def test_a_numbered_choice_takes_several_at_once(anna: Person) -> None:
    shown = await anna.says("订阅")
    assert "1. 人工智能" in shown.text
    assert "19. 海洋服务与蓝色金融" in shown.text
    reply = await anna.says("1 3 5")
    assert "已为您订阅：人工智能、新型显示、工业互联网与5G" in reply.text
    assert await anna.tracks() == {"ai", "display", "industrial-internet"}


@pytest.mark.parametrize(
    "typed",
    [
        "订阅 海水淡化",
        "订阅海水淡化",
        "订阅：海水淡化",
        "我要订阅海水淡化",
        "帮我订阅 淡化海水",
        "訂閱 海水淡化",
    ],
)
async def test_a_name_is_subscribed_at_once(anna: Person, typed: str) -> None:
    assert "已为您订阅：海水淡化" in (await anna.says(typed)).text
    assert await anna.tracks() == {"desalination"}


async def test_several_names_and_one_that_is_none(anna: Person) -> None:
    reply = await anna.says("订阅 芯片、人工智能，房地产")
    assert "已为您订阅：集成电路、人工智能" in reply.text
    assert "没有找到赛道：“房地产”" in reply.text


async def test_a_near_miss_is_asked_back(anna: Person) -> None:
    reply = await anna.says("订阅 海水单化")
    assert "没有赛道叫“海水单化”" in reply.text
    assert await anna.tracks() == set()
    assert "已为您订阅：海水淡化" in (await anna.says("是")).text
    await anna.says("订阅 海水单化")
    assert "没有改动" in (await anna.says("不是")).text
    await anna.says("退订 全部")
    await anna.says("订阅 海水单化")
    assert "已为您订阅" in (await anna.taps("海水淡化")).text


async def test_what_is_followed_already_is_said(anna: Person) -> None:
    await anna.says("订阅 AI")
    assert "此前已订阅：人工智能" in (await anna.says("订阅 人工智能")).text
    assert "1. 人工智能（已订阅）" in (await anna.says("订阅")).text


@pytest.mark.parametrize("again", ["工业互联网", "工业互联网与5G"])
async def test_a_track_that_one_message_names_twice_was_not_subscribed_before(
    anna: Person, again: str
) -> None:
    text = (await anna.says(f"订阅首批次材料、工业互联网、{again}")).text
    assert "工业互联网与5G" in text
    assert "此前已订阅" not in text


async def test_another_question_in_the_middle_is_answered_and_the_choice_goes_on(anna: Person) -> None:
    await anna.says("订阅")
    assert "第22条" in (await anna.says("第22条")).text
    assert "第4条" in (await anna.says("首台套")).text
    assert "已为您订阅：人工智能、集成电路" in (await anna.says("1 2")).text


async def test_a_bare_number_after_another_list_asks_what_it_means(anna: Person) -> None:
    await anna.says("订阅")
    await anna.says("工信局有哪些政策")
    reply = await anna.says("3")
    assert "订阅第 3 项“新型显示”，还是看第3条" in reply.text
    assert await anna.tracks() == set()
    assert "已为您订阅：新型显示" in (await anna.taps("订阅 新型显示")).text


async def test_a_clause_tapped_in_a_list_is_no_choice(anna: Person) -> None:
    await anna.says("订阅")
    listed = await anna.says("工信局有哪些政策")
    label, number = next(item for item in listed.taps.items() if item[1] in map(str, range(1, 20)))
    assert f"第{number}条" in (await anna.taps(label)).text
    assert await anna.tracks() == set()


async def test_a_question_that_names_a_track_is_no_choice(anna: Person) -> None:
    await anna.says("订阅")
    await anna.says("海水淡化有什么政策")
    await anna.says("人工智能 补贴 多少")
    assert await anna.tracks() == set()


async def test_cancelling_leaves_the_choice(anna: Person) -> None:
    await anna.says("订阅")
    assert "已取消" in (await anna.says("取消")).text
    assert (await anna.says("1 3 5")).intent != "subscribe_tracks"
    assert await anna.tracks() == set()


async def test_a_choice_waits_a_quarter_of_an_hour_and_ends_politely(anna: Person, clock: SetClock) -> None:
    await anna.says("订阅")
    clock.forward(minutes=14)
    assert "已为您订阅" in (await anna.says("2")).text
    await anna.says("订阅")
    clock.forward(minutes=15)
    reply = await anna.says("1 3")
    assert "等待时间较长" in reply.text
    assert "订阅" in reply.taps
    assert await anna.tracks() == {"ic"}


async def test_unsubscribing_one_some_and_all(anna: Person) -> None:
    await anna.says("订阅 1 2 3 4")
    assert "已退订：集成电路" in (await anna.says("退订 芯片")).text
    shown = await anna.says("退订")
    assert "1. 人工智能\n2. 新型显示\n3. 海洋电子信息" in shown.text
    assert "已退订：人工智能、海洋电子信息" in (await anna.says("1,3")).text
    assert "您没有订阅：海水淡化" in (await anna.says("退订 海水淡化")).text
    await anna.says("订阅 海水淡化")
    await anna.says("退订")
    assert "已退订" in (await anna.says("全部")).text
    assert await anna.tracks() == set()
    assert "还没有订阅" in (await anna.says("退订")).text
    await anna.says("订阅 全部")
    assert len(await anna.tracks()) == 19
    await anna.says("退订全部")
    assert await anna.tracks() == set()


async def test_who_leaves_every_track_hears_that_announcements_still_come_and_can_leave_them(
    anna: Person,
) -> None:
    await anna.says("订阅 1 2")
    assert "公告" not in (await anna.says("退订 1")).text
    assert "公告仍会发送" in (await anna.says("退订全部")).text
    assert "已退订公告" in (await anna.taps("退订公告")).text
    await anna.says("订阅 1")
    left = await anna.says("退订全部")
    assert "不再给您发送任何提醒" in left.text
    assert "退订公告" not in left.taps
    assert "不接收" in (await anna.says("提醒设置")).text
    await anna.says("5")
    await anna.taps("接收")
    assert "5. 公告：接收" in (await anna.says("提醒设置")).text


async def test_my_subscriptions_tell_tracks_settings_and_the_page(anna: Person) -> None:
    assert "还没有订阅" in (await anna.says("我的订阅")).text
    assert await anna.id() is None  # asking makes nobody a member
    await anna.says("订阅 2 1")
    reply = await anna.does("click", "MENU_MY_SUBSCRIPTIONS")
    assert "您订阅了 2 个赛道：\n· 人工智能\n· 集成电路" in reply.text
    assert "免打扰：21:00–08:30" in reply.text
    assert reply.link.startswith("https://policy.example/me?t=")


async def test_no_reply_has_an_exclamation_mark_or_is_too_long(anna: Person) -> None:
    for text in (
        "订阅",
        "1 2 3",
        "订阅 全部",
        "我的订阅",
        "退订",
        "全部",
        "提醒设置",
        "绑定企业",
        "我的数据",
        "删除我的数据",
    ):
        reply = await anna.says(text)
        assert "！" not in reply.text
        assert "!" not in reply.text
        assert len(reply.raw.encode()) <= 2048


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("订阅号看了一堆 就你们提到海水淡化，不在海岛的给百分之几", "第45条"),
        ("订阅费一年才几十块 说说海水淡化", "第45条"),
        ("退订单据还留着 高企认定给多少", "第10条"),
        ("算一算账 高企认定给多少", "第10条"),
        ("订阅制软件的支出", ""),
        ("订阅量上不去，我们是做新媒体的", ""),
        ("退订金的事不归你管", ""),
        ("绑定率不够", ""),
    ],
)
async def test_a_command_inside_a_longer_word_is_no_command(anna: Person, typed: str, said: str) -> None:
    heard = await anna.says(typed)
    assert heard.intent not in {"subscribe_tracks", "unsubscribe_tracks", "bind_company"}
    assert said in heard.text


@pytest.mark.parametrize("typed", ["订阅数字经济", "订阅制造业", "订阅量子", "退订金融", "订阅海洋生物"])
async def test_a_name_that_begins_like_such_a_word_is_still_a_name(anna: Person, typed: str) -> None:
    assert (await anna.says(typed)).intent in {"subscribe_tracks", "unsubscribe_tracks", "offer_subscription"}


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "同事说退订以后啥政策都问不了 真的吗",
            "退订了还能问政策吗",
            "不订阅能用吗",
            "没订阅是不是就查不了条款",
        ),
        *("听人说要先订阅才能问 是吗", "不绑定企业能查政策吗", "是不是绑定了才能问"),
        *("听说不订阅不让查 是真的不", "取消订阅以后你还回我话不", "停了推送还能查政策不"),
    ],
)
async def test_questions_need_no_subscription(anna: Person, typed: str) -> None:
    await anna.says("第29条")
    heard = await anna.says(typed)
    assert "政策都照常可以直接问我" in heard.text
    assert "第29条" not in heard.text


async def test_whoever_unfollows_cannot_ask_any_more(anna: Person) -> None:
    assert "没法在这里问" in (await anna.says("取消关注了还能问你吗")).text


@pytest.mark.parametrize(
    "typed", ["不订阅了别再发", "退订后第22条还能看吗", "算力服务签的是不能退订的合同，算力券能补多少"]
)
async def test_what_does_not_ask_whether_one_may_ask_is_read_otherwise(anna: Person, typed: str) -> None:
    assert "照常可以直接问我" not in (await anna.says(typed)).text
