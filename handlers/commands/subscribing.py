"""订阅 and 退订, with or without names of tracks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alerts.member.names import topic_name
from handlers.application_windows.open_now import open_brief
from handlers.commands.handoff import asks_for_a_person
from handlers.commands.track_choice import (
    candidates_of,
    could_be_a_name,
    is_pointer,
    listed,
    meant_of_held,
    names_of,
    number_of_what,
    numbered,
    unknown,
    what_still_comes,
    which,
)
from handlers.framework import dialogue_timeout
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.last_act import note_subscribed, note_unsubscribed, ways
from handlers.framework.list_places import numbers_said
from handlers.framework.menu import Key
from handlers.framework.phrases import asks
from handlers.framework.registry import Command, Dialogue, Turn
from handlers.framework.taps import tap
from handlers.topics.following import clauses_of_tracks, follow, follow_what_was_asked, leave, which_clause
from handlers.topics.reading import topics_named, tracks_and_topics
from policies.search.words.pattern_files import read_patterns
from subscriptions.members.topics import is_topic
from subscriptions.members.track_names import TrackReading
from subscriptions.members.track_subscriptions import ChangeSource
from wechat.texts import escape_typed

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
SUBSCRIBE = "subscribe_tracks"
UNSUBSCRIBE = "unsubscribe_tracks"

_YES = re.compile(
    r"(?:是|对|好|嗯|要|没错|确认|确定)[是对好嗯的啊呀]{0,3}"
    r"(?:[\s，,。！!]+(?:我?(?:打|写|输|说)错字?了?|就是(?:它|这个|那个|这条)|没错|订吧|订上吧?|帮我订上?|谢谢您?|麻烦了?|可以){1,2}[啊呀吧]?)?"
)
"""A yes. Words behind it may add nothing (对对 打错字了)."""
_NO = frozenset({"不是", "不", "否", "不用", "都不是", "不要"})
_WANTS_AWAY = re.compile(r"去掉|退[订定掉]|取消|删|不要|不订|不收|别订|停")
_NUMBERS_ONLY = re.compile(r"[\d\s,，、;；/和与及至到~—–.-]+")
_MOST_ASKED_BACK = 12
_VERBS = {SUBSCRIBE: "订阅", UNSUBSCRIBE: "退订"}
_COMMAND_WORDS = ("订阅", "退订", "取消订阅", "我要订阅")


@dataclass(frozen=True, slots=True)
class _Choice:
    """The current choice: its dialogue, the tracks with their numbers, and whether something else was asked since then."""

    dialogue: str
    ids: tuple[str, ...]
    aside: bool

    @classmethod
    def of(cls, turn: Turn) -> "_Choice":
        step = turn.session.step
        return cls(turn.session.dialogue, tuple(step.get("ids", ())), bool(step.get("aside")))


async def subscribe(turn: Turn, context: Context) -> Answer:
    """Answer 订阅. Alone, it shows a numbered list to choose from. With names, it subscribes at once."""
    names = names_of(context)
    if is_pointer(turn.rest) and turn.session.clause:
        return await follow_what_was_asked(turn, context)
    if turn.rest:
        return await _subscribe_named(turn, context)
    ids = [track.id for track in names.tracks]
    if not ids:
        return Answer.of(SUBSCRIBE, f"这里还没有设置赛道，暂时不能订阅。需要人帮忙请回复 {tap('人工')}。")
    followed = await context.members.tracks_by_openid(turn.inbound.openid)
    dialogue_timeout.begin(turn, context, SUBSCRIBE, ids=ids)
    provisional = "（暂定目录）" if context.knowledge.index.tracks.provisional else ""
    return Answer.of(
        SUBSCRIBE,
        f"请回复要订阅的赛道序号，可一次多个，如 1 3 5{provisional}：\n{numbered(names, ids, followed)}\n"
        "也可以直接回复赛道名称；不订阅请回复“取消”。",
    )


async def _subscribe_named(turn: Turn, context: Context) -> Answer:
    """Subscribe to the named tracks, clauses and departments. Ask back if the words are unclear."""
    index = context.knowledge.index
    reading, topics = tracks_and_topics(turn.rest, names_of(context), index)
    said = await follow(turn, context, topics) if topics else ""
    if topics and not reading.tracks:
        turn.session.leave_dialogue()
        return Answer.of(SUBSCRIBE, "\n".join(filter(None, (said, unknown(reading.unknown), ways(turn)))))
    if not reading.tracks and not reading.near and (asked_back := which_clause(turn.rest, index)):
        return Answer.of(SUBSCRIBE, asked_back)
    answer = await _act(turn, context, SUBSCRIBE, reading)
    return Answer.of(SUBSCRIBE, f"{said}\n{answer.text}") if said else answer


async def unsubscribe(turn: Turn, context: Context) -> Answer:
    """Answer 退订. Alone, it shows the subscriptions. With names or 全部, it unsubscribes at once."""
    names = names_of(context)
    member_id = await context.members.id_of(turn.inbound.openid)
    followed = await context.members.tracks(member_id) if member_id else ()
    topics = await context.members.topics(member_id) if member_id else ()
    if not followed and not topics:
        turn.session.leave_dialogue()
        return Answer.of(UNSUBSCRIBE, f"您还没有订阅任何赛道。需要时可以{tap('订阅')}。")
    ids = [*followed, *(topic.id for topic in topics)]
    library = context.knowledge.index.library
    shown = [*map(names.name, followed), *(topic_name(topic, library) for topic in topics)]
    meant = meant_of_held(turn.rest, dict(zip(ids, shown, strict=True)), turn.session.clause)
    if meant is not None:
        if meant:
            return await _act(turn, context, UNSUBSCRIBE, TrackReading(meant))
        turn = replace(turn, rest="")
    if turn.rest:
        reading = names.read(turn.rest, tuple(track.id for track in names.tracks))
        if not reading.near and reading.tracks == tuple(track.id for track in names.tracks):
            return await _act(turn, context, UNSUBSCRIBE, TrackReading(tuple(ids)))  # 全部
        named = () if reading.tracks else topics_named(turn.rest, context.knowledge.index)
        mine = {topic.id for topic in topics}
        asked = tuple(topic.id for topic in named if topic.id in mine or not reading.near)
        return await _act(turn, context, UNSUBSCRIBE, TrackReading(asked) if asked else reading)
    dialogue_timeout.begin(turn, context, UNSUBSCRIBE, ids=ids)
    lines = "\n".join(f"{number}. {escape_typed(name)}" for number, name in enumerate(shown, 1))
    return Answer.of(
        UNSUBSCRIBE,
        f"请回复要退订的序号，可一次多个；全部退订请回复“全部”：\n{lines}\n不退订请回复“取消”。",
    )


async def keep_only(turn: Turn, context: Context) -> Answer | None:
    """Unsubscribe from all but the named ones (只留海水淡化, 除了船舶都退掉). Return None if the member does not have those."""
    member_id = await context.members.id_of(turn.inbound.openid)
    tracks = await context.members.tracks(member_id) if member_id else ()
    topics = await context.members.topics(member_id) if member_id else ()
    held = (*tracks, *(topic.id for topic in topics))
    named = names_of(context).read(turn.rest).tracks
    kept = {*named, *(topic.id for topic in topics_named(turn.rest, context.knowledge.index))}.intersection(
        held
    )
    if not kept:
        return None
    left = tuple(one for one in held if one not in kept)
    if not left:
        return Answer.of(UNSUBSCRIBE, f"您现在只订阅了{escape_typed(turn.rest)}，没有别的。")
    return await _act(turn, context, UNSUBSCRIBE, TrackReading(left))


async def choose(turn: Turn, context: Context) -> Answer | None:
    """Take the reply to a numbered list. Return None for other messages; the choice then stays open."""
    choice = _Choice.of(turn)
    word = turn.text.strip("。.！!")
    if word.startswith(_COMMAND_WORDS) or asks_for_a_person(word) or _leaves_instead(word, choice):
        return None  # 人工 resembles the name of a track, too
    if len(choice.ids) == 1 and _YES.fullmatch(word):
        word = "1"
    if word in _NO:
        turn.session.leave_dialogue()
        return Answer.of(choice.dialogue, f"好的，没有改动。需要时可以{tap(_VERBS[choice.dialogue])}。")
    word = (not choice.aside and numbers_said(word, len(choice.ids))) or word
    names = names_of(context)
    reading = names.read(word, choice.ids)
    if reading.near and choice.dialogue == SUBSCRIBE and not asks(word):  # 那就订个海水淡化吧
        said = tuple(track.id for track in names.tracks if track.name in word)
        reading = TrackReading(said) if said else reading
    is_numbers = _NUMBERS_ONLY.fullmatch(word) is not None
    if not _is_meant(turn, reading, is_numbers=is_numbers):
        turn.session.step["aside"] = True
        return None
    if dialogue_timeout.is_expired(turn, context):
        turn.session.leave_dialogue()
        if not is_numbers:
            return None
        verb = _VERBS[choice.dialogue]
        return Answer.of(
            choice.dialogue, f"等待时间较长，上次的选择已结束，没有改动。请重新发送：{tap(verb)}"
        )
    if choice.aside and word.isdecimal():
        name = names_of(context).name(reading.tracks[0])
        return Answer.of(choice.dialogue, number_of_what(_VERBS[choice.dialogue], int(word), name))
    return await _act(turn, context, choice.dialogue, reading)


async def no_such_track(turn: Turn, context: Context) -> Answer | None:
    """Say that a word is no track, if a track is expected. Return None for a question or another place."""
    dialogue, text = turn.session.dialogue, turn.text
    if not could_be_a_name(text, context.knowledge.index) or dialogue_timeout.is_expired(turn, context):
        return None
    verb = _VERBS[dialogue]
    return Answer.of(
        dialogue,
        f"{unknown((text,))}请回复列表里的序号或赛道名称；看列表点 {tap(verb)}，不{verb}请回复“取消”。",
    )


def _leaves_instead(word: str, choice: _Choice) -> bool:
    """Whether a message wants to remove something (新材料那个去掉) while the member chooses tracks to add."""
    return choice.dialogue == SUBSCRIBE and len(word) > 2 and _WANTS_AWAY.search(word) is not None


def _is_meant(turn: Turn, reading: TrackReading, *, is_numbers: bool) -> bool:
    """Whether a message answers the choice: it holds only names or numbers of tracks."""
    if turn.inbound.by_menu_tap and is_numbers:
        return False  # a clause tapped in a list
    if is_numbers:
        return bool(reading.tracks)
    if reading.unknown or (reading.near and asks(turn.text)):
        return False
    return bool(reading.tracks) or (bool(reading.near) and len(turn.text) <= _MOST_ASKED_BACK)


async def _act(turn: Turn, context: Context, dialogue: str, reading: TrackReading) -> Answer:
    """Subscribe or unsubscribe the named tracks. Ask back about words that resemble a name."""
    names = names_of(context)
    turn.session.leave_dialogue()
    change = _subscribe if dialogue == SUBSCRIBE else _unsubscribe
    lines = [await change(turn, context, reading.tracks) if reading.tracks else "", unknown(reading.unknown)]
    if reading.near:
        dialogue_timeout.begin(turn, context, dialogue, ids=candidates_of(reading.near))
        lines.append(which(names, _VERBS[dialogue], reading.near))
    elif not reading.tracks:
        lines.append(f"看看有哪些：{tap(_VERBS[dialogue])}")
    else:
        lines.append(ways(turn))
    rests_on = "" if reading.tracks or reading.near else turn.inbound.text
    return replace(Answer.of(dialogue, "\n".join(filter(None, lines))), rests_on=rests_on)


async def _subscribe(turn: Turn, context: Context, ids: Sequence[str]) -> str:
    names = names_of(context)
    member_id = await context.members.ensure(turn.inbound.openid)
    new = await context.members.subscribe(member_id, ids, source=ChangeSource.CHAT)
    already = [track_id for track_id in ids if track_id not in new]
    lines = []
    note_subscribed(turn, new)
    if new:
        lines.append(f"已为您订阅：{listed(names, new)}。\n开始申报时和截止之前会提醒您。")
        keys = clauses_of_tracks(new, context.knowledge.index)
        lines.append(open_brief(await Edition.now(context), keys))
    if already:
        lines.append(f"此前已订阅：{listed(names, already)}。")
    return "\n".join(filter(None, lines))


async def _unsubscribe(turn: Turn, context: Context, ids: Sequence[str]) -> str:
    """Unsubscribe from tracks and topics, by id."""
    names = names_of(context)
    topics = [one for one in ids if is_topic(one)]
    tracks = [one for one in ids if not is_topic(one)]
    member_id = await context.members.id_of(turn.inbound.openid)
    gone = await context.members.unsubscribe(member_id, tracks, source=ChangeSource.CHAT) if member_id else ()
    note_unsubscribed(turn, ((track_id, "") for track_id in gone))
    never = [track_id for track_id in tracks if track_id not in gone]
    lines = []
    if gone:
        lines.append(f"已退订：{listed(names, gone)}。")
    if topics:
        lines.append(await leave(turn, context, topics))
    if gone or topics:
        lines.append(await what_still_comes(member_id, context))
    if len(gone) > 1:
        lines.append(f"点错了可以{tap('恢复订阅')}。")
    if never:
        lines.append(f"您没有订阅：{listed(names, never)}，不会收到这方面的提醒。")
    return "\n".join(filter(None, lines))


COMMANDS = (
    Command(
        SUBSCRIBE,
        subscribe,
        words=("订阅", "订阅赛道", "订阅提醒", "我要订阅", "我想订阅", "怎么订阅", "如何订阅", "添加订阅"),
        phrases=_SAID["subscribe"],
        prefixes=("订阅", "我要订阅", "我想订阅", "帮我订阅"),
        menu_key=Key.SUBSCRIBE,
    ),
    Command(
        UNSUBSCRIBE,
        unsubscribe,
        words=("退订", "取消订阅", "退订赛道", "我要退订", "怎么退订", "如何退订", "怎么取消订阅"),
        phrases=_SAID["unsubscribe"],
        prefixes=("退订", "取消订阅", "我要退订"),
    ),
)
DIALOGUES = (Dialogue(SUBSCRIBE, choose, no_such_track), Dialogue(UNSUBSCRIBE, choose, no_such_track))
