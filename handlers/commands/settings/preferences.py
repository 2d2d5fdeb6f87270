"""提醒设置: days before a deadline, quiet hours, digest, 通用 clauses, announcements."""

from dataclasses import replace
from pathlib import Path

from handlers.commands.my_subscriptions import page_link
from handlers.commands.settings.preference_words import Item, read_preference
from handlers.framework import dialogue_timeout
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.last_act import note_preferred
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Dialogue, Turn
from handlers.framework.taps import tap, taps
from policies.search.words.pattern_files import read_patterns
from subscriptions.directory import Profile
from subscriptions.members.preference_lines import lead_days, quiet
from subscriptions.members.preferences import DIGEST_NAMES, Digest, PreferenceError, Preferences

_SAID = read_patterns(Path(__file__).with_name("settings.txt"))
PREFERENCES = "preferences"

_ASKS = {
    Item.LEAD: "请回复截止前第几天提醒，可多个，如 14 7 1；回复“默认”为 30、14、7、3、1 天，回复“不提前”则只在开始时提醒。",
    Item.QUIET: "请回复免打扰的时段，如 22:00-8:00；不设请回复“关闭”。",
    Item.DIGEST: "请选择发送方式：",
    Item.GENERAL: "通用政策（不分赛道，各类企业都可能用到）要提醒您吗？",
    Item.ANNOUNCEMENTS: "公告（工作人员发布的活动和通知，与赛道无关）要发给您吗？",
}
_CHOICES = {
    Item.DIGEST: ("即时发送", "每天汇总", "每周汇总"),
    Item.GENERAL: ("接收", "不接收"),
    Item.ANNOUNCEMENTS: ("接收", "不接收"),
}
_NUMBERS = frozenset(str(number) for number, _ in enumerate(Item, 1))
_NOTES = {
    Item.QUIET: "免打扰时段内的提醒会推迟到时段结束后发送。",
}
_OF_DIGEST = "三天内截止的仍会及时提醒。"


async def preferences(turn: Turn, context: Context) -> Answer:
    """Show the settings. A setting in the same message is saved at once."""
    profile = await _profile(turn, context)
    if turn.rest:
        answer = await _keep(turn, context, profile, turn.rest, None)
        if answer is not None:
            return answer
    dialogue_timeout.begin(turn, context, PREFERENCES)
    return Answer.of(PREFERENCES, f"{_menu(profile.preferences)}\n{page_link(context, profile.id)}")


async def no_announcements(turn: Turn, context: Context) -> Answer:
    """Unsubscribe from announcements. Reminders are not changed."""
    return await _announcements(turn, context, wanted=False)


async def announcements(turn: Turn, context: Context) -> Answer:
    """Subscribe to announcements again."""
    return await _announcements(turn, context, wanted=True)


async def _announcements(turn: Turn, context: Context, *, wanted: bool) -> Answer:
    profile = await _profile(turn, context)
    changed = replace(profile.preferences, announcements=wanted)
    await context.members.prefer(profile.id, changed)
    note_preferred(turn, profile.preferences, changed)
    if wanted:
        return Answer.of(PREFERENCES, f"好的，之后的公告会发给您。{taps('提醒设置')}")
    return Answer.of(
        PREFERENCES,
        f"已退订公告，不再发给您；订阅的申报和政策提醒不受影响。需要时可以{tap('订阅公告')}。",
    )


async def change(turn: Turn, context: Context) -> Answer | None:
    """Take a number of the menu, a value, or a setting in words. Return None for other messages."""
    if dialogue_timeout.is_expired(turn, context):
        turn.session.leave_dialogue()
        return None
    step = turn.session.step
    asked = Item(step["item"]) if step.get("item") in set(Item) else None
    number = turn.text.strip("。. ")
    if turn.inbound.by_menu_tap and number.isdecimal():
        return None  # a clause tapped in a list
    if asked is None and number in _NUMBERS:
        return _ask(turn, context, tuple(Item)[int(number) - 1])
    return await _keep(turn, context, await _profile(turn, context), turn.text, asked)


def _ask(turn: Turn, context: Context, item: Item) -> Answer:
    dialogue_timeout.begin(turn, context, PREFERENCES, item=item.value)
    choices = _CHOICES.get(item, ())
    return Answer.of(PREFERENCES, "\n".join(filter(None, (_ASKS[item], taps(*choices)))))


async def _keep(
    turn: Turn, context: Context, profile: Profile, text: str, item: Item | None
) -> Answer | None:
    try:
        wish = read_preference(text, profile.preferences, item) or read_preference(text, profile.preferences)
    except PreferenceError as error:
        return Answer.of(PREFERENCES, f"{error.sentence}请再发一次，或回复“取消”。")
    if wish is None:
        return None
    changed, wanted = wish
    await context.members.prefer(profile.id, wanted)
    note_preferred(turn, profile.preferences, wanted)
    turn.session.leave_dialogue()
    gathered = changed is Item.DIGEST and wanted.digest is not Digest.NONE
    note = _OF_DIGEST if gathered else _NOTES.get(changed, "")
    if changed is Item.LEAD and wanted.lead_days and not wanted.deadlines_only:
        note = f"申报开始和有变动时仍会提醒；不需要请点 {tap('只要截止提醒')}。"
    return Answer.of(
        PREFERENCES,
        f"好的，已改为：\n{_lines(wanted)}\n{note}\n{taps('提醒设置', '我的订阅')}".replace("\n\n", "\n"),
    )


async def _profile(turn: Turn, context: Context) -> Profile:
    member_id = await context.members.ensure(turn.inbound.openid)
    profile = await context.members.profile(member_id)
    return profile or Profile(member_id, following=True, preferences=Preferences(), binding=None)


def _menu(now: Preferences) -> str:
    return (
        f"现在的提醒设置：\n{_lines(now)}\n"
        f"回复序号修改，也可以直接说，如 {tap('每天汇总')}、{tap('免打扰 22:00-8:00')}、{tap('提前 7 3 1 天')}。"
    )


def _lines(now: Preferences) -> str:
    return (
        f"1. 提前提醒：{lead_days(now)}\n2. 免打扰：{quiet(now)}\n"
        f"3. 发送方式：{DIGEST_NAMES[now.digest]}\n4. 通用政策：{'接收' if now.general else '不接收'}\n"
        f"5. 公告：{'接收' if now.announcements else '不接收'}"
    )


COMMANDS = (
    Command(
        PREFERENCES,
        preferences,
        words=("提醒设置", "设置提醒", "设置", "提醒时间", "修改提醒", "推送设置"),
        phrases=_SAID["preferences"],
        prefixes=("提醒设置",),
        menu_key=Key.PREFERENCES,
    ),
    Command(
        "leave_announcements",
        no_announcements,
        words=("退订公告", "不要公告", "取消公告", "不接收公告", "不收公告", "退订通知", "关闭公告"),
    ),
    Command(
        "take_announcements",
        announcements,
        words=("订阅公告", "接收公告", "恢复公告", "打开公告", "订阅通知"),
    ),
)
DIALOGUES = (Dialogue(PREFERENCES, change),)
