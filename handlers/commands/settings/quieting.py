"""Does requests for fewer messages, none, or messages again, in whatever words (`quiet_words`).

Subscriptions stay, unless the member leaves all. The member's row keeps a pause (`Preferences.paused_until`): alerts
made in this time wait in 我的提醒.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from handlers.commands.my_subscriptions import my_subscriptions
from handlers.commands.settings.preferences import preferences
from handlers.commands.settings.quiet_words import QuietRequest, QuietWish, until
from handlers.commands.subscribing import SUBSCRIBE
from handlers.commands.track_choice import listed, names_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.last_act import UNDO as UNDO_LAST
from handlers.framework.last_act import note_preferred, note_subscribed, note_unsubscribed, removed
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from handlers.topics.following import names as topic_names
from policies.library.clause_lines import in_chinese_order
from policies.search.words.pattern_files import read_patterns
from subscriptions.members.preference_lines import clock_time, summary
from subscriptions.members.preference_lines import quiet as quiet_hours_now
from subscriptions.members.preferences import STOPPED, Preferences
from subscriptions.members.topics import Topic, topic_of
from subscriptions.members.track_subscriptions import ChangeSource

_SAID = read_patterns(Path(__file__).with_name("settings.txt"))
QUIET: Final = "quiet"
UNDO: Final = "恢复订阅"
_EVENING = 18 * 60
_RHYTHMS = {QuietRequest.WEEKLY: "每周汇总", QuietRequest.DAILY: "每天汇总"}
_WAYS = ("停止推送", "暂停一个月", "只要截止提醒", "每周汇总", "周末别发", "全部退订")


async def quiet(turn: Turn, context: Context, wish: QuietWish) -> Answer:
    """Do what was requested, and say how to undo it. If the words are unclear, ask."""
    match wish.wish:
        case QuietRequest.CHOICE:
            return _choice()
        case QuietRequest.LEAVE_ALL:
            return await _leave_all(turn, context)
        case QuietRequest.RESUME:
            return await _resume(turn, context)
        case QuietRequest.WEEKLY | QuietRequest.DAILY:
            return await preferences(replace(turn, rest=_RHYTHMS[wish.wish]), context)
    member_id = await context.members.ensure(turn.inbound.openid)
    profile = await context.members.profile(member_id)
    now = profile.preferences if profile else Preferences()
    if not wish.is_sure:
        return _offer_hours(wish, now)
    wanted, said = _wanted(wish, now, context)
    await context.members.prefer(member_id, wanted)
    note_preferred(turn, now, wanted)
    return Answer.of(QUIET, said)


def _wanted(wish: QuietWish, now: Preferences, context: Context) -> tuple[Preferences, str]:
    """Return the preferences after a request, and the text about it."""
    match wish.wish:
        case QuietRequest.STOP:
            return replace(now, paused_until=STOPPED), (
                "已停止推送：之后不再主动给您发提醒和公告。您的订阅还保留着，错过的提醒在“我的提醒”里。\n"
                f"恢复请点 {tap('恢复推送')}。也可以：{taps('只要截止提醒', '全部退订')}"
            )
        case QuietRequest.PAUSE:
            day = until(wish, context.today())
            return replace(now, paused_until=day), (
                f"已暂停推送，到{in_chinese_order(day)}为止；之后自动恢复，订阅不变。期间的提醒在“我的提醒”里。\n"
                f"随时可以 {tap('恢复推送')}；换个时间直接说，如 {tap('暂停两周')}。"
            )
        case QuietRequest.DEADLINES_ONLY:
            return replace(now, deadlines_only=True, paused_until=None), (
                f"好的，之后只发截止提醒和时间变动，其他提醒放在“我的提醒”里；公告照常，不需要请点 {tap('退订公告')}。\n"
                f"改回来请点 {tap('恢复全部提醒')}。"
            )
        case QuietRequest.ALL_KINDS:
            weekends = "" if now.weekends else f"周末仍不发，要发请点 {tap('周末也可以发')}。"
            return replace(now, deadlines_only=False, paused_until=None), (
                f"好的，各类提醒都会发给您。{weekends}{taps('提醒设置', '我的订阅')}"
            )
        case QuietRequest.NO_WEEKENDS:
            return replace(now, weekends=False), (
                f"好的，周六、周日不给您推送，顺延到周一。改回来请点 {tap('周末也可以发')}。"
            )
        case QuietRequest.WEEKENDS:
            return replace(now, weekends=True), f"好的，周末也会照常推送。{taps('提醒设置')}"
        case QuietRequest.NIGHT:
            begins, ends = _hours_of(wish, now)
            quiet_hours = replace(now, quiet_from=begins, quiet_until=ends)
            evening = "晚上" if begins >= _EVENING else "夜里"
            return quiet_hours, (
                f"好的，{evening} {clock_time(begins)} 到早上 {ends // 60}:{ends % 60:02} 不给您推送，顺延到早上发送。\n"
                f"想换时间可以直接说，如 {tap('免打扰 20:00-9:00')}。"
            )
    return replace(now, announcements=False), (
        f"已退订公告，不再发给您；订阅的申报和政策提醒不受影响。需要时可以 {tap('订阅公告')}。"
    )


def _hours_of(wish: QuietWish, now: Preferences) -> tuple[int, int]:
    """Return when the quiet hours begin and end. If only one end is named, the other one stays, or is the usual one."""
    usual = Preferences()
    is_set = now.quiet_from != now.quiet_until and (wish.begins is None) != (wish.ends is None)
    held = now if is_set and wish.begins is None else usual
    begins = held.quiet_from if wish.begins is None else wish.begins
    return begins, usual.quiet_until if wish.ends is None else wish.ends


def _offer_hours(wish: QuietWish, now: Preferences) -> Answer:
    """Offer hours that perhaps mean something else, or are not at night."""
    begins, ends = _hours_of(wish, now)
    way = f"免打扰 {clock_time(begins)}-{clock_time(ends)}"
    said = (
        f"免打扰现在是：{quiet_hours_now(now)}，只能设一段。要改成这一段请点 {tap(way)}；不用改就不必回复。"
    )
    return Answer.of(QUIET, said).offering((way,))


def _choice() -> Answer:
    listed = "\n".join(f"· {tap(way)}" for way in _WAYS)
    return Answer.of(QUIET, f"想怎么调整推送？点一个即可：\n{listed}").offering(_WAYS)


async def _leave_all(turn: Turn, context: Context) -> Answer:
    """Leave all tracks. Announcements need no track, so say that they still come, and how to stop them."""
    turn.session.leave_dialogue()
    profile = await context.members.by_openid(turn.inbound.openid)
    tracks = await context.members.tracks(profile.id) if profile else ()
    gone = (
        await context.members.unsubscribe(profile.id, tracks, source=ChangeSource.CHAT)
        if profile and tracks
        else ()
    )
    topics = await context.members.topics(profile.id) if profile else ()
    if profile and topics:
        await context.members.unsubscribe_topics(profile.id, [topic.id for topic in topics])
        turn.session.left_topics = [(topic.id, topic.words) for topic in topics]
    note_unsubscribed(turn, (*((track, "") for track in gone), *((one.id, one.words) for one in topics)))
    announcements = profile is None or profile.preferences.announcements
    after = f"公告仍会发送，不需要请点 {tap('退订公告')}。" if announcements else "之后不再给您发送任何提醒。"
    if not gone and not topics:
        return Answer.of(QUIET, f"您现在没有订阅赛道，没有要退订的。{after}")
    library = context.knowledge.index.library
    names = "、".join(filter(None, (listed(names_of(context), gone), topic_names(topics, library))))
    return Answer.of(
        QUIET, f"已全部退订：{names}。之后不再给您发送申报和政策提醒。{after}\n点错了可以 {tap(UNDO)}。"
    )


async def _resume(turn: Turn, context: Context) -> Answer:
    """Send again: end a pause. Without a pause, take back the last 全部退订."""
    profile = await context.members.by_openid(turn.inbound.openid)
    if profile is None:
        return Answer.of(QUIET, f"推送没有停，是开启的。要收到申报提醒，请先选择赛道：{tap('订阅')}")
    tracks = await context.members.tracks(profile.id)
    topics = await context.members.topics(profile.id)
    back: tuple[str, ...] = ()
    back_topics: tuple[Topic, ...] = ()
    if not tracks and not topics:
        left = [topic_of(topic_id, words) for topic_id, words in turn.session.left_topics]
        back_topics = await context.members.subscribe_topics(profile.id, left)
        turn.session.left_topics = []
        back = await _taken_back(profile.id, context)
        note_subscribed(turn, (*back, *(topic.id for topic in back_topics)))
    if profile.preferences.paused_until is not None:
        wanted = replace(profile.preferences, paused_until=None)
        await context.members.prefer(profile.id, wanted)
        note_preferred(turn, profile.preferences, wanted)
    elif not back and not back_topics:
        if tracks or topics:
            back_again = f"刚才退订的想要回来，请点 {tap(UNDO_LAST)}。" if removed(turn.session.act) else ""
            return Answer.of(QUIET, f"推送没有停，会照常发给您。{back_again}{taps('我的订阅', '提醒设置')}")
        return Answer.of(QUIET, f"推送没有停，是开启的。要收到申报提醒，请先选择赛道：{tap('订阅')}")
    library = context.knowledge.index.library
    held = (listed(names_of(context), back or tracks), topic_names(back_topics or topics, library))
    followed = "、".join(filter(None, held))
    which = f"订阅的内容：{followed}。" if followed else ""
    return Answer.of(QUIET, f"好的，已恢复推送。{which}\n{taps('我的订阅', '我的提醒', '提醒设置')}")


async def _taken_back(member_id: int, context: Context) -> tuple[str, ...]:
    """Subscribe again to the tracks that were last left together."""
    record = await context.members.record(member_id)
    left = [change for change in record.changes if change.action == "unsubscribed"]
    last = [change.track_id for change in left if change.at == left[0].at]
    known = {track.id for track in names_of(context).tracks}
    wanted = [track_id for track_id in last if track_id in known]
    if not wanted:
        return ()
    return await context.members.subscribe(member_id, wanted, source=ChangeSource.CHAT)


async def is_paused(turn: Turn, context: Context) -> bool:
    """Whether the writer has stopped or paused the messages."""
    profile = await context.members.by_openid(turn.inbound.openid)
    return profile is not None and profile.preferences.paused_until is not None


def offer(turn: Turn, context: Context) -> Answer:
    """Answer 订上 without a name: ask if the clause in focus is meant. Without one, show the list of tracks."""
    library = context.knowledge.index.library
    policy = library.get(turn.session.clause) if turn.session.clause else None
    if policy is None:
        return Answer.of(
            SUBSCRIBE, f"想收到哪方面的提醒？点 {tap('订阅')} 选择赛道，开始申报时和截止之前会提醒您。"
        )
    name = library.name(policy)
    return Answer.of(
        SUBSCRIBE,
        f"要在{name}（{policy.title}）开始申报、截止之前提醒您吗？点 {tap(f'订阅 {name}')} 即可；按赛道订阅请点 {tap('订阅')}。",
    )


_OF_REMINDERS = re.compile(
    # 推送、打扰
    r"推送?|提醒|短信|骚扰|打扰|屏蔽|拉黑|"
    # 别发、怎么又发
    r"(?:别|不|会|怎么|总|老|天天|谁让你们?|给我|又|还)(?:再|又|给我|会|在)?发|发(?:少|多)|"
    # 消息、订阅、退订
    r"消息|订(?:阅|过|的|了|上)|退(?:订|了)|收不?到|停了"
)
OF_SENDING = re.compile(r"[吵响震扰]|打开|开[开着吧]|续|恢复|接着|继续|停|推|发|收|提醒|通知")
"""While messages are stopped, these words are likely about them."""
_LONGEST_TEXT = 24
_UNFOLLOWS = re.compile(r"取关|取消关注|不关注")


def speaks_of_reminders(text: str) -> bool:
    """Whether a short message is about what this account sends, in any words."""
    return len(text) <= _LONGEST_TEXT and _OF_REMINDERS.search(text) is not None


async def about_reminders(turn: Turn, context: Context) -> Answer:
    """Answer a question about reminders in other words than a command: the present state, and the commands."""
    answer = await my_subscriptions(turn, context)
    if await is_paused(turn, context):
        return answer.with_line(
            f"推送现在停着，错过的在“我的提醒”里，政策照常可以直接问我。要接着收，请点 {tap('恢复推送')}。"
        )
    ways = taps("提醒设置", "停止推送", "退订")
    return answer.with_line(f"推送只影响提醒，政策随时可以直接问我。想调整可以点：{ways}")


async def without_subscription(turn: Turn, context: Context) -> Answer:
    """Say that questions need no subscription (听说退订以后啥政策都问不了). Whoever unfollows cannot ask any more."""
    ways = taps("我的订阅", "提醒设置")
    free = "不订阅、不绑定企业、退订了或停了推送，政策都照常可以直接问我。"
    if _UNFOLLOWS.search(turn.text):
        unfollows = "取消关注公众号以后就没法在这里问了，也收不到提醒。"
        return Answer.of(QUIET, f"{unfollows}只是不想收提醒，不用取消关注：{free}\n{ways}")
    return Answer.of(QUIET, f"订阅只管提醒：{free}\n{ways}")


async def what_comes(turn: Turn, context: Context) -> Answer:
    """Say what a subscription sends, and how often."""
    profile = await context.members.by_openid(turn.inbound.openid)
    settings = summary(profile.preferences if profile else Preferences())
    return Answer.of(
        QUIET,
        "订阅后，您关注的政策开始申报、快截止、有更新时会提醒您；没有这些事就不发。\n"
        f"{settings}\n想少收可以改：{taps('提醒设置', '每周汇总', '停止推送')}",
    )


COMMANDS = (
    Command("about_reminders", about_reminders, words=("推送情况",), phrases=_SAID["about_reminders"]),
    Command("without_subscription", without_subscription, phrases=_SAID["without_subscription"]),
    Command("what_comes", what_comes, words=("会发什么",), phrases=_SAID["what_comes"]),
)
