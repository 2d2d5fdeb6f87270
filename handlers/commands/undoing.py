"""撤销, 取消刚才那个: undo the last act of the conversation, and nothing else."""

import re
from collections.abc import Iterable
from typing import Any

from handlers.commands.settings import quieting
from handlers.commands.settings.quiet_words import QuietRequest, QuietWish
from handlers.commands.track_choice import listed, names_of
from handlers.framework import last_act
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from handlers.topics.following import names as topic_names
from subscriptions.members.preference_lines import summary
from subscriptions.members.topics import is_topic, topic_of
from subscriptions.members.track_subscriptions import ChangeSource

UNDO = "undo"
_JUST = r"(?:刚才|刚刚|方才|刚|上一个|上一步|上一条操作|上个)"
_WHAT = (
    r"(?:的|那个|那条|那项|那些|这个|这条|那一个|那一步|一个|一下|一步|操作|订的?|订阅的?|关注的?|退的?|退订的?|改的?|设的?|设置的?"
    r"|加的?|选的?|点的?|弄的?|改动|修改|提醒|推送){0,4}"
)

_BRINGS_BACK = re.compile(r"恢复|[加找弄]回")
_BACK = r"(?:那)?(?:给我|帮我|快|请|再)?(?:恢复|还原|撤销|撤回|改回来|改回去|加回来|弄回来|退回去|找回来|取消掉?)(?:一下|吧)?"


_LONGEST_REGRET = 12
_REGRETS = re.compile(
    r"手抖|手滑|[弄搞找拿]回|[退订点按]错|不算|还原|原来那样|没(?:想|要|说要?|让你?)[退订停]|倒回|回去|反悔|后悔|误(?:操作|点|触)|还要"
)


def regrets(text: str) -> bool:
    """Whether a short message regrets the last act in other words than a command."""
    return len(text) <= _LONGEST_REGRET and _REGRETS.search(text) is not None


async def undo(turn: Turn, context: Context) -> Answer:
    """Undo the last act, and say what was undone."""
    act = turn.session.act
    if not act and _BRINGS_BACK.search(turn.text):
        return await quieting.quiet(turn, context, QuietWish(QuietRequest.RESUME))
    member_id = await context.members.id_of(turn.inbound.openid)
    if not act or member_id is None:
        return Answer.of(UNDO, f"刚才没有改动您的订阅和设置，没有要撤销的。{taps('我的订阅', '提醒设置')}")
    if way := last_act.way(act):
        return Answer.of(UNDO, f"要撤销刚才办理的事，请点 {tap(way)}。")
    turn.session.act = {}
    lines = [
        await _leave_again(member_id, last_act.added(act), context),
        await _take_back(member_id, last_act.removed(act), context),
        await _settings_back(member_id, act, context),
    ]
    return Answer.of(UNDO, "\n".join((*filter(None, lines), f"其他订阅和设置没有变化。{taps('我的订阅')}")))


def offer(turn: Turn, context: Context) -> Answer | None:
    """Offer to undo the last act if the person gives up (点错了) outside a dialogue. Return None if there is no act."""
    act = turn.session.act
    if not act or last_act.way(act):
        return None
    added, removed = last_act.added(act), dict(last_act.removed(act))
    done = [
        f"订阅了{_named(added, context)}" if added else "",
        f"退订了{_named(removed, context, removed)}" if removed else "",
    ]
    said = "，".join(filter(None, done)) or "改了提醒设置"
    return Answer.of(UNDO, f"现在没有正在办理的事。刚才{said}，要撤销请点 {tap(last_act.UNDO)}。")


def _named(ids: Iterable[str], context: Context, words: dict[str, str] | None = None) -> str:
    """Return tracks and topics in a sentence, by their ids."""
    ids = list(ids)
    tracks = [one for one in ids if not is_topic(one)]
    topics = [topic_of(one, (words or {}).get(one, "")) for one in ids if is_topic(one)]
    library = context.knowledge.index.library
    return "、".join(filter(None, (listed(names_of(context), tracks), topic_names(topics, library))))


async def _leave_again(member_id: int, ids: list[str], context: Context) -> str:
    if not ids:
        return ""
    words = {topic.id: topic.words for topic in await context.members.topics(member_id)}
    tracks = [one for one in ids if not is_topic(one)]
    if tracks:
        await context.members.unsubscribe(member_id, tracks, source=ChangeSource.CHAT)
    if topics := [one for one in ids if is_topic(one)]:
        await context.members.unsubscribe_topics(member_id, topics)
    return f"已撤销刚才的订阅：{_named(ids, context, words)}。"


async def _take_back(member_id: int, gone: list[tuple[str, str]], context: Context) -> str:
    if not gone:
        return ""
    known = {track.id for track in names_of(context).tracks}
    if tracks := [one for one, _ in gone if one in known]:
        await context.members.subscribe(member_id, tracks, source=ChangeSource.CHAT)
    if topics := [topic_of(one, words) for one, words in gone if is_topic(one)]:
        await context.members.subscribe_topics(member_id, topics)
    return f"已恢复刚才退订的：{_named((one for one, _ in gone), context, dict(gone))}。"


async def _settings_back(member_id: int, act: dict[str, Any], context: Context) -> str:
    profile = await context.members.profile(member_id)
    before = last_act.preferences_before(act, profile.preferences) if profile else None
    if before is None:
        return ""
    await context.members.prefer(member_id, before)
    resumed = profile is not None and profile.preferences.paused_until and before.paused_until is None
    return f"已改回原来的设置{'，推送已恢复' if resumed else ''}。{summary(before)}"


COMMANDS = (
    Command(
        UNDO,
        undo,
        words=(last_act.UNDO, "撤消", "撤回", "撤", "undo"),
        phrases=(
            rf"(?:我要|我想)?(?:撤销|撤消|撤回|收回|回退){_JUST}?{_WHAT}",
            rf"(?:我要|我想)?(?:取消|退掉|不要|去掉|删掉|删除|还原|退回|恢复)(?:掉)?{_JUST}{_WHAT}(?:了)?",
            rf"(?:把)?{_JUST}{_WHAT}(?:不要了?|取消(?:掉|了)?|撤销|撤回|去掉|删掉|删了|退掉|退了|不算|作废|还原|恢复|改回去|改回来|加回来|找回来|要回来)",
            r"(?:改回去|改回来|变回去|还原)",
            rf"(?:我)?(?:刚才|刚刚|刚|不小心|手滑)?(?:点|按|发|输|搞|弄|打|选|退|订|删)错了?{_BACK}|(?:我)?(?:后悔了|手滑了?){_BACK}",
            rf"(?:不是|不对){{0,3}}(?:别|不要|没让你|没说要?)(?:给我)?(?:全|都|全部)(?:退|停|取消|删)(?:订|掉|了)?(?:{_BACK})?",
        ),
    ),
)
