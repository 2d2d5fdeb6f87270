"""撤销, 取消刚才那个: undo the last act of the conversation, and nothing else."""

import re
from collections.abc import Iterable
from pathlib import Path
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
from policies.search.words.pattern_files import read_patterns
from subscriptions.members.preference_lines import summary
from subscriptions.members.topics import is_topic, topic_of
from subscriptions.members.track_subscriptions import ChangeSource

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
UNDO = "undo"
_BRINGS_BACK = re.compile(r"恢复|[加找弄]回")
_LONGEST_REGRET = 12
_REGRETS = re.compile(
    r"手抖|手滑|[弄搞找拿]回|[退订点按弄搞]错|那个别退|不算|还原|原来那样|没(?:想|要|说要?|让你?)[退订停]|倒回|"
    r"回去|反悔|后悔|误(?:操作|点|触)|还要"
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
        phrases=_SAID["undo"],
    ),
)
