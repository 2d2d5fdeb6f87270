"""Follow, scan, leave, return, consent, export and erase, as a person lives through them."""

import pytest

from storage.pseudonym import pseudonym
from subscriptions.members.recipients import MemberQuery
from subscriptions.privacy.erasure import holding, rows_with
from tests.handlers.commands.town import SECRET, Person, Town
from tests.kit.clocks import SetClock


async def told(town: Town, track: str) -> list[int]:
    return [r.member_id async for page in town.members.recipients(MemberQuery(tracks=(track,))) for r in page]


async def test_a_stranger_who_scans_a_poster_is_subscribed_in_one_step(anna: Person) -> None:
    reply = await anna.follows("track:desalination")
    assert "欢迎关注" in reply.text
    assert "已为您订阅“海水淡化”赛道" in reply.text
    assert await anna.tracks() == {"desalination"}


async def test_a_follower_who_scans_is_subscribed_too_and_once(anna: Person) -> None:
    await anna.follows()
    assert "已为您订阅“人工智能”赛道" in (await anna.does("scan", "track:ai")).text
    assert "无需重复订阅" in (await anna.does("scan", "track:ai")).text
    assert await anna.tracks() == {"ai"}


@pytest.mark.parametrize("scene", ["order_42", "", "track:", "track:no-such"])
async def test_a_code_that_is_no_tracks_subscribes_to_nothing(anna: Person, scene: str) -> None:
    await anna.follows(scene)
    await anna.does("scan", scene)
    assert await anna.tracks() == set()


async def test_leaving_stops_pushes_at_once_and_a_return_restores_the_choices(
    anna: Person, town: Town, clock: SetClock
) -> None:
    await anna.follows()
    await anna.says("订阅 海水淡化")
    await anna.says("提醒设置 每天汇总")
    assert await told(town, "desalination") == [await anna.id()]
    await anna.does("unsubscribe")
    assert await told(town, "desalination") == []
    clock.forward(days=89)
    assert await town.members.following.forget_long_gone() == 0
    reply = await anna.follows()
    assert "您之前的订阅已恢复：海水淡化" in reply.text
    assert await told(town, "desalination") == [await anna.id()]
    assert "每天汇总" in (await anna.says("提醒设置")).text
    await anna.does("unsubscribe")
    clock.forward(days=91)
    assert await town.members.following.forget_long_gone() == 1
    assert "已恢复" not in (await anna.follows()).text


async def test_consents_are_counted(anna: Person, town: Town) -> None:
    await anna.follows()
    yes, no = (
        {"TemplateId": "A", "SubscribeStatusString": "accept"},
        {"TemplateId": "B", "SubscribeStatusString": "reject"},
    )
    await anna.does("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [yes, no]})
    await anna.does("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [yes]})
    member_id = await anna.id() or 0
    assert {
        name: count.remaining for name, count in (await town.members.grants.of_member(member_id)).items()
    } == {"A": 2}
    await anna.does(
        "subscribe_msg_change_event",
        SubscribeMsgChangeEvent={"List": [{"TemplateId": "A", "SubscribeStatusString": "reject"}]},
    )
    assert (await town.members.grants.of_member(member_id))["A"].remaining == 0


async def test_an_export_tells_everything_and_no_openid(anna: Person) -> None:
    assert "没有保存" in (await anna.says("导出我的数据")).text
    await anna.follows("track:ai")
    await anna.says("订阅 海水淡化")
    await anna.says("退订 人工智能")
    reply = await anna.says("导出我的数据")
    for part in (
        "关注时间：2026-03-02 10:00",
        "订阅的赛道：海水淡化",
        "退订 人工智能（对话）",
        "订阅 人工智能（扫码）",
    ):
        assert part in reply.text
    assert anna.openid not in reply.raw


async def test_erasing_needs_a_confirmation(anna: Person) -> None:
    await anna.says("订阅 人工智能")
    await anna.says("删除我的数据")
    await anna.says("首台套")
    await anna.says("取消")
    await anna.says("确认删除")
    assert await anna.tracks() == {"ai"}


async def test_erased_for_good(anna: Person, town: Town) -> None:
    await anna.follows()
    await anna.says("订阅 人工智能")
    await town.redis.set(f"wx:session:{pseudonym(SECRET, anna.openid)}", b"{}")
    await anna.says("删除我的数据")
    assert "已全部删除" in (await anna.taps("确认删除")).text
    await town.service_windows.flush()
    assert await rows_with(town.database, anna.openid) == {}
    assert await town.redis.keys("*") == []
    assert "还没有订阅" in (await anna.says("我的订阅")).text
    await anna.says("订阅 人工智能")  # an act of their own
    assert await anna.tracks() == {"ai"}


@pytest.mark.parametrize(
    ("event", "name"),
    [("user_authorization_revoke", "OpenID"), ("user_authorization_cancellation", "openid")],
)
async def test_who_withdraws_authorisation_is_erased(anna: Person, town: Town, event: str, name: str) -> None:
    await anna.says("订阅 人工智能")
    platform = town.person("oSIM_system")
    assert (await platform.does(event, **{name: anna.openid})).text == ""
    assert await anna.id() is None
    assert await platform.id() is None


async def test_no_file_holds_the_erased(anna: Person, town: Town, tmp_path: object) -> None:
    anna.openid = "oWx_7hQ2kLmN0pRsTuVwXyZ1234"
    await anna.says("订阅 人工智能")
    await anna.says("删除我的数据")
    await anna.says("确认删除")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]  # type: ignore[attr-defined]
    assert files
    assert holding(files, anna.openid) == ()
