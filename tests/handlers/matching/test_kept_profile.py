"""What was told is kept after a yes only; it is shown, changed, erased, exported, and used for alerts by choice."""

from handlers.framework.context import Context
from tests.handlers.chat import Chat

STORY = "我们公司在黄岛做海水淡化设备，高企，今年技改设备投资3000万元，对接了一家持有单位"


async def tell(chat: Chat) -> None:
    await chat.says(STORY)
    for _ in range(5):
        if "保存情况" in chat.last.taps:
            return
        await chat.says("不清楚")


async def test_nothing_is_kept_before_a_yes(chat: Chat, context: Context) -> None:
    await tell(chat)
    asked = await chat.taps("保存情况")
    assert "随时可以查看、修改、删除" in asked.text
    assert await context.profiles.by_openid(chat.openid) is None
    assert await context.members.id_of(chat.openid) is None
    await chat.taps("不保存")
    assert await context.profiles.by_openid(chat.openid) is None


async def test_what_is_kept_is_shown_changed_and_erased(chat: Chat, context: Context) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    assert "已保存" in chat.last.text
    await chat.taps("按情况提醒")
    kept = await context.profiles.by_openid(chat.openid)
    assert kept is not None
    assert (kept.alerts, kept.facts["equipment_investment_cny"]) == (True, 30_000_000)
    shown = await chat.says("公司情况")
    assert "年度技改设备投资额：3000万元" in shown.text
    assert "公司情况" in (await chat.says("我的公司")).text
    await chat.says("修改情况")
    assert "要改哪一条" in chat.last.text
    await chat.says("删除公司情况")
    assert "已删除" in chat.last.text
    assert await context.profiles.by_openid(chat.openid) is None


async def test_what_is_kept_answers_without_questions(chat: Chat) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    again = await chat.says("我们公司能拿什么")
    assert "按您说的" in again.text
    straight = await chat.says("算一算 第22条")
    assert "360万元" in straight.text or "多少" in straight.text


async def test_the_copy_of_ones_data_and_the_erasure_include_it(chat: Chat, context: Context) -> None:
    await tell(chat)
    await chat.taps("保存情况")
    await chat.taps("同意保存")
    copy = await chat.says("导出我的数据")
    assert "公司情况：" in copy.text
    await chat.says("删除我的数据")
    await chat.says("确认删除")
    assert await context.profiles.by_openid(chat.openid) is None


async def test_alerts_by_profile_need_something_kept(chat: Chat) -> None:
    assert "要先保存公司情况" in (await chat.says("按情况提醒")).text
